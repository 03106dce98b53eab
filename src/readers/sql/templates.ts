import { fieldOf, listOf, objectName, textOf } from "./tree.js";

/**
 * SQL that is put together at run time, as far as it is plain: `'drop table ' || quote_ident(t)`, `format('… %I', t)`. Names
 * and values that come in become `…`; undefined as soon as a part could be anything.
 */
export function readTemplate(node: unknown): string | undefined {
  const literal = textOf(node, "A_Const", "sval", "sval");
  if (literal !== undefined) return literal;
  const cast = fieldOf(node, "TypeCast");
  if (cast !== undefined) return readCast(cast);
  if (fieldOf(node, "A_Expr") !== undefined) {
    if (objectName(listOf(node, "A_Expr", "name")[0]) !== "||") return undefined;
    const left = readTemplate(fieldOf(node, "A_Expr", "lexpr"));
    const right = left === undefined ? undefined : readTemplate(fieldOf(node, "A_Expr", "rexpr"));
    return right === undefined ? undefined : `${left}${right}`;
  }
  const call = fieldOf(node, "FuncCall");
  return call === undefined ? undefined : readCall(call);
}

function readCast(cast: unknown): string | undefined {
  const type = listOf(cast, "typeName", "names").map(objectName).at(-1) ?? "";
  // `t::regclass` prints as a name that is quoted where it must be.
  if (/^reg(class|type|proc|procedure|namespace|role)$/.test(type)) return '"…"';
  return /^(text|varchar|bpchar|name)$/.test(type) ? readTemplate(fieldOf(cast, "arg")) : undefined;
}

function readCall(call: unknown): string | undefined {
  const args = listOf(call, "args");
  switch (listOf(call, "funcname").map(objectName).at(-1)) {
    case "quote_ident":
      return '"…"';
    case "quote_literal":
    case "quote_nullable":
      return "'…'";
    case "concat": {
      const texts = args.map(readTemplate);
      return texts.includes(undefined) ? undefined : texts.join("");
    }
    case "format":
      return fill(readTemplate(args[0]), args.slice(1));
    default:
      return undefined;
  }
}

/** https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT */
function fill(pattern: string | undefined, args: readonly unknown[]): string | undefined {
  let isPlain = pattern !== undefined;
  let next = 0;
  const text = (pattern ?? "").replaceAll(/%(?:(\d+)\$)?-?\d*([sIL%])/g, (_all, position, kind) => {
    if (kind === "%") return "%";
    const index = position === undefined ? next : Number(position) - 1;
    next = index + 1;
    if (kind === "I") return '"…"';
    if (kind === "L") return "'…'";
    const bare = readTemplate(args[index]);
    if (bare === undefined) isPlain = false;
    return bare ?? "";
  });
  return isPlain ? text : undefined;
}
