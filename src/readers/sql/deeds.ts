import { alterTable } from "./alter.js";
import { isAlwaysTrue } from "./conditions.js";
import { cascade, dropLoss, lose, objectWords } from "./drops.js";
import type { Deed } from "./effects.js";
import { readGrant } from "./grants.js";
import { setDeed, settingValue } from "./settings.js";
import { fieldOf, isOff, listOf, objectName, optionOf, relationName, roleName, textOf } from "./tree.js";
import { statementTarget, statementWords } from "./words.js";

/** What a node of the parse tree does by itself; `inside`: whether what stands in it runs too. */
export interface NodeReading {
  readonly deeds: readonly Deed[];
  readonly inside: boolean;
}

/** Undefined for a node that is no statement. */
export function readNode(kind: string, node: unknown): NodeReading | undefined {
  const grant = readGrant(kind, node);
  if (grant !== undefined) return only([grant]);
  const reader = readers[kind];
  if (reader !== undefined) return reader(node);
  if (!kind.endsWith("Stmt")) return undefined;
  return readUnlisted(kind, node);
}

const readers: Readonly<Record<string, (node: unknown) => NodeReading>> = {
  SelectStmt: (node) => {
    const into = fieldOf(node, "intoClause", "rel");
    return and(into === undefined ? [] : [create("SELECT INTO", relationName(into))]);
  },
  InsertStmt: (node) => and([create("INSERT", relationName(fieldOf(node, "relation")))]),
  UpdateStmt: (node) => and([{ ...rows(node, "UPDATE"), action: "modify" }]),
  DeleteStmt: (node) => and([{ ...rows(node, "DELETE"), action: "delete" }]),
  MergeStmt: (node) => and([merge(node)]),
  TruncateStmt: (node) =>
    only(
      listOf(node, "relations").map((relation) => ({
        ...lose("TRUNCATE", relationName(relation)),
        ...cascade(node),
        restricted: false,
      })),
    ),
  DropStmt: (node) => {
    const words = objectWords(textOf(node, "removeType") ?? "");
    const loss = dropLoss(words, textOf(node, "behavior") === "DROP_CASCADE");
    const statement = `DROP ${words}`;
    return only(
      listOf(node, "objects").map((object) => ({
        ...lose(statement, objectName(object)),
        ...loss,
        ...cascade(node),
      })),
    );
  },
  DropdbStmt: (node) => only([{ ...lose("DROP DATABASE", textOf(node, "dbname") ?? ""), revocable: false }]),
  DropTableSpaceStmt: (node) =>
    only([{ ...lose("DROP TABLESPACE", textOf(node, "tablespacename") ?? ""), revocable: false }]),
  DropSubscriptionStmt: (node) =>
    only([{ ...lose("DROP SUBSCRIPTION", textOf(node, "subname") ?? ""), revocable: false }]),
  DropRoleStmt: (node) =>
    only(
      listOf(node, "roles").map((role) => ({
        ...lose("DROP ROLE", roleName(role)),
        ...dropLoss("ROLE", false),
      })),
    ),
  DropOwnedStmt: (node) =>
    only(listOf(node, "roles").map((role) => ({ ...lose("DROP OWNED", roleName(role)), ...cascade(node) }))),
  DropUserMappingStmt: (node) =>
    only([{ ...lose("DROP USER MAPPING", textOf(node, "servername") ?? ""), ...dropLoss("ROLE", false) }]),
  AlterTableStmt: (node) => {
    const target = relationName(fieldOf(node, "relation"));
    const words = `ALTER ${objectWords(textOf(node, "objtype") ?? "OBJECT_TABLE")}`;
    return only(listOf(node, "cmds").map((command) => alterTable(words, target, command)));
  },
  AlterDomainStmt: (node) => {
    const target = listOf(node, "typeName").map(objectName).join(".");
    if (textOf(node, "subtype") !== "X")
      return only([{ action: "modify", statement: "ALTER DOMAIN", target, revocable: true }]);
    return only([{ ...lose("ALTER DOMAIN DROP CONSTRAINT", target), ...dropLoss("CONSTRAINT", false) }]);
  },
  AlterTSConfigurationStmt: (node) => {
    const target = listOf(node, "cfgname").map(objectName).join(".");
    const statement = "ALTER TEXT SEARCH CONFIGURATION";
    if (textOf(node, "kind") !== "ALTER_TSCONFIG_DROP_MAPPING")
      return only([{ action: "modify", statement, target, revocable: true }]);
    return only([{ ...lose(`${statement} DROP MAPPING`, target), ...dropLoss("MAPPING", false) }]);
  },
  AlterSystemStmt: (node) =>
    only([
      {
        action: "modify",
        statement: "ALTER SYSTEM",
        target: textOf(node, "setstmt", "name") ?? "all settings",
      },
    ]),
  CopyStmt: (node) => and(copy(node)),
  LoadStmt: (node) =>
    only([{ action: "execute", statement: "LOAD", target: textOf(node, "filename") ?? "" }]),
  ExplainStmt: (node) => {
    const analyze = optionOf(listOf(node, "options"), "analyze");
    return { deeds: [], inside: analyze !== undefined && !isOff(analyze) };
  },
  CreateStmt: (node) => and([create("CREATE TABLE", relationName(fieldOf(node, "relation")))]),
  CreateTableAsStmt: (node) =>
    and([create(statementWords("CreateTableAsStmt", node), relationName(fieldOf(node, "into", "rel")))]),
  // Bodies of views and routines do not run here.
  ViewStmt: (node) => only([create("CREATE VIEW", relationName(fieldOf(node, "view")))]),
  CreateFunctionStmt: (node) => {
    const words = fieldOf(node, "is_procedure") === true ? "CREATE PROCEDURE" : "CREATE FUNCTION";
    const target = listOf(node, "funcname").map(objectName).join(".");
    const language = String(optionOf(listOf(node, "options"), "language") ?? "sql");
    return only([isUntrusted(language) ? untrusted(words, target) : create(words, target)]);
  },
  CreateExtensionStmt: (node) => {
    const name = textOf(node, "extname") ?? "";
    return only([isUntrusted(name) ? untrusted("CREATE EXTENSION", name) : create("CREATE EXTENSION", name)]);
  },
  CreatePLangStmt: (node) => {
    const name = textOf(node, "plname") ?? "";
    return only([isUntrusted(name) ? untrusted("CREATE LANGUAGE", name) : create("CREATE LANGUAGE", name)]);
  },
  RefreshMatViewStmt: (node) => {
    const target = statementTarget(node);
    const statement = "REFRESH MATERIALIZED VIEW";
    if (fieldOf(node, "skipData") !== true)
      return only([{ action: "modify", statement, target, recovery: "needless" }]);
    const because = "filled again by the next REFRESH";
    return only([{ ...lose(`${statement} WITH NO DATA`, target), recovery: "recreate", because }]);
  },
  IndexStmt: (node) => only([create("CREATE INDEX", relationName(fieldOf(node, "relation")))]),
  VariableSetStmt: (node) => {
    const deed = setDeed(textOf(node, "name") ?? "", settingValue(node));
    return only(deed === undefined ? [] : [deed]);
  },
  VariableShowStmt: () => only([]),
  TransactionStmt: (node) => {
    if (textOf(node, "kind") !== "TRANS_STMT_ROLLBACK_PREPARED") return only([]);
    return only([{ ...lose("ROLLBACK PREPARED", textOf(node, "gid") ?? ""), revocable: false }]);
  },
  PrepareStmt: () => and([]),
  DeclareCursorStmt: () => and([]),
  // What they execute was read where it was prepared; DO and CALL are the session's.
  ExecuteStmt: () => and([]),
  DoStmt: () => only([]),
  CallStmt: () => and([]),
};

function readUnlisted(kind: string, node: unknown): NodeReading {
  const statement = statementWords(kind, node);
  const target = statementTarget(node);
  if (quiet.has(kind)) return only([{ action: "modify", statement, target, recovery: "needless" }]);
  if (/^(Create|Define|Rule|Import|Composite)/.test(kind)) return and([create(statement, target)]);
  if (/^Drop/.test(kind)) return and([lose(statement, target)]);
  return and([{ action: "modify", statement, target, revocable: true }]);
}

/** They change how things are stored or who waits, not what is stored. */
const quiet: ReadonlySet<string> = new Set([
  "VacuumStmt",
  "ReindexStmt",
  "ClusterStmt",
  "CheckPointStmt",
  "LockStmt",
  "DiscardStmt",
  "ConstraintsSetStmt",
  "ListenStmt",
  "UnlistenStmt",
  "NotifyStmt",
  "FetchStmt",
  "ClosePortalStmt",
  "DeallocateStmt",
  "CommentStmt",
]);

function and(deeds: readonly Deed[]): NodeReading {
  return { deeds, inside: true };
}

function only(deeds: readonly Deed[]): NodeReading {
  return { deeds, inside: false };
}

function create(statement: string, target: string): Deed {
  return { action: "create", statement, target, revocable: true };
}

function merge(node: unknown): Deed {
  const target = relationName(fieldOf(node, "relation"));
  const commands = listOf(node, "mergeWhenClauses").map((clause) =>
    textOf(clause, "MergeWhenClause", "commandType"),
  );
  if (!commands.some((command) => command === "CMD_DELETE" || command === "CMD_UPDATE"))
    return create("MERGE", target);
  const action = commands.includes("CMD_DELETE") ? "delete" : "modify";
  const restricted = !isAlwaysTrue(fieldOf(node, "joinCondition"));
  return { action, statement: "MERGE", target, restricted, revocable: true };
}

/** Code in these languages, or from a library, may do on the server whatever the server may. */
function isUntrusted(name: string): boolean {
  return name === "c" || /^pl\w*u$|^pl(sh|python[23]?|java)$|^plx_|^adminpack$|^system_stats$/i.test(name);
}

function untrusted(statement: string, target: string): Deed {
  const because = "its code may do whatever the server may";
  return { action: "execute", statement: `${statement} UNTRUSTED`, target, because, revocable: true };
}

function rows(node: unknown, statement: string): Omit<Deed, "action"> {
  const where = fieldOf(node, "whereClause");
  const restricted = where !== undefined && !isAlwaysTrue(where);
  return { statement, target: relationName(fieldOf(node, "relation")), restricted, revocable: true };
}

function copy(node: unknown): readonly Deed[] {
  const isFrom = fieldOf(node, "is_from") === true;
  const table = relationName(fieldOf(node, "relation"));
  const file = textOf(node, "filename");
  if (fieldOf(node, "is_program") === true) {
    const statement = isFrom ? "COPY FROM PROGRAM" : "COPY TO PROGRAM";
    return [{ action: "execute", statement, target: file ?? "", because: "the server runs it" }];
  }
  if (isFrom) return [create("COPY FROM", table)];
  if (file === undefined)
    return [{ action: "read", statement: "COPY TO STDOUT", target: table || "a query" }];
  return [
    { action: "modify", statement: "COPY TO FILE", target: file, because: "the server writes the file" },
  ];
}
