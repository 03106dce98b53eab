import { readNames, type Statement, type StatementReader, showTokens } from "./dialect-words.js";
import type { Deed } from "./effects.js";

/** Accounts, the server and its logs, backups: what no table is the target of. */
export const administration: Readonly<Record<string, StatementReader>> = {
  GRANT: ({ tokens }) => [{ action: "grant", statement: "GRANT", target: showTokens(tokens) }],
  REVOKE: ({ tokens }) => [{ action: "grant", statement: "REVOKE", target: showTokens(tokens) }],
  DENY: ({ tokens }) => [{ action: "grant", statement: "DENY", target: showTokens(tokens) }],
  SET: readSet,
  RESET: ({ tokens, words }) => {
    if (words[1] === "MASTER" || words[1] === "BINARY")
      return [{ action: "delete", statement: "RESET MASTER", target: "the binary log" }];
    if (/^(SLAVE|REPLICA)$/.test(words[1] ?? ""))
      return [{ action: "execute", statement: "RESET REPLICA", target: showTokens(tokens) }];
    return words[1] === "PERSIST"
      ? [{ action: "modify", statement: "ALTER SYSTEM", target: showTokens(tokens) }]
      : [];
  },
  PURGE: ({ tokens, words }) =>
    /^(BINARY|MASTER)$/.test(words[1] ?? "")
      ? [{ action: "delete", statement: "PURGE BINARY LOGS", target: "the binary log" }]
      : [{ action: "delete", statement: "PURGE", target: showTokens(tokens) }],
  SHUTDOWN: () => [{ action: "execute", statement: "SHUTDOWN", target: "the server" }],
  RESTART: () => [{ action: "execute", statement: "RESTART", target: "the server" }],
  KILL: ({ tokens }) => [{ action: "execute", statement: "KILL", target: showTokens(tokens) }],
  CANCEL: ({ tokens }) => [{ action: "execute", statement: "CANCEL", target: showTokens(tokens) }],
  PAUSE: ({ tokens }) => [{ action: "execute", statement: "PAUSE", target: showTokens(tokens) }],
  STOP: ({ tokens }) => [{ action: "execute", statement: "STOP", target: showTokens(tokens) }],
  FORCE: ({ tokens, words }) =>
    /^APPLICATIONS?$/.test(words[1] ?? "")
      ? [{ action: "execute", statement: "FORCE APPLICATION", target: showTokens(tokens) }]
      : [],
  CHANGE: ({ tokens, words }) =>
    words.includes("MASTER") || words.includes("REPLICATION")
      ? [{ action: "modify", statement: "CHANGE REPLICATION SOURCE", target: showTokens(tokens) }]
      : [],
  SYSTEM: ({ tokens, words }) => {
    const [, verb = "", what = ""] = words;
    if (/^(SHUTDOWN|KILL|STOP|RESTART)$/.test(verb))
      return [{ action: "execute", statement: `SYSTEM ${verb}`, target: showTokens(tokens) }];
    if (verb === "UNFREEZE" || (verb === "DROP" && /^(REPLICA|DATABASE)$/.test(what)))
      return [{ action: "delete", statement: `SYSTEM ${verb}`, target: showTokens(tokens) }];
    return [];
  },
  CLONE: ({ words }) =>
    words[1] === "INSTANCE"
      ? [{ action: "delete", statement: "CLONE INSTANCE", target: "the server's data", restricted: false }]
      : [],
  RESTORE: (statement) => readRestore(statement),
  DBCC: ({ tokens, words }) =>
    words.some((word) => /^REPAIR_(ALLOW_DATA_LOSS|FAST)$/.test(word))
      ? [{ action: "delete", statement: "DBCC REPAIR", target: showTokens(tokens) }]
      : [],
  BULK: (statement) => [
    { action: "create", statement: "BULK INSERT", target: readNames(statement.tokens, 2)[0] ?? "" },
  ],
  FLASHBACK: ({ tokens, words }) =>
    words.includes("DROP")
      ? []
      : [{ action: "modify", statement: "FLASHBACK", target: showTokens(tokens), restricted: false }],
  RECOVER: ({ tokens }) => [{ action: "execute", statement: "RECOVER", target: showTokens(tokens) }],
  OPTIMIZE: ({ tokens, words }) =>
    words.includes("DEDUPLICATE")
      ? [
          {
            action: "modify",
            statement: "OPTIMIZE DEDUPLICATE",
            target: showTokens(tokens),
            restricted: false,
          },
        ]
      : [],
  // Delta: the files that older versions of a table are made of
  VACUUM: ({ tokens, words }) =>
    words.includes("RETAIN")
      ? [{ action: "delete", statement: "VACUUM RETAIN", target: showTokens(tokens) }]
      : [],
  PRAGMA: ({ tokens, words }) =>
    words.includes("WRITABLE_SCHEMA") && tokens.length > 2
      ? [{ action: "modify", statement: "PRAGMA writable_schema", target: "the schema", restricted: false }]
      : [],
  ATTACH: ({ tokens, words, engine }) => {
    if (engine === "clickhouse") return [];
    const file = tokens.find(({ kind }, index) => index > 0 && (kind === "text" || kind === "name"));
    return [
      {
        action: "read",
        statement: "ATTACH",
        target: file?.raw ?? tokens[words[1] === "DATABASE" ? 2 : 1]?.raw ?? "",
      },
    ];
  },
  DETACH: ({ tokens, engine }) =>
    engine === "clickhouse" ? [{ action: "execute", statement: "DETACH", target: showTokens(tokens) }] : [],
};

/** What a session sets for itself is nobody else's; global settings are, and some of them open or close the server. */
function readSet({ tokens, words }: Statement): readonly Deed[] {
  if (words[1] === "PASSWORD")
    return [{ action: "grant", statement: "SET PASSWORD", target: tokens[3]?.raw ?? "the account" }];
  const isGlobal = /^(GLOBAL|PERSIST|PERSIST_ONLY|CLUSTER)$/.test(
    words.find((word) => word !== "" && word !== "SET") ?? "",
  );
  if (
    !isGlobal &&
    !/^SET @@(GLOBAL|PERSIST)/i.test(
      tokens
        .slice(0, 4)
        .map(({ raw }, at) => (at === 0 ? `${raw} ` : raw))
        .join(""),
    )
  )
    return [];
  return words[1] === "CLUSTER" || words.some((word) => grave.test(word))
    ? [{ action: "modify", statement: "SET GLOBAL", target: showTokens(tokens) }]
    : [];
}

const grave =
  /^(PERSIST|PERSIST_ONLY|(SUPER_)?READ_ONLY|OFFLINE_MODE|GENERAL_LOG_FILE|SLOW_QUERY_LOG_FILE|INIT_(CONNECT|FILE|REPLICA|SLAVE)|VALIDATE_PASSWORD\w*|SECURE_AUTH|EVENT_SCHEDULER|SQL_LOG_BIN|GTID_PURGED|INNODB_FORCE_RECOVERY|INNODB_FAST_SHUTDOWN)$/;

function readRestore({ tokens, words, engine }: Statement): readonly Deed[] {
  if (engine !== "sqlserver" || !/^(DATABASE|LOG)$/.test(words[1] ?? ""))
    return [{ action: "read", statement: "RESTORE", target: showTokens(tokens) }];
  return [
    { action: "delete", statement: "RESTORE", target: readNames(tokens, 2)[0] ?? "", restricted: false },
  ];
}
