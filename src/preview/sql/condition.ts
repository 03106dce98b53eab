import { fieldOf, isNode, listOf, textOf } from "../../readers/sql/tree.js";
import { identifier, literal } from "./quoting.js";

export type Condition =
  /** `columns`: all that it names. */
  | { readonly ok: true; readonly sql: string; readonly columns: readonly string[] }
  /** What in it keeps it from being asked: `calls f()`. */
  | { readonly ok: false; readonly reason: string };

/**
 * A WHERE, written anew from its parse tree: each node of a kind that is known to do nothing but compare, each name and
 * constant quoted by us. What an agent writes is never sent to the server before a human has seen it, for a function in it
 * may write where no READ ONLY transaction holds it (dblink, lo_export, COPY TO PROGRAM). `table`: the name to go by in it.
 */
export function writeCondition(where: unknown, table: string): Condition {
  const columns = new Set<string>();
  try {
    return { ok: true, sql: write(where, { table, columns }, 0), columns: [...columns] };
  } catch (cause) {
    if (cause instanceof Refusal) return { ok: false, reason: cause.message };
    throw cause;
  }
}

class Refusal extends Error {}

interface Scope {
  readonly table: string;
  readonly columns: Set<string>;
}

function write(node: unknown, scope: Scope, depth: number): string {
  if (depth > 100) throw new Refusal("is nested too deep");
  const [[kind, value] = ["", undefined], ...more] = isNode(node) ? Object.entries(node) : [];
  const writer = more.length === 0 ? writers[kind] : undefined;
  if (writer === undefined) throw new Refusal(strange[kind] ?? "holds what is not asked of a server unseen");
  return writer(value, (inner) => write(inner, scope, depth + 1), scope);
}

type Write = (node: unknown) => string;

const strange: Readonly<Record<string, string>> = {
  SubLink: "looks into other tables",
  ParamRef: "holds a value that is bound later",
  CurrentOfExpr: "goes by a cursor",
};

const writers: Readonly<Record<string, (node: unknown, inner: Write, scope: Scope) => string>> = {
  BoolExpr: (node, inner) => {
    const parts = listOf(node, "args").map(inner);
    const operator = textOf(node, "boolop");
    if (operator === "NOT_EXPR") return `(NOT ${parts[0] ?? ""})`;
    return `(${parts.join(operator === "OR_EXPR" ? " OR " : " AND ")})`;
  },
  A_Expr: writeOperator,
  NullTest: (node, inner) =>
    `(${inner(fieldOf(node, "arg"))} IS ${textOf(node, "nulltesttype") === "IS_NULL" ? "NULL" : "NOT NULL"})`,
  BooleanTest: (node, inner) => {
    const words = /^IS_(NOT_)?(TRUE|FALSE|UNKNOWN)$/.exec(textOf(node, "booltesttype") ?? "");
    if (words === null) throw new Refusal("holds a test that is not known");
    return `(${inner(fieldOf(node, "arg"))} IS ${words[1] === undefined ? "" : "NOT "}${words[2]})`;
  },
  ColumnRef: (node, _, { table, columns }) => {
    const parts = listOf(node, "fields").map((field) => textOf(field, "String", "sval"));
    const column = parts.at(-1);
    // `t.f` may be a function f that takes a row of t: whoever sends this looks whether there is such a column.
    if (column === undefined) throw new Refusal("compares whole rows");
    columns.add(column);
    return `${identifier(table)}.${identifier(column)}`;
  },
  A_Const: writeConstant,
  TypeCast: (node, inner) => `(${inner(fieldOf(node, "arg"))})::${writeType(fieldOf(node, "typeName"))}`,
  A_ArrayExpr: (node, inner) => `ARRAY[${listOf(node, "elements").map(inner).join(", ")}]`,
  CoalesceExpr: (node, inner) => `coalesce(${listOf(node, "args").map(inner).join(", ")})`,
  SQLValueFunction: (node) => {
    const word = valueWords[textOf(node, "op") ?? ""];
    if (word === undefined) throw new Refusal("asks who runs it, or when");
    return word;
  },
  FuncCall: (node, inner) => {
    const parts = listOf(node, "funcname").map((part) => textOf(part, "String", "sval") ?? "");
    const [name = "", schema = "pg_catalog"] = parts.toReversed();
    const plainKeys = ["funcname", "args", "funcformat", "location"];
    const isPlain = isNode(node) && Object.keys(node).every((key) => plainKeys.includes(key));
    if (schema !== "pg_catalog" || !functions.has(name) || !isPlain)
      throw new Refusal(`calls ${parts.join(".")}()`);
    return `pg_catalog.${name}(${listOf(node, "args").map(inner).join(", ")})`;
  },
};

/** Of PostgreSQL itself, that look at nothing but their arguments and the clock. */
const functions: ReadonlySet<string> = new Set(
  "now transaction_timestamp statement_timestamp clock_timestamp lower upper length char_length abs round floor ceil trunc date_trunc btrim ltrim rtrim replace left right starts_with greatest least".split(
    " ",
  ),
);

const valueWords: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: "CURRENT_DATE",
  SVFOP_CURRENT_TIMESTAMP: "CURRENT_TIMESTAMP",
  SVFOP_LOCALTIMESTAMP: "LOCALTIMESTAMP",
  SVFOP_CURRENT_TIME: "CURRENT_TIME",
  SVFOP_LOCALTIME: "LOCALTIME",
};

function writeOperator(node: unknown, inner: Write): string {
  const name = listOf(node, "name").map((part) => textOf(part, "String", "sval") ?? "");
  const [operator = "", schema = "pg_catalog"] = name.toReversed();
  const kind = textOf(node, "kind") ?? "";
  const left = fieldOf(node, "lexpr");
  const right = fieldOf(node, "rexpr");
  const list = () => listOf(right, "List", "items").map(inner);
  const known = () => {
    if (schema !== "pg_catalog" || !operators.has(operator))
      throw new Refusal(`uses the operator ${operator}`);
    return `OPERATOR(pg_catalog.${operator})`;
  };
  switch (kind) {
    case "AEXPR_OP":
      return left === undefined
        ? `(${known()} ${inner(right)})`
        : `(${inner(left)} ${known()} ${inner(right)})`;
    case "AEXPR_LIKE":
    case "AEXPR_ILIKE":
      return `(${inner(left)} ${known()} ${inner(right)})`;
    case "AEXPR_IN":
      return `(${inner(left)} ${operator === "<>" ? "NOT IN" : "IN"} (${list().join(", ")}))`;
    case "AEXPR_OP_ANY":
    case "AEXPR_OP_ALL":
      return `(${inner(left)} ${known()} ${kind === "AEXPR_OP_ANY" ? "ANY" : "ALL"} (${inner(right)}))`;
    case "AEXPR_DISTINCT":
      return `(${inner(left)} IS DISTINCT FROM ${inner(right)})`;
    case "AEXPR_NOT_DISTINCT":
      return `(${inner(left)} IS NOT DISTINCT FROM ${inner(right)})`;
    case "AEXPR_BETWEEN":
    case "AEXPR_NOT_BETWEEN": {
      const [from = "", to = ""] = list();
      return `(${inner(left)} ${kind === "AEXPR_BETWEEN" ? "" : "NOT "}BETWEEN ${from} AND ${to})`;
    }
    default:
      throw new Refusal("compares in a way that is not known");
  }
}

const operators: ReadonlySet<string> = new Set(
  "= <> < <= > >= + - * / % || ~~ !~~ ~~* !~~* ~ !~ ~* !~* -> ->> #> #>> @> <@ && ?".split(" "),
);

function writeConstant(node: unknown): string {
  if (fieldOf(node, "isnull") === true) return "NULL";
  const text = textOf(node, "sval", "sval");
  // An empty string is written as an empty object, as are zero and false.
  if (text !== undefined || isNode(fieldOf(node, "sval"))) return literal(text ?? "");
  if (isNode(fieldOf(node, "boolval")))
    return fieldOf(node, "boolval", "boolval") === true ? "TRUE" : "FALSE";
  const whole = fieldOf(node, "ival", "ival");
  if (isNode(fieldOf(node, "ival"))) return `(${typeof whole === "number" ? Math.trunc(whole) : 0})`;
  const decimal = textOf(node, "fval", "fval");
  if (decimal !== undefined && /^[-+]?\d*\.?\d*(e[-+]?\d+)?$/i.test(decimal)) return `(${decimal})`;
  throw new Refusal("holds a constant of an unusual kind");
}

function writeType(node: unknown): string {
  const parts = listOf(node, "names").map((part) => textOf(part, "String", "sval") ?? "");
  const [name = "", schema = "pg_catalog"] = parts.toReversed();
  const isPlain = listOf(node, "typmods").length === 0 && fieldOf(node, "setof") !== true;
  if (schema !== "pg_catalog" || !types.has(name) || !isPlain)
    throw new Refusal(`casts to ${parts.join(".")}`);
  return `pg_catalog.${name}${listOf(node, "arrayBounds")
    .map(() => "[]")
    .join("")}`;
}

const types: ReadonlySet<string> = new Set(
  "int2 int4 int8 numeric float4 float8 text varchar bpchar bool date timestamp timestamptz time timetz interval uuid inet cidr jsonb name bytea".split(
    " ",
  ),
);
