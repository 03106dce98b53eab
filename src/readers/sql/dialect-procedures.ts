import { splitStatements } from "./dialect-split.js";
import type { Statement } from "./dialect-words.js";
import type { Deed } from "./effects.js";
import { type Quoting, readTokens, type Token } from "./lexicon.js";

type Read = (
  tokens: readonly Token[],
  dialect: { readonly engine: string; readonly quoting: Quoting },
) => readonly Deed[] | string;

/** CALL, EXEC, EXECUTE IMMEDIATE, PREPARE: what runs stands in a text, or in a body that is not known. */
export function readProcedure(statement: Statement, read: Read): readonly Deed[] | string {
  const { tokens, words, engine } = statement;
  if (words[0] === "CALL") return "the body of the procedure is not known";
  if (words[0] === "PREPARE" || words[1] === "IMMEDIATE") return readTexts(tokens, statement, read);
  if (engine !== "sqlserver" && engine !== "oracle") return [];
  // EXEC ('DROP TABLE users')
  if (tokens[1]?.text === "(") return readTexts(tokens, statement, read);
  const name = (
    tokens.findLast(
      ({ kind }, index) => index < 8 && index > 0 && kind !== "text" && isNamePart(tokens, index),
    )?.raw ?? ""
  ).toLowerCase();
  const known = systemProcedures.find(([pattern]) => pattern.test(name));
  switch (known?.[1]) {
    case "text":
      return readTexts(tokens, statement, read);
    case "reads":
      return [{ action: "read", statement: "EXEC", target: name }];
    case "grants":
      return [{ action: "grant", statement: name, target: tokens.at(-1)?.raw ?? "" }];
    case "acts":
      return [{ action: "execute", statement: name, target: tokens.at(-1)?.raw ?? "" }];
    case "deletes":
      return [{ action: "delete", statement: name, target: tokens.at(-1)?.raw ?? "" }];
    case "sets":
      return tokens.length > 3
        ? [{ action: "modify", statement: "ALTER SYSTEM", target: tokens.at(-1)?.raw ?? "" }]
        : [];
    case "program":
      return "runs a program on the database server";
    default:
      return "the body of the procedure is not known";
  }
}

/** `master.dbo.sp_who`: the words of the name, up to the first that no dot precedes. */
function isNamePart(tokens: readonly Token[], index: number): boolean {
  for (let at = 2; at <= index; at += 1)
    if ((tokens[at]?.text === ".") === (tokens[at - 1]?.text === ".")) return false;
  return tokens[index]?.text !== ".";
}

const systemProcedures: readonly (readonly [RegExp, string])[] = [
  [/^sp_executesql$|^sp_msforeach(table|db)$/, "text"],
  [
    /^sp_(help\w*|who2?|columns|tables|databases|spaceused|lock|depends|[pf]keys|stored_procedures|statistics)$/,
    "reads",
  ],
  [
    /^sp_(add\w*member|addlogin|adduser|password|grant\w*|drop\w*member|droplogin|dropuser|revoke\w*|change_users_login)$/,
    "grants",
  ],
  [/^sp_(detach_db|cycle_errorlog|kill\w*)$/, "acts"],
  [/^sp_(delete|drop)\w*$/, "deletes"],
  [/^sp_configure$/, "sets"],
  [/^(xp_cmdshell|sp_oa\w+|xp_reg\w+)$/, "program"],
];

function readTexts(tokens: readonly Token[], statement: Statement, read: Read): readonly Deed[] | string {
  const last = tokens.find(({ kind }) => kind === "text");
  const isPlain = !tokens.some(({ kind, text }) => kind === "symbol" && /[+|]/.test(text));
  const isLast =
    tokens.at(-1)?.kind === "text" || tokens.at(-1)?.text === ")" || statement.engine === "sqlserver";
  if (last === undefined || !isPlain || !isLast || /\bCONCAT\b/.test(statement.words.join(" ")))
    return "runs SQL that is put together at run time";
  const found: Deed[] = [];
  for (const text of splitStatements(last.text, statement.quoting, statement.engine)) {
    const inside = readTokens(text, statement.quoting);
    const deeds = inside.length === 0 ? [] : read(inside, statement);
    if (typeof deeds === "string") return deeds;
    found.push(...deeds);
  }
  return found;
}
