import { fieldOf, isNode, listOf, textOf } from "./tree.js";

/**
 * Whether a WHERE holds nothing back: `WHERE true`, `1=1`, `id = id`, `id IS NOT NULL`, any of them behind an OR.
 * An agent told that a DELETE needs a WHERE writes exactly these.
 */
export function isAlwaysTrue(condition: unknown): boolean {
  return holdsNothingBack(condition) || (!namesARow(condition) && !isAlwaysFalse(condition));
}

function holdsNothingBack(condition: unknown): boolean {
  const constant = constantOf(condition);
  if (constant !== undefined) return constant === true || /^(t|true|y|yes|on|1)$/i.test(String(constant));
  const test = fieldOf(condition, "NullTest");
  if (test !== undefined) return textOf(test, "nulltesttype") === "IS_NOT_NULL";
  const logic = fieldOf(condition, "BoolExpr");
  if (logic !== undefined) {
    const parts = listOf(logic, "args");
    switch (textOf(logic, "boolop")) {
      case "OR_EXPR":
        return parts.some(isAlwaysTrue);
      case "AND_EXPR":
        return parts.every(isAlwaysTrue);
      default:
        return parts.every(isAlwaysFalse);
    }
  }
  return compares(condition) === true || isLooseId(condition);
}

/**
 * Whether anything in it depends on the row, or on what other tables hold. `WHERE 1 IN (1)`, `WHERE length('x') > 0` fit
 * all rows or none; so does `EXISTS (SELECT 1)`.
 */
function namesARow(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(namesARow);
  if (!isNode(node)) return false;
  return Object.entries(node).some(
    ([kind, value]) =>
      rowKinds.has(kind) || (kind === "fromClause" ? listOf(node, kind).length > 0 : namesARow(value)),
  );
}

const rowKinds: ReadonlySet<string> = new Set(["ColumnRef", "ParamRef", "CurrentOfExpr"]);

/** `id > 0`, `id <> -1`, `name LIKE '%'`: what is written to satisfy a demand for a WHERE. */
function isLooseId(condition: unknown): boolean {
  const operator = textOf(listOf(condition, "A_Expr", "name")[0], "String", "sval") ?? "";
  const column = columnOf(fieldOf(condition, "A_Expr", "lexpr")) ?? "";
  const value = constantOf(fieldOf(condition, "A_Expr", "rexpr"));
  const kind = textOf(condition, "A_Expr", "kind");
  if (kind === "AEXPR_LIKE" || kind === "AEXPR_ILIKE") return typeof value === "string" && /^%+$/.test(value);
  if (!/(^|\.)id$/i.test(column) || typeof value !== "number") return false;
  return (
    (operator === ">" && value <= 0) ||
    (operator === ">=" && value <= 1) ||
    ((operator === "<>" || operator === "!=") && value <= 0)
  );
}

function isAlwaysFalse(condition: unknown): boolean {
  const constant = constantOf(condition);
  if (constant !== undefined) return constant === false || /^(f|false|n|no|off|0)$/i.test(String(constant));
  return compares(condition) === false;
}

type Constant = string | number | boolean;

function constantOf(node: unknown): Constant | undefined {
  const cast = fieldOf(node, "TypeCast", "arg");
  if (cast !== undefined) return constantOf(cast);
  const constant = fieldOf(node, "A_Const");
  if (!isNode(constant)) return undefined;
  // Zero and false are written as empty objects.
  if (isNode(constant["boolval"])) return constant["boolval"]["boolval"] === true;
  if (isNode(constant["ival"])) return Number(constant["ival"]["ival"] ?? 0);
  return textOf(constant, "sval", "sval") ?? textOf(constant, "fval", "fval");
}

/** The result of comparing two constants, or a column with itself; undefined when it depends on the row. */
function compares(condition: unknown): boolean | undefined {
  const operator = textOf(listOf(condition, "A_Expr", "name")[0], "String", "sval");
  if (textOf(condition, "A_Expr", "kind") !== "AEXPR_OP") return undefined;
  const left = fieldOf(condition, "A_Expr", "lexpr");
  const right = fieldOf(condition, "A_Expr", "rexpr");
  const [one, other] = [constantOf(left), constantOf(right)];
  if (one !== undefined && other !== undefined) return compareConstants(one, other, operator);
  const [column, same] = [columnOf(left), columnOf(right)];
  if (column === undefined || column !== same) return undefined;
  return operator === "=" || operator === ">=" || operator === "<=" ? true : undefined;
}

function compareConstants(one: Constant, other: Constant, operator: string | undefined): boolean | undefined {
  switch (operator) {
    case "=":
      return one === other;
    case "<>":
    case "!=":
      return one !== other;
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    case ">=":
      return one >= other;
    default:
      return undefined;
  }
}

function columnOf(node: unknown): string | undefined {
  const fields = listOf(node, "ColumnRef", "fields");
  return fields.length === 0 ? undefined : fields.map((field) => textOf(field, "String", "sval")).join(".");
}
