import { administration } from "./dialect-administration.js";
import { readCypher } from "./dialect-cypher.js";
import { definitions } from "./dialect-definitions.js";
import { readProcedure } from "./dialect-procedures.js";
import { readSurreal } from "./dialect-surreal.js";
import {
  isRestricted,
  nameAfter,
  readNames,
  type Statement,
  type StatementReader,
  skipWords,
} from "./dialect-words.js";
import type { Deed } from "./effects.js";
import type { Quoting, Token } from "./lexicon.js";

/** What the leading keywords of one statement say; a reason when they say too little. */
export function readStatement(
  all: readonly Token[],
  dialect: { readonly engine: string; readonly quoting: Quoting },
): readonly Deed[] | string {
  // (SELECT …) UNION …, and sqlplus's slash on a line of its own
  const start = all.findIndex(({ kind, text }) => kind !== "symbol" || !/[(/]/.test(text));
  const tokens = start > 0 ? all.slice(start) : all;
  if (dialect.engine === "cypher") return readCypher(tokens);
  if (dialect.engine === "surrealdb") return readSurreal(tokens);
  const words = tokens.map((token) => (token.kind === "word" ? token.text : ""));
  const first = words[0] ?? "";
  const reader = readers.get(first);
  if (reader !== undefined) return reader({ ...dialect, tokens, words });
  if (reading.has(first)) return [{ action: "read", statement: first, target: "the database" }];
  if (quiet.has(first)) return [];
  return "a statement that begins with a word that is not known here";
}

const rows: Readonly<Record<string, StatementReader>> = {
  TRUNCATE: ({ tokens, words }) =>
    readNames(tokens, words[1] === "TABLE" ? 2 : 1).map((target) => ({
      action: "delete",
      statement: "TRUNCATE",
      target,
      restricted: false,
    })),
  DELETE: (statement) => [
    {
      action: "delete",
      statement: "DELETE",
      target: nameAfter(statement, "FROM", 1),
      restricted: isRestricted(statement),
    },
  ],
  UPDATE: (statement) => {
    if (statement.words[1] === "STATISTICS") return [];
    const target = readNames(statement.tokens, skipWords(statement.words, 1, rowModifiers))[0] ?? "";
    return [{ action: "modify", statement: "UPDATE", target, restricted: isRestricted(statement) }];
  },
  INSERT: (statement) => {
    const { tokens, words } = statement;
    if (words[1] !== "OVERWRITE")
      return [{ action: "create", statement: "INSERT", target: nameAfter(statement, "INTO", 1) }];
    const target = readNames(
      tokens,
      skipWords(words, 2, new Set(["INTO", "TABLE", "LOCAL", "DIRECTORY"])),
    )[0];
    return [
      {
        action: "delete",
        statement: "INSERT OVERWRITE",
        target: target ?? "",
        restricted: words.includes("PARTITION"),
      },
    ];
  },
  REPLACE: (statement) => [
    { action: "modify", statement: "REPLACE", target: nameAfter(statement, "INTO", 1) },
  ],
  MERGE: (statement) => {
    const action = statement.words.includes("DELETE") ? "delete" : "modify";
    return [{ action, statement: "MERGE", target: nameAfter(statement, "INTO", 1) }];
  },
  LOAD: (statement) => {
    const { tokens, words, engine } = statement;
    if (words[1] === "DATA" || words[1] === "XML") {
      const target = nameAfter(statement, "TABLE", 1);
      return words.includes("OVERWRITE")
        ? [{ action: "delete", statement: "INSERT OVERWRITE", target, restricted: false }]
        : [{ action: "create", statement: "LOAD DATA", target }];
    }
    return isNamedExtension(tokens, engine)
      ? []
      : [{ action: "execute", statement: "LOAD", target: tokens[1]?.raw ?? "" }];
  },
  INSTALL: ({ tokens, engine }) =>
    isNamedExtension(tokens, engine)
      ? []
      : [{ action: "execute", statement: "INSTALL", target: tokens[1]?.raw ?? "" }],
  COPY: ({ tokens, words }) => {
    const to = words.indexOf("TO");
    if (words[1] === "INTO" || to < 0)
      return [{ action: "create", statement: "COPY FROM", target: readNames(tokens, 1)[0] ?? "" }];
    return [{ action: "read", statement: "COPY TO", target: tokens[to + 1]?.raw ?? "" }];
  },
  SELECT: readSelect,
  // WITH x AS (…) DELETE …: the verb stands outside all parentheses.
  WITH: ({ tokens, words, ...dialect }) => {
    const verb = findOutside(tokens, /^(SELECT|DELETE|UPDATE|INSERT|REPLACE|MERGE|FROM|VALUES)$/);
    if (words.slice(0, Math.max(verb, 0)).some((word) => word === "DELETE" || word === "UPDATE"))
      return "changes rows inside a WITH";
    return verb < 0 ? "a WITH whose verb was not found" : readStatement(tokens.slice(verb), dialect);
  },
  EXPLAIN: ({ tokens, words, ...dialect }) => {
    const verb = words.findIndex((word) =>
      /^(SELECT|DELETE|UPDATE|INSERT|REPLACE|WITH|TRUNCATE)$/.test(word),
    );
    if (!words.slice(0, Math.max(verb, 2)).includes("ANALYZE") || verb < 0)
      return [{ action: "read", statement: "EXPLAIN", target: "the database" }];
    return readStatement(tokens.slice(verb), dialect);
  },
  // BEGIN EXECUTE IMMEDIATE '…'; END, BEGIN NOT ATOMIC …, BEGIN BATCH DELETE …
  BEGIN: ({ tokens, words, ...dialect }) => {
    const at = skipWords(words, 1, beginning);
    return at >= tokens.length ? [] : readStatement(tokens.slice(at), dialect);
  },
  // Only Transact-SQL has them on their own; what they begin stands behind them.
  IF: ({ tokens, words, ...dialect }) => readBranch(tokens, words, dialect),
  WHILE: ({ tokens, words, ...dialect }) => readBranch(tokens, words, dialect),
  ELSE: ({ tokens, ...dialect }) => (tokens.length < 2 ? [] : readStatement(tokens.slice(1), dialect)),
};

const readers: ReadonlyMap<string, StatementReader> = new Map([
  ...Object.entries(rows),
  ...Object.entries(definitions),
  ...Object.entries(administration),
  ...["CALL", "EXEC", "EXECUTE", "PREPARE"].map((name): [string, StatementReader] => [
    name,
    (statement) => readProcedure(statement, readStatement),
  ]),
]);

function readSelect({ tokens, words, engine }: Statement): readonly Deed[] | string {
  const file = words.findIndex((word, index) => fileWords.has(word) && words[index - 1] === "INTO");
  // clickhouse-client writes the file itself, and refuses one that exists unless told otherwise.
  if (file > 0 && (engine !== "clickhouse" || words.includes("TRUNCATE")))
    return [{ action: "modify", statement: "SELECT INTO FILE", target: tokens[file + 1]?.text ?? "" }];
  if (tokens.some(({ text }, index) => acting.has(text) && tokens[index + 1]?.text === "("))
    return "calls a function that writes files or loads code";
  return [{ action: "read", statement: "SELECT", target: "the database" }];
}

function readBranch(
  tokens: readonly Token[],
  words: readonly string[],
  dialect: { readonly engine: string; readonly quoting: Quoting },
): readonly Deed[] | string {
  const verb = findOutside(
    tokens.slice(1),
    /^(DROP|DELETE|UPDATE|TRUNCATE|ALTER|EXEC|EXECUTE|GRANT|INSERT|CREATE|BEGIN|MERGE)$/,
  );
  if (verb >= 0) return readStatement(tokens.slice(verb + 1), dialect);
  return dialect.engine === "sqlserver" || words.includes("SELECT")
    ? []
    : "a condition whose branches were not found";
}

function findOutside(tokens: readonly Token[], verbs: RegExp): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }) => {
    if (kind === "symbol") depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    return depth === 0 && kind === "word" && verbs.test(text);
  });
}

/** DuckDB takes an extension by its bare name from its own signed repository; a path is a library of anyone's. */
function isNamedExtension(tokens: readonly Token[], engine: string): boolean {
  return (
    engine === "duckdb" && tokens[1]?.kind === "word" && (tokens.length === 2 || tokens[2]?.text === "FROM")
  );
}

const fileWords: ReadonlySet<string> = new Set(["OUTFILE", "DUMPFILE"]);
const acting: ReadonlySet<string> = new Set(["WRITEFILE", "EDIT", "LOAD_EXTENSION", "SYS_EXEC", "SYS_EVAL"]);
const beginning: ReadonlySet<string> = new Set(
  "TRANSACTION TRAN WORK IMMEDIATE EXCLUSIVE DEFERRED CONCURRENT NOT ATOMIC BATCH UNLOGGED COUNTER READ ONLY WRITE ISOLATION LEVEL REPEATABLE COMMITTED UNCOMMITTED SERIALIZABLE DISTRIBUTED TRY CATCH".split(
    " ",
  ),
);
const rowModifiers: ReadonlySet<string> = new Set(
  "LOW_PRIORITY IGNORE ONLY OR ROLLBACK ABORT REPLACE FAIL".split(" "),
);
const reading: ReadonlySet<string> = new Set(
  "SHOW DESCRIBE DESC VALUES TABLE HELP CHECKSUM FROM SUMMARIZE EXISTS LIST LS PIVOT UNPIVOT PRINT EXPORT BACKUP UNLOAD WATCH ASSERT".split(
    " ",
  ),
);
const quiet: ReadonlySet<string> = new Set(
  `START COMMIT ROLLBACK END ABORT SAVEPOINT SAVE RELEASE USE ANALYZE ANALYSE CHECK REPAIR REINDEX LOCK UNLOCK FLUSH
  DEALLOCATE DECLARE COMMENT RENAME DO CACHE UNCACHE HANDLER XA SIGNAL GET PUT GO WAITFOR RETURN THROW RAISERROR BREAK CONTINUE
  CHECKPOINT REFRESH INVALIDATE MSCK COMPUTE UNDROP EXCHANGE IMPORT LISTEN NOTIFY UNLISTEN DISCARD CLUSTER RESUME RELOAD
  APPLY CONSISTENCY TRACING PAGING EXPAND CAPTURE CLS EXIT QUIT STARTUP AUDIT NOAUDIT CONNECT ADD OPEN CLOSE FETCH
  NO QUERY DESCRIPTOR FORMAT UNSET TERMINATE`.split(/\s+/),
);
