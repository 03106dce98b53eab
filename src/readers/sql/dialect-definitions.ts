import { readNames, type Statement, type StatementReader, showTokens, skipWords } from "./dialect-words.js";
import { dropLoss } from "./drops.js";
import type { Deed } from "./effects.js";

/** DROP, ALTER, CREATE, and what stands beside them in one engine or another. */
export const definitions: Readonly<Record<string, StatementReader>> = {
  DROP: readDrop,
  ALTER: readAlter,
  CREATE: readCreate,
  UNINSTALL: ({ tokens }) => [
    { action: "delete", statement: "UNINSTALL", target: showTokens(tokens), ...definition },
  ],
  // Snowflake: files of a stage
  REMOVE: ({ tokens }) => [{ action: "delete", statement: "REMOVE", target: showTokens(tokens) }],
  RM: ({ tokens }) => [{ action: "delete", statement: "REMOVE", target: showTokens(tokens) }],
};

const definition = { recovery: "unknown", because: "a definition is lost, no rows" } as const;

function readDrop({ tokens, words, engine }: Statement): readonly Deed[] | string {
  if (tokens.length === 1) return "a DROP that names nothing";
  const at = skipWords(words, 1, dropModifiers);
  const kind = words[at] ?? "";
  if (kind === "" || kind === "PREPARE") return [];
  const loss = lossOf(kind, words, engine);
  const names = readNames(tokens, at + (twoWords.has(`${kind} ${words[at + 1]}`) ? 2 : 1));
  return names.map((name): Deed => {
    const isTemporary = (words[1] === "TEMPORARY" && kind === "TABLE") || name.startsWith("#");
    const own = isTemporary ? ({ recovery: "needless", because: "a temporary table" } as const) : loss.loss;
    return { action: "delete", statement: loss.statement, target: name || showTokens(tokens), ...own };
  });
}

type Loss = Pick<Deed, "recovery" | "because">;

function lossOf(
  kind: string,
  words: readonly string[],
  engine: string,
): { readonly statement: string; readonly loss: Loss } {
  const gone = { recovery: "none", because: "no undo after commit" } as const;
  const cascades = words.includes("CASCADE");
  if (kind === "EXTERNAL") return { statement: "DROP EXTERNAL TABLE", loss: definition };
  if (kind === "PLUGGABLE") return { statement: "DROP DATABASE", loss: gone };
  if (kind === "DATABASE" && words.includes("LINK"))
    return { statement: "DROP DATABASE LINK", loss: definition };
  // An Oracle user is a schema: with CASCADE all its tables go.
  if (kind === "USER" && cascades && engine === "oracle") return { statement: "DROP SCHEMA", loss: gone };
  if (kind === "USER" || kind === "LOGIN")
    return { statement: "DROP ROLE", loss: dropLoss("ROLE", cascades) };
  if (kind === "KEYSPACE") return { statement: "DROP KEYSPACE", loss: gone };
  const words2 = twoWords.has(`${kind} ${words[words.indexOf(kind) + 1]}`)
    ? `${kind} ${words[words.indexOf(kind) + 1]}`
    : kind;
  return { statement: `DROP ${words2}`, loss: holders.has(words2) ? gone : dropLoss(words2, cascades) };
}

function readAlter({ tokens, words }: Statement): readonly Deed[] {
  const kind = words[1] ?? "";
  if (accounts.has(kind) || (kind === "SERVER" && words[2] === "ROLE"))
    return [{ action: "grant", statement: `ALTER ${kind}`, target: tokens[2]?.raw ?? "" }];
  if (kind === "SYSTEM")
    return [
      words[2] === "KILL" || words[2] === "DISCONNECT"
        ? { action: "execute", statement: "KILL", target: showTokens(tokens) }
        : { action: "modify", statement: "ALTER SYSTEM", target: showTokens(tokens) },
    ];
  const target = readNames(tokens, 2)[0] ?? "";
  if (/^(DATABASE|SESSION)$/.test(kind) && words.some((word) => closing.has(word)))
    return [{ action: "execute", statement: `ALTER ${kind}`, target: showTokens(tokens) }];
  const first = words.findIndex((word, index) => index > 1 && parts.has(word));
  const deeds = words.flatMap((word, index): readonly Deed[] =>
    index < 2 ? [] : readPart(word, index, target, tokens, words, first < 0 || first > index),
  );
  return deeds.length > 0 ? deeds : [{ action: "modify", statement: `ALTER ${kind}`, target }];
}

type Tokens = Statement["tokens"];

/** One action of an ALTER TABLE. */
function readPart(
  word: string,
  index: number,
  table: string,
  tokens: Tokens,
  words: readonly string[],
  isFirst: boolean,
): readonly Deed[] {
  const next = words[index + 1] ?? "";
  switch (word) {
    case "DROP":
      return readDropPart(index, table, tokens, words);
    // ClickHouse: ALTER TABLE t DELETE WHERE …
    case "DELETE":
      if (next !== "WHERE" && next !== "IN") return [];
      return [
        {
          action: "delete",
          statement: "DELETE",
          target: table,
          restricted: isFiltered(index, tokens, words),
        },
      ];
    case "UPDATE":
      if (!isFirst || !words.includes("WHERE", index)) return [];
      return [
        {
          action: "modify",
          statement: "UPDATE",
          target: table,
          restricted: isFiltered(index, tokens, words),
        },
      ];
    case "CLEAR":
      if (next === "INDEX" || next === "PROJECTION") return [];
      return [{ action: "delete", statement: "ALTER TABLE CLEAR", target: table, restricted: false }];
    case "TRUNCATE":
      return [{ action: "delete", statement: "TRUNCATE", target: table, restricted: false }];
    case "DISCARD":
      return [{ action: "delete", statement: "DISCARD TABLESPACE", target: table }];
    // ClickHouse: `MODIFY TTL ts + INTERVAL 1 DAY` deletes what is older, in the background.
    case "TTL":
      return next !== "" && /^(MODIFY|SET)$/.test(words[index - 1] ?? "")
        ? [{ action: "delete", statement: "MODIFY TTL", target: table, restricted: false }]
        : [];
    case "REPLACE":
      return next === "PARTITION"
        ? [{ action: "delete", statement: "REPLACE PARTITION", target: table }]
        : [];
    default:
      return [];
  }
}

function readDropPart(
  index: number,
  table: string,
  tokens: Tokens,
  words: readonly string[],
): readonly Deed[] {
  const at = skipWords(words, index + 1, new Set(["IF", "EXISTS", "DETACHED", "RANGE"]));
  const kind = words[at] ?? "";
  // ALTER COLUMN c DROP NOT NULL
  if (/^(NOT|DEFAULT|IDENTITY|EXPRESSION|ENCRYPTION|STATISTICS|PROJECTION)$/.test(kind)) return [];
  if (/^(INDEX|KEY|CONSTRAINT|FOREIGN|PRIMARY|UNIQUE|CHECK)$/.test(kind))
    return [
      { action: "delete", statement: `ALTER TABLE DROP ${kind}`, target: table, ...dropLoss("INDEX", false) },
    ];
  const isPartition = /^(PARTITION|SUBPARTITION|PART)$/.test(kind);
  const name = readNames(tokens, kind === "COLUMN" || isPartition ? at + 1 : at)[0];
  const statement = isPartition ? "ALTER TABLE DROP PARTITION" : "ALTER TABLE DROP COLUMN";
  return [{ action: "delete", statement, target: `${table}.${name}` }];
}

/** `ALTER TABLE t DELETE WHERE 1` empties it. */
function isFiltered(index: number, tokens: Tokens, words: readonly string[]): boolean {
  const where = words.indexOf("WHERE", index);
  const condition = tokens
    .slice(where + 1)
    .map((token) => token.text)
    .join("");
  return where >= 0 && !/^(1|TRUE|(\d+)=\2)$/i.test(condition);
}

function readCreate({ tokens, words, engine }: Statement): readonly Deed[] {
  const [, kind = ""] = words;
  if (accounts.has(kind))
    return [{ action: "grant", statement: "CREATE ROLE", target: tokens[2]?.raw ?? "" }];
  const at = skipWords(words, 1, createModifiers);
  const own = words[at] ?? "";
  const target = readNames(tokens, at + 1)[0] ?? "";
  const isTemporary = words.slice(1, at).some((word) => word === "TEMP" || word === "TEMPORARY");
  const replaces = words[1] === "OR" && words[2] === "REPLACE" && replaced.has(own);
  if (replaces && !isTemporary && engine !== "postgres")
    return [
      { action: "delete", statement: `CREATE OR REPLACE ${own}`, target, because: "replaces what was there" },
    ];
  return [
    { action: "create", statement: `CREATE ${own || kind}`, target: target || readNames(tokens, 2)[0] || "" },
  ];
}

const accounts: ReadonlySet<string> = new Set(["USER", "ROLE", "LOGIN"]);
const dropModifiers: ReadonlySet<string> = new Set(
  "TEMPORARY TEMP OR REPLACE MATERIALIZED PUBLIC TRANSIENT DYNAMIC HYBRID SNAPSHOT AGGREGATE FORCE".split(
    " ",
  ),
);
const createModifiers: ReadonlySet<string> = new Set(
  "OR REPLACE TEMPORARY TEMP TRANSIENT LOCAL GLOBAL VOLATILE MULTISET UNLOGGED HYBRID DYNAMIC UNIQUE VIRTUAL SECURE".split(
    " ",
  ),
);
const replaced: ReadonlySet<string> = new Set([
  "TABLE",
  "DATABASE",
  "SCHEMA",
  "STAGE",
  "DICTIONARY",
  "STREAM",
]);
const twoWords: ReadonlySet<string> = new Set([
  "RETENTION POLICY",
  "CONTINUOUS QUERY",
  "ROW POLICY",
  "RESOURCE POOL",
  "NAMED COLLECTION",
  "SETTINGS PROFILE",
  "SEARCH INDEX",
]);
/** Beside what holds rows in PostgreSQL: what does in another engine. */
const holders: ReadonlySet<string> = new Set(
  "MEASUREMENT SERIES SHARD STAGE MODEL CATALOG BUCKET STREAM COLLECTION VOLUME GRAPH"
    .split(" ")
    .concat("RETENTION POLICY", "NAMED COLLECTION"),
);
const closing: ReadonlySet<string> = new Set(
  "SINGLE_USER RESTRICTED_USER OFFLINE RESETLOGS EMERGENCY CLOSE".split(" "),
);
const parts: ReadonlySet<string> = new Set(["ADD", "DROP", "MODIFY", "ALTER", "CHANGE", "RENAME", "SET"]);
