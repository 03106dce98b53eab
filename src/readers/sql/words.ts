import { objectWords } from "./drops.js";
import { fieldOf, listOf, objectName, relationName, roleName, textOf } from "./tree.js";

/** `ALTER ROLE SET`: a node of the parse tree in the manual's words. */
export function statementWords(kind: string, node: unknown): string {
  const type = typeFields.map((field) => textOf(node, field)).find((text) => text?.startsWith("OBJECT_"));
  switch (kind) {
    case "DefineStmt":
      return `CREATE ${objectWords(type ?? "")}`;
    case "RenameStmt":
      return `RENAME ${objectWords(type ?? "")}`;
    case "AlterObjectSchemaStmt":
      return `ALTER ${objectWords(type ?? "")} SET SCHEMA`;
    case "AlterFunctionStmt":
      return `ALTER ${objectWords(type ?? "")}`;
    case "VacuumStmt":
      return fieldOf(node, "is_vacuumcmd") === true ? "VACUUM" : "ANALYZE";
    case "CreateTableAsStmt":
      return textOf(node, "objtype") === "OBJECT_MATVIEW" ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE";
    default:
      return (
        unusual[kind] ??
        kind
          .slice(0, -"Stmt".length)
          .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
          .toUpperCase()
      );
  }
}

/** What the statement is about, in whichever field its node holds the name. */
export function statementTarget(node: unknown): string {
  for (const field of relations) {
    const name = relationName(fieldOf(node, ...field));
    const part = parts.map((each) => textOf(node, each)).find((text) => text !== undefined);
    if (name !== "") return part === undefined ? name : `${name}.${part}`;
  }
  for (const field of lists) {
    const name = listOf(node, ...field)
      .map((part) => objectName(part) || relationName(fieldOf(part, "VacuumRelation", "relation") ?? part))
      .filter((part) => part !== "")
      .join(field[0] === "rels" || field[0] === "relations" ? ", " : ".");
    if (name !== "") return name;
  }
  for (const field of names) {
    const name = textOf(node, field);
    if (name !== undefined) return name;
  }
  return objectName(fieldOf(node, "object")) || roleName(fieldOf(node, "role")) || "the session";
}

const typeFields = ["renameType", "objectType", "objtype", "kind"];

const unusual: Readonly<Record<string, string>> = {
  AlterDatabaseSetStmt: "ALTER DATABASE SET",
  AlterRoleSetStmt: "ALTER ROLE SET",
  AlterEventTrigStmt: "ALTER EVENT TRIGGER",
  AlterExtensionContentsStmt: "ALTER EXTENSION",
  AlterFdwStmt: "ALTER FOREIGN DATA WRAPPER",
  AlterForeignServerStmt: "ALTER SERVER",
  AlterOpFamilyStmt: "ALTER OPERATOR FAMILY",
  AlterSeqStmt: "ALTER SEQUENCE",
  AlterStatsStmt: "ALTER STATISTICS",
  AlterEnumStmt: "ALTER TYPE",
  AlterTSConfigurationStmt: "ALTER TEXT SEARCH CONFIGURATION",
  AlterTSDictionaryStmt: "ALTER TEXT SEARCH DICTIONARY",
  AlterTableMoveAllStmt: "ALTER TABLE SET TABLESPACE",
  AlterTableSpaceOptionsStmt: "ALTER TABLESPACE",
  CheckPointStmt: "CHECKPOINT",
  ClosePortalStmt: "CLOSE",
  CompositeTypeStmt: "CREATE TYPE",
  ConstraintsSetStmt: "SET CONSTRAINTS",
  CreateAmStmt: "CREATE ACCESS METHOD",
  CreatedbStmt: "CREATE DATABASE",
  CreateEnumStmt: "CREATE TYPE",
  CreateEventTrigStmt: "CREATE EVENT TRIGGER",
  CreateFdwStmt: "CREATE FOREIGN DATA WRAPPER",
  CreateForeignServerStmt: "CREATE SERVER",
  CreateForeignTableStmt: "CREATE FOREIGN TABLE",
  CreateOpClassStmt: "CREATE OPERATOR CLASS",
  CreateOpFamilyStmt: "CREATE OPERATOR FAMILY",
  CreatePLangStmt: "CREATE LANGUAGE",
  CreateRangeStmt: "CREATE TYPE",
  CreateSeqStmt: "CREATE SEQUENCE",
  CreateStatsStmt: "CREATE STATISTICS",
  CreateTableSpaceStmt: "CREATE TABLESPACE",
  CreateTrigStmt: "CREATE TRIGGER",
  RefreshMatViewStmt: "REFRESH MATERIALIZED VIEW",
  RuleStmt: "CREATE RULE",
  SecLabelStmt: "SECURITY LABEL",
};

const relations: readonly (readonly string[])[] = [
  ["relation"],
  ["table"],
  ["sequence"],
  ["base", "relation"],
  ["typevar"],
];
/** What of a table, where the statement is about a part of one. */
const parts = ["subname", "trigname", "policy_name", "rulename"];
const lists: readonly (readonly string[])[] = [
  ["object", "List", "items"],
  ["func", "objname"],
  ["defnames"],
  ["typeName"],
  ["domainname"],
  ["conversion_name"],
  ["opclassname"],
  ["opfamilyname"],
  ["cfgname"],
  ["dictname"],
  ["sourcetype", "names"],
  ["rels"],
  ["relations"],
];
const names = [
  "dbname",
  "schemaname",
  "tablespacename",
  "tableSpaceName",
  "extname",
  "subname",
  "pubname",
  "servername",
  "server_name",
  "fdwname",
  "amname",
  "plname",
  "trigname",
  "portalname",
  "conditionname",
  "name",
  "lang",
];
