import { type Arg, isKnown, showArg } from "../../model/arg.js";
import { type Entry, findTest, type Truth } from "./find-tests.js";

/** What `find` asks of each file, and does with it. */
export type Expression =
  | { readonly kind: "and" | "or" | "list"; readonly parts: readonly Expression[] }
  | { readonly kind: "not"; readonly part: Expression }
  | { readonly kind: "test"; readonly test: (entry: Entry) => Truth }
  | { readonly kind: "prune" }
  | { readonly kind: "act"; readonly action: FindAction };

export type FindAction =
  | { readonly kind: "delete" }
  | {
      readonly kind: "exec";
      readonly argv: readonly Arg[];
      readonly inFolder: boolean;
      readonly gathers: boolean;
    }
  | { readonly kind: "write"; readonly file: Arg }
  | { readonly kind: "show" };

export interface FindQuery {
  readonly expression: Expression;
  readonly actions: readonly FindAction[];
  readonly minDepth: number;
  readonly maxDepth: number;
  /** Children before their folder: `-prune` means nothing then. */
  readonly depthFirst: boolean;
}

export function parseFind(words: readonly Arg[]): FindQuery {
  const state: State = {
    words,
    at: 0,
    actions: [],
    minDepth: 0,
    maxDepth: Number.POSITIVE_INFINITY,
    depthFirst: false,
  };
  const parts: Expression[] = [];
  while (state.at < words.length) {
    parts.push(parseList(state));
    // A closing parenthesis too many: find would refuse; read on, nothing may hide behind it.
    state.at += 1;
  }
  const { actions, minDepth, maxDepth, depthFirst } = state;
  return { expression: { kind: "list", parts }, actions, minDepth, maxDepth, depthFirst };
}

interface State {
  readonly words: readonly Arg[];
  at: number;
  readonly actions: FindAction[];
  minDepth: number;
  maxDepth: number;
  depthFirst: boolean;
}

function parseList(state: State): Expression {
  return parseParts(state, "list", [","], parseOr);
}

function parseOr(state: State): Expression {
  return parseParts(state, "or", ["-o", "-or"], parseAnd);
}

function parseParts(
  state: State,
  kind: "or" | "list",
  operators: readonly Arg[],
  parse: (state: State) => Expression,
): Expression {
  const parts = [parse(state)];
  while (operators.includes(state.words[state.at] ?? "")) {
    state.at += 1;
    parts.push(parse(state));
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind, parts };
}

function parseAnd(state: State): Expression {
  const parts: Expression[] = [];
  for (let word = state.words[state.at]; word !== undefined; word = state.words[state.at]) {
    if (word === ")" || word === "," || word === "-o" || word === "-or") break;
    if (word === "-a" || word === "-and") state.at += 1;
    else parts.push(parsePrimary(state));
  }
  return { kind: "and", parts };
}

function parsePrimary(state: State): Expression {
  const word = take(state);
  if (word === "!" || word === "-not") return { kind: "not", part: parsePrimary(state) };
  if (word === "(") {
    const part = parseList(state);
    if (state.words[state.at] === ")") state.at += 1;
    return part;
  }
  const name = isKnown(word) ? word : "";
  const command = /^-(exec|ok)(dir)?$/.exec(name);
  if (command !== null) return act(state, parseCommand(state, command[2] !== undefined));
  switch (name) {
    case "-delete":
      state.depthFirst = true;
      return act(state, { kind: "delete" });
    case "-print":
    case "-print0":
    case "-ls":
    case "-quit":
      return act(state, { kind: "show" });
    case "-printf":
      take(state);
      return act(state, { kind: "show" });
    case "-fprint":
    case "-fprint0":
    case "-fls":
      return act(state, { kind: "write", file: take(state) });
    case "-fprintf": {
      const file = take(state);
      take(state);
      return act(state, { kind: "write", file });
    }
    case "-prune":
      return { kind: "prune" };
    case "-depth":
    case "-d":
      state.depthFirst = true;
      return always("yes");
    case "-maxdepth":
    case "-mindepth": {
      const depth = Number(showArg(take(state)));
      if (Number.isInteger(depth)) state[name === "-maxdepth" ? "maxDepth" : "minDepth"] = depth;
      return always("yes");
    }
    default:
      return parseTest(state, name);
  }
}

function parseTest(state: State, name: string): Expression {
  const kind = findTest(name);
  const value = kind.takesValue ? take(state) : "";
  return { kind: "test", test: isKnown(value) ? kind.test(value) : () => "maybe" };
}

function parseCommand(state: State, inFolder: boolean): FindAction {
  const argv: Arg[] = [];
  while (state.at < state.words.length) {
    const word = take(state);
    if (word === ";") return { kind: "exec", argv, inFolder, gathers: false };
    if (word === "+" && argv.at(-1) === "{}") return { kind: "exec", argv, inFolder, gathers: true };
    argv.push(word);
  }
  return { kind: "exec", argv, inFolder, gathers: false };
}

function act(state: State, action: FindAction): Expression {
  state.actions.push(action);
  return { kind: "act", action };
}

function take(state: State): Arg {
  const word = state.words[state.at] ?? "";
  state.at += 1;
  return word;
}

function always(value: Truth): Expression {
  return { kind: "test", test: () => value };
}
