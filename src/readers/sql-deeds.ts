import { isAlwaysTrue } from "./sql-conditions.js";
import { dropLoss, objectWords } from "./sql-drops.js";
import type { Deed } from "./sql-effects.js";
import { fieldOf, isOff, listOf, objectName, optionOf, relationName, roleName, textOf } from "./sql-tree.js";

/** What a node of the parse tree does by itself; `inside`: whether what stands in it runs too. */
export interface NodeReading {
  readonly deeds: readonly Deed[];
  readonly inside: boolean;
}

/** Undefined for a node that is no statement. */
export function readNode(kind: string, node: unknown): NodeReading | undefined {
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
  MergeStmt: (node) => {
    const commands = listOf(node, "mergeWhenClauses").map((clause) =>
      textOf(clause, "MergeWhenClause", "commandType"),
    );
    const action = commands.includes("CMD_DELETE") ? "delete" : "modify";
    return and([
      { action, statement: "MERGE", target: relationName(fieldOf(node, "relation")), revocable: true },
    ]);
  },
  TruncateStmt: (node) =>
    only(
      listOf(node, "relations").map((relation) => ({
        ...lose("TRUNCATE", relationName(relation)),
        restricted: false,
      })),
    ),
  DropStmt: (node) => {
    const words = objectWords(textOf(node, "removeType") ?? "");
    const loss = dropLoss(words, textOf(node, "behavior") === "DROP_CASCADE");
    const statement = `DROP ${words}`;
    return only(
      listOf(node, "objects").map((object) => ({ ...lose(statement, objectName(object)), ...loss })),
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
  DropOwnedStmt: (node) => only(listOf(node, "roles").map((role) => lose("DROP OWNED", roleName(role)))),
  DropUserMappingStmt: (node) =>
    only([{ ...lose("DROP USER MAPPING", textOf(node, "servername") ?? ""), ...dropLoss("ROLE", false) }]),
  AlterTableStmt: (node) => {
    const target = relationName(fieldOf(node, "relation"));
    const words = `ALTER ${objectWords(textOf(node, "objtype") ?? "OBJECT_TABLE")}`;
    return only(listOf(node, "cmds").map((command) => alterTable(words, target, command)));
  },
  AlterSystemStmt: (node) =>
    only([
      {
        action: "modify",
        statement: "ALTER SYSTEM",
        target: textOf(node, "setstmt", "name") ?? "all settings",
      },
    ]),
  GrantStmt: (node) =>
    only(
      granting(
        fieldOf(node, "is_grant") === true ? "GRANT" : "REVOKE",
        `${listOf(node, "objects").map(objectName).join(", ") || objectWords(textOf(node, "objtype") ?? "")} for ${listOf(node, "grantees").map(roleName).join(", ")}`,
      ),
    ),
  GrantRoleStmt: (node) =>
    only(
      granting(
        fieldOf(node, "is_grant") === true ? "GRANT" : "REVOKE",
        `${listOf(node, "granted_roles")
          .map((role) => textOf(role, "AccessPriv", "priv_name") ?? "")
          .join(", ")} for ${listOf(node, "grantee_roles").map(roleName).join(", ")}`,
      ),
    ),
  AlterDefaultPrivilegesStmt: (node) =>
    only(
      granting(
        "ALTER DEFAULT PRIVILEGES",
        listOf(node, "action", "grantees").map(roleName).join(", ") || "default privileges",
      ),
    ),
  CreateRoleStmt: (node) => only(granting(roleWords("CREATE ROLE", node), textOf(node, "role") ?? "")),
  AlterRoleStmt: (node) => only(granting(roleWords("ALTER ROLE", node), roleName(fieldOf(node, "role")))),
  AlterOwnerStmt: (node) => only(granting("ALTER OWNER", objectName(fieldOf(node, "object")))),
  ReassignOwnedStmt: (node) =>
    only(granting("REASSIGN OWNED", listOf(node, "roles").map(roleName).join(", "))),
  CopyStmt: (node) => and(copy(node)),
  LoadStmt: (node) =>
    only([{ action: "execute", statement: "LOAD", target: textOf(node, "filename") ?? "" }]),
  ExplainStmt: (node) => {
    const analyze = optionOf(listOf(node, "options"), "analyze");
    return { deeds: [], inside: analyze !== undefined && !isOff(analyze) };
  },
  CreateStmt: (node) => and([create("CREATE TABLE", relationName(fieldOf(node, "relation")))]),
  CreateTableAsStmt: (node) => and([create("CREATE TABLE", relationName(fieldOf(node, "into", "rel")))]),
  // Bodies of views and routines do not run here.
  ViewStmt: (node) => only([create("CREATE VIEW", relationName(fieldOf(node, "view")))]),
  CreateFunctionStmt: (node) =>
    only([create("CREATE FUNCTION", listOf(node, "funcname").map(objectName).join("."))]),
  IndexStmt: (node) => only([create("CREATE INDEX", relationName(fieldOf(node, "relation")))]),
  VariableSetStmt: () => only([]),
  VariableShowStmt: () => only([]),
  TransactionStmt: () => only([]),
  PrepareStmt: () => and([]),
  DeclareCursorStmt: () => and([]),
  // What they execute was read where it was prepared; DO and CALL are the session's.
  ExecuteStmt: () => and([]),
  DoStmt: () => only([]),
  CallStmt: () => and([]),
};

function readUnlisted(kind: string, node: unknown): NodeReading {
  const words = kind.slice(0, -"Stmt".length).replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
  const statement = words
    .toUpperCase()
    .replace(/ TRIG$/, " TRIGGER")
    .replace(" MAT VIEW", " MATERIALIZED VIEW");
  const target =
    relationName(fieldOf(node, "relation")) || objectName(fieldOf(node, "object")) || words.toLowerCase();
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
  "RefreshMatViewStmt",
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
  "SecLabelStmt",
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

function lose(statement: string, target: string): Deed {
  return { action: "delete", statement, target, revocable: true };
}

function granting(statement: string, target: string): readonly Deed[] {
  return [{ action: "grant", statement, target, revocable: true }];
}

function rows(node: unknown, statement: string): Omit<Deed, "action"> {
  const where = fieldOf(node, "whereClause");
  const restricted = where !== undefined && !isAlwaysTrue(where);
  return { statement, target: relationName(fieldOf(node, "relation")), restricted, revocable: true };
}

function alterTable(words: string, table: string, node: unknown): Deed {
  const command = fieldOf(node, "AlterTableCmd");
  const subtype = textOf(command, "subtype") ?? "";
  const part = textOf(command, "name");
  const target = part === undefined ? table : `${table}.${part}`;
  switch (subtype) {
    case "AT_DropColumn":
      return lose(`${words} DROP COLUMN`, target);
    case "AT_DropConstraint":
      return { ...lose(`${words} DROP CONSTRAINT`, target), ...dropLoss("CONSTRAINT", false) };
    case "AT_AlterColumnType":
      // USING with an expression that leaves the old value out overwrites the column in every row.
      if (forgets(fieldOf(command, "def", "ColumnDef", "raw_default"), part ?? ""))
        return {
          action: "modify",
          statement: `${words} ALTER COLUMN TYPE`,
          target,
          restricted: false,
          revocable: true,
        };
      return { action: "modify", statement: `${words} ALTER COLUMN TYPE`, target, revocable: true };
    case "AT_DisableRowSecurity":
    case "AT_NoForceRowSecurity":
      return { action: "grant", statement: `${words} DISABLE ROW LEVEL SECURITY`, target, revocable: true };
    case "AT_ChangeOwner":
      return { action: "grant", statement: `${words} OWNER`, target, revocable: true };
    default:
      return { action: "modify", statement: words, target, revocable: true };
  }
}

function forgets(using: unknown, column: string): boolean {
  return using !== undefined && !JSON.stringify(using).includes(`{"sval":${JSON.stringify(column)}}`);
}

/** `CREATE ROLE SUPERUSER` where an attribute gives more than a login. */
function roleWords(words: string, node: unknown): string {
  const options = listOf(node, "options");
  const strong = [
    ["superuser", "SUPERUSER"],
    ["isreplication", "REPLICATION"],
    ["bypassrls", "BYPASSRLS"],
    ["createrole", "CREATEROLE"],
  ].find(([name]) => {
    const value = optionOf(options, name ?? "");
    return value !== undefined && !isOff(value);
  });
  return strong === undefined ? words : `${words} ${strong[1]}`;
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
