import { type ArithmeticExpression, parse } from "unbash";
import { type Arg, isKnown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import { perhaps } from "./chain.js";
import { joinPieces } from "./piece.js";
import { maxDepth, noteFailure, type Place, placeWith } from "./place.js";
import { copyState, type State } from "./state.js";
import { mergeState } from "./state-merge.js";
import { assign, assignUnknown, readVariable, scalar } from "./variable.js";

/** The value in decimal; undefined when it is not plain. Assignments take place; commands inside are walked. */
export function evaluate(
  place: Place,
  state: State,
  expression: ArithmeticExpression | undefined,
): string | undefined {
  if (expression === undefined) return "0";
  return compute(place, state, expression)?.toString();
}

/** The same for text: an index, an operand of `let`, the value of a variable, which may be an expression again. */
export function evaluateText(place: Place, state: State, text: string): string | undefined {
  if (/^\s*-?[1-9]?\d\s*$/.test(text)) return String(Number(text));
  if (text.trim() === "") return "0";
  if (place.depth > maxDepth || text.length > 4_096) return undefined;
  const command = parse(`((${text}\n))`).commands[0]?.command;
  if (command?.type !== "ArithmeticCommand") {
    if (/\$\(|`/.test(text)) place.run.errors.add("an expression that cannot be read runs a command");
    noteFailure(place, state);
    return undefined;
  }
  const span = place.span ?? { start: 0, end: 0 };
  return evaluate(placeWith(place, { depth: place.depth + 1, span }), state, command.expression);
}

function compute(place: Place, state: State, node: ArithmeticExpression): bigint | undefined {
  switch (node.type) {
    case "ArithmeticWord":
      return computeWord(place, state, node);
    case "ArithmeticGroup":
      return compute(place, state, node.expression);
    case "ArithmeticUnary":
      return computeUnary(place, state, node);
    case "ArithmeticBinary":
      return computeBinary(place, state, node);
    case "ArithmeticTernary": {
      const test = compute(place, state, node.test);
      const truth = test === undefined ? undefined : test !== 0n;
      const yes = computeIf(place, state, node.consequent, truth);
      const no = computeIf(place, state, node.alternate, truth === undefined ? undefined : !truth);
      return truth === undefined ? undefined : truth ? yes : no;
    }
    case "ArithmeticCommandExpansion": {
      const printed = place.run.walk.substitution(place, state, node);
      return isKnown(printed) ? readNumber(printed.trim()) : undefined;
    }
    default:
      return assertNever(node);
  }
}

type Node<T> = Extract<ArithmeticExpression, { type: T }>;

function computeWord(place: Place, state: State, node: Node<"ArithmeticWord">): bigint | undefined {
  const text = readText(place, state, node);
  if (text === undefined) return undefined;
  const number = readNumber(text);
  if (number !== undefined) return number;
  if (!/^[A-Za-z_]\w*$/.test(text)) {
    // An expression from `$x` binds as text (`$x*3` with x=1+2 is 7): walked for its commands, its value left open.
    if (text !== node.value) evaluateText(place, state, text);
    else if (!/^[A-Za-z_]\w*\[|^\$/.test(text)) noteFailure(place, state);
    return undefined;
  }
  const value = readVariable(place, state, text);
  if (value.kind === "unset") return 0n;
  if (value.kind !== "scalar" || !isKnown(value.text)) return undefined;
  return toBigint(evaluateText(placeWith(place, { depth: place.depth + 1 }), state, value.text));
}

function readText(place: Place, state: State, node: Node<"ArithmeticWord">): string | undefined {
  if (node.parts === undefined && !node.value.startsWith("$")) return node.value.trim();
  // The parser gives a lone `$x` no parts.
  const alone = { type: "SimpleExpansion", text: node.value, pos: node.pos, end: node.end } as const;
  // Within `$((…))` these are no quotes, but an error.
  if (node.parts?.some((part) => part.type === "SingleQuoted")) {
    noteFailure(place, state);
    return undefined;
  }
  const text: Arg = joinPieces(place.run.walk.parts(place, state, node.parts ?? [alone], true), node.value);
  return isKnown(text) ? text.trim() : undefined;
}

function readNumber(text: string): bigint | undefined {
  if (text === "") return 0n;
  if (/^0[xX][0-9a-fA-F]+$/.test(text) || /^([1-9]\d*|0)$/.test(text)) return wrap(BigInt(text));
  if (/^0[0-7]+$/.test(text)) return wrap(BigInt(`0o${text.slice(1)}`));
  const based = /^(\d+)#([0-9a-z]+)$/i.exec(text);
  if (based?.[1] === undefined || based[2] === undefined) return undefined;
  const base = Number(based[1]);
  const value = base >= 2 && base <= 36 ? Number.parseInt(based[2], base) : Number.NaN;
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function toBigint(text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : BigInt(text);
}

function computeUnary(place: Place, state: State, node: Node<"ArithmeticUnary">): bigint | undefined {
  const value = compute(place, state, node.operand);
  if (node.operator === "++" || node.operator === "--") {
    const next = value === undefined ? undefined : wrap(value + (node.operator === "++" ? 1n : -1n));
    store(place, state, node.operand, next);
    return node.prefix ? next : value;
  }
  if (value === undefined) return undefined;
  if (node.operator === "-") return wrap(-value);
  if (node.operator === "!") return value === 0n ? 1n : 0n;
  if (node.operator === "~") return wrap(~value);
  return node.operator === "+" ? value : undefined;
}

function computeBinary(place: Place, state: State, node: Node<"ArithmeticBinary">): bigint | undefined {
  const { operator } = node;
  const assigns = /^(?:=|[-+*/%&|^]=|<<=|>>=)$/.test(operator);
  if (assigns) {
    const right = compute(place, state, node.right);
    // Of "=", too: the index of what is set may run commands.
    const isReplaced =
      operator === "=" && node.left.type === "ArithmeticWord" && !node.left.value.includes("[");
    const left = isReplaced ? 0n : compute(place, state, node.left);
    const value = operator === "=" ? right : apply(operator.slice(0, -1), left, right);
    store(place, state, node.left, value);
    return value;
  }
  const left = compute(place, state, node.left);
  if (operator !== "&&" && operator !== "||") {
    const right = compute(place, state, node.right);
    if (right === 0n && /[/%]/.test(operator)) noteFailure(place, state);
    return apply(operator, left, right);
  }
  const isNeeded = left === undefined ? undefined : (left !== 0n) === (operator === "&&");
  const right = computeIf(place, state, node.right, isNeeded);
  if (isNeeded === false) return operator === "&&" ? 0n : 1n;
  return left === undefined || right === undefined ? undefined : right !== 0n ? 1n : 0n;
}

/** An operand that may never be computed: its commands are walked all the same, its assignments may not happen. */
function computeIf(
  place: Place,
  state: State,
  node: ArithmeticExpression,
  isNeeded: boolean | undefined,
): bigint | undefined {
  if (isNeeded === true || node.type === "ArithmeticWord") return compute(place, state, node);
  const aside = copyState(state);
  const value = compute(perhaps(place), aside, node);
  if (isNeeded === undefined) mergeState(state, aside);
  return value;
}

function apply(operator: string, a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (operator === ",") return b;
  if (a === undefined || b === undefined) return undefined;
  const truth = (value: boolean) => (value ? 1n : 0n);
  switch (operator) {
    case "+":
      return wrap(a + b);
    case "-":
      return wrap(a - b);
    case "*":
      return wrap(a * b);
    case "/":
      return b === 0n ? undefined : wrap(a / b);
    case "%":
      return b === 0n ? undefined : wrap(a % b);
    case "**":
      return b < 0n || b > 63n ? undefined : wrap(a ** b);
    case "<<":
      return b < 0n || b > 63n ? undefined : wrap(a << b);
    case ">>":
      return b < 0n || b > 63n ? undefined : wrap(a >> b);
    case "&":
      return wrap(a & b);
    case "|":
      return wrap(a | b);
    case "^":
      return wrap(a ^ b);
    case "<":
      return truth(a < b);
    case ">":
      return truth(a > b);
    case "<=":
      return truth(a <= b);
    case ">=":
      return truth(a >= b);
    case "==":
      return truth(a === b);
    case "!=":
      return truth(a !== b);
    default:
      return undefined;
  }
}

function store(place: Place, state: State, target: ArithmeticExpression, value: bigint | undefined): void {
  if (target.type !== "ArithmeticWord") return;
  const name = /^[A-Za-z_]\w*/.exec(target.value)?.[0];
  if (name === undefined) return;
  const isElement = name !== target.value;
  const known = isElement ? undefined : value?.toString();
  if (known !== undefined) assign(place, state, name, scalar(known));
  else assignUnknown(place, state, name, "is computed as the line runs", undefined, isElement);
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}
