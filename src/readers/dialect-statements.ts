import { dropLoss } from "./sql-drops.js";
import type { Deed } from "./sql-effects.js";
import { mysqlQuoting, readTokens, type Token } from "./sql-lexicon.js";

/** What the leading keywords of one statement say; a reason when they say too little. */
export function readStatement(tokens: readonly Token[]): readonly Deed[] | string {
  const words = tokens.map((token) => (token.kind === "word" ? token.text : ""));
  const first = words[0] ?? "";
  const reader = readers[first];
  if (reader !== undefined) return reader(tokens, words);
  if (reading.has(first)) return [{ action: "read", statement: first, target: "the database" }];
  if (quiet.has(first)) return [];
  return "a statement that begins with a word that is not known here";
}

type StatementReader = (tokens: readonly Token[], words: readonly string[]) => readonly Deed[] | string;

const readers: Readonly<Record<string, StatementReader>> = {
  DROP: (tokens, words) => {
    const kinds = words.slice(1).findIndex((word) => !dropModifiers.has(word)) + 1;
    const kind = words[kinds] === "PREPARE" ? "" : (words[kinds] ?? "");
    if (kind === "") return [];
    const words2 = kind === "USER" ? "ROLE" : kind;
    const statement = `DROP ${words2}`;
    const loss = dropLoss(words2, words.includes("CASCADE"));
    const action = "delete" as const;
    return readNames(tokens, kinds + 1).map((name) => ({
      action,
      statement,
      target: name || showTokens(tokens),
      ...loss,
    }));
  },
  TRUNCATE: (tokens, words) =>
    readNames(tokens, words[1] === "TABLE" ? 2 : 1).map((target) => ({
      action: "delete",
      statement: "TRUNCATE",
      target,
      restricted: false,
    })),
  DELETE: (tokens, words) => [
    {
      action: "delete",
      statement: "DELETE",
      target: nameAfter(tokens, words, "FROM", 1),
      restricted: isRestricted(tokens, words),
    },
  ],
  UPDATE: (tokens, words) => [
    {
      action: "modify",
      statement: "UPDATE",
      target: readNames(tokens, skipWords(words, 1, rowModifiers))[0] ?? "",
      restricted: isRestricted(tokens, words),
    },
  ],
  INSERT: (tokens, words) => [
    { action: "create", statement: "INSERT", target: nameAfter(tokens, words, "INTO", 1) },
  ],
  REPLACE: (tokens, words) => [
    { action: "modify", statement: "REPLACE", target: nameAfter(tokens, words, "INTO", 1) },
  ],
  LOAD: (tokens, words) =>
    words[1] === "DATA" || words[1] === "XML"
      ? [{ action: "create", statement: "LOAD DATA", target: nameAfter(tokens, words, "TABLE", 1) }]
      : [{ action: "execute", statement: "LOAD", target: tokens[1]?.raw ?? "" }],
  ALTER: (tokens, words) => {
    if (accounts.has(words[1] ?? ""))
      return [{ action: "grant", statement: `ALTER ${words[1]}`, target: tokens[2]?.raw ?? "" }];
    const table = readNames(tokens, 2)[0] ?? "";
    const drops = words.flatMap((word, index) => (word === "DROP" ? [index] : []));
    if (drops.length === 0) return [{ action: "modify", statement: `ALTER ${words[1]}`, target: table }];
    return drops.map((index): Deed => {
      const kind = words[index + 1] ?? "";
      if (/^(INDEX|KEY|CONSTRAINT|FOREIGN|PRIMARY|CHECK|DEFAULT)$/.test(kind))
        return {
          action: "delete",
          statement: `ALTER TABLE DROP ${kind}`,
          target: table,
          ...dropLoss("INDEX", false),
        };
      const name = readNames(tokens, kind === "COLUMN" || kind === "PARTITION" ? index + 2 : index + 1)[0];
      const statement = kind === "PARTITION" ? "ALTER TABLE DROP PARTITION" : "ALTER TABLE DROP COLUMN";
      return { action: "delete", statement, target: `${table}.${name}` };
    });
  },
  CREATE: (tokens, words) =>
    accounts.has(words[1] ?? "")
      ? [{ action: "grant", statement: "CREATE ROLE", target: tokens[2]?.raw ?? "" }]
      : [{ action: "create", statement: `CREATE ${words[1]}`, target: readNames(tokens, 2)[0] ?? "" }],
  GRANT: (tokens) => [{ action: "grant", statement: "GRANT", target: showTokens(tokens) }],
  REVOKE: (tokens) => [{ action: "grant", statement: "REVOKE", target: showTokens(tokens) }],
  SET: (tokens, words) =>
    words[1] === "PASSWORD"
      ? [{ action: "grant", statement: "SET PASSWORD", target: tokens[3]?.raw ?? "the account" }]
      : [],
  RESET: (_tokens, words) =>
    words[1] === "MASTER" || words[1] === "BINARY"
      ? [{ action: "delete", statement: "RESET MASTER", target: "the binary log" }]
      : [],
  PURGE: () => [{ action: "delete", statement: "PURGE BINARY LOGS", target: "the binary log" }],
  SHUTDOWN: () => [{ action: "execute", statement: "SHUTDOWN", target: "the server" }],
  KILL: (tokens) => [{ action: "execute", statement: "KILL", target: showTokens(tokens) }],
  INSTALL: (tokens) => [{ action: "execute", statement: "INSTALL", target: showTokens(tokens) }],
  SELECT: (tokens, words) => {
    const into = words.indexOf("INTO");
    const file = words[into + 1] ?? "";
    if (into > 0 && /^(OUTFILE|DUMPFILE)$/.test(file))
      return [{ action: "modify", statement: "SELECT INTO FILE", target: tokens[into + 2]?.text ?? "" }];
    if (words.some((word) => word === "WRITEFILE" || word === "EDIT" || word === "LOAD_EXTENSION"))
      return "calls a function that writes files or loads code";
    return [{ action: "read", statement: "SELECT", target: "the database" }];
  },
  // WITH x AS (…) DELETE …: the verb stands outside all parentheses.
  WITH: (tokens, words) => {
    let depth = 0;
    const verb = tokens.findIndex(({ kind, text }) => {
      if (kind === "symbol") depth += text === "(" ? 1 : text === ")" ? -1 : 0;
      return depth === 0 && kind === "word" && /^(SELECT|DELETE|UPDATE|INSERT|REPLACE)$/.test(text);
    });
    if (words.slice(0, Math.max(verb, 0)).some((word) => word === "DELETE" || word === "UPDATE"))
      return "changes rows inside a WITH";
    return verb < 0 ? "a WITH whose verb was not found" : readStatement(tokens.slice(verb));
  },
  EXPLAIN: (tokens, words) => {
    const verb = words.findIndex((word) => /^(SELECT|DELETE|UPDATE|INSERT|REPLACE|WITH)$/.test(word));
    if (!words.slice(0, Math.max(verb, 2)).includes("ANALYZE") || verb < 0)
      return [{ action: "read", statement: "EXPLAIN", target: "the database" }];
    return readStatement(tokens.slice(verb));
  },
  CALL: () => "the body of the procedure is not known",
  // PREPARE s FROM 'text', EXECUTE IMMEDIATE 'text'
  PREPARE: (tokens) => readPrepared(tokens),
  EXECUTE: (tokens, words) => (words[1] === "IMMEDIATE" ? readPrepared(tokens) : []),
};

function readPrepared(tokens: readonly Token[]): readonly Deed[] | string {
  const last = tokens.at(-1);
  if (last?.kind !== "text") return "runs SQL that is put together at run time";
  const inside = readTokens(last.text, mysqlQuoting);
  return inside.length === 0 ? [] : readStatement(inside);
}

const reading: ReadonlySet<string> = new Set([
  "SHOW",
  "DESCRIBE",
  "DESC",
  "VALUES",
  "TABLE",
  "HELP",
  "CHECKSUM",
  "FROM",
  "SUMMARIZE",
]);
const quiet: ReadonlySet<string> = new Set([
  "BEGIN",
  "START",
  "COMMIT",
  "ROLLBACK",
  "END",
  "ABORT",
  "SAVEPOINT",
  "RELEASE",
  "USE",
  "PRAGMA",
  "ANALYZE",
  "OPTIMIZE",
  "CHECK",
  "REPAIR",
  "VACUUM",
  "REINDEX",
  "LOCK",
  "UNLOCK",
  "FLUSH",
  "ATTACH",
  "DETACH",
  "DEALLOCATE",
  "DECLARE",
  "COMMENT",
  "RENAME",
  "DO",
  "CACHE",
  "CHANGE",
]);
const accounts: ReadonlySet<string> = new Set(["USER", "ROLE", "LOGIN"]);
const dropModifiers: ReadonlySet<string> = new Set(["TEMPORARY", "TEMP", "OR", "REPLACE", "MATERIALIZED"]);
const nameModifiers: ReadonlySet<string> = new Set(["IF", "EXISTS", "NOT", "ONLY", "CONCURRENTLY", "TABLE"]);
const rowModifiers: ReadonlySet<string> = new Set([
  "LOW_PRIORITY",
  "IGNORE",
  "ONLY",
  "OR",
  "ROLLBACK",
  "ABORT",
  "REPLACE",
  "FAIL",
]);

/** `a.b, c` from `start` on. */
function readNames(tokens: readonly Token[], start: number): readonly string[] {
  const names: string[] = [];
  let name = "";
  for (const { kind, text, raw } of tokens.slice(start)) {
    if (kind === "word" && name === "" && nameModifiers.has(text)) continue;
    if (kind === "symbol" && text === ",") {
      names.push(name);
      name = "";
    } else if (kind === "symbol" && text === ".") name += ".";
    else if (
      (kind === "symbol" && !/[\w-]/.test(text)) ||
      (name !== "" && !name.endsWith(".") && kind !== "symbol")
    )
      break;
    else name += raw;
  }
  return name === "" && names.length > 0 ? names : [...names, name];
}

function nameAfter(
  tokens: readonly Token[],
  words: readonly string[],
  word: string,
  otherwise: number,
): string {
  const at = words.indexOf(word);
  return readNames(tokens, at < 0 ? otherwise : at + 1)[0] ?? "";
}

function skipWords(words: readonly string[], start: number, skipped: ReadonlySet<string>): number {
  let at = start;
  while (skipped.has(words[at] ?? "")) at += 1;
  return at;
}

/** A WHERE or LIMIT that is more than `WHERE 1`, `WHERE true`, `WHERE 1=1`. */
function isRestricted(tokens: readonly Token[], words: readonly string[]): boolean {
  if (words.includes("LIMIT")) return true;
  const where = words.indexOf("WHERE");
  if (where < 0) return false;
  const condition = tokens.slice(where + 1).map((token) => token.text);
  const plain = condition.join("");
  if (/^(1|TRUE|'1')$|^(\w+)=\2$/i.test(plain)) return false;
  return !/(^|OR)\(?(1=1|TRUE)\)?($|OR)/i.test(plain);
}

function showTokens(tokens: readonly Token[]): string {
  return tokens
    .slice(1)
    .map((token) => token.raw)
    .join(" ")
    .slice(0, 120);
}
