import { objectWords } from "../../readers/sql/drops.js";
import { fieldOf, isNode, listOf, objectName, relationName, textOf } from "../../readers/sql/tree.js";
import type { Subject } from "./aim.js";

/** A statement that loses something, in the words of its effect. */
export interface Statement {
  readonly statement: string;
  /** The effect's target. */
  readonly words: string;
  readonly object: Subject;
  readonly cascade: boolean;
  /** Of a DELETE or UPDATE. */
  readonly rows?: Rows | undefined;
}

export interface Rows {
  readonly alias: string | undefined;
  /** Of the parse tree; undefined: every row. */
  readonly where: unknown;
  /** It depends on more than the table's own rows. */
  readonly joins: boolean;
}

/** The statements of PostgreSQL's parse trees, also those within others, in order. */
export function statementsIn(nodes: readonly unknown[]): readonly Statement[] {
  const found: Statement[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    if (!isNode(value)) return;
    for (const [kind, node] of Object.entries(value)) {
      if (typeof node !== "object" || node === null) continue;
      found.push(...read(kind, node));
      visit(node);
    }
  };
  visit(nodes);
  return found;
}

function read(kind: string, node: unknown): readonly Statement[] {
  switch (kind) {
    case "DeleteStmt":
      return [rowsOf("DELETE", node, "usingClause")];
    case "UpdateStmt":
      return [rowsOf("UPDATE", node, "fromClause")];
    case "TruncateStmt":
      return listOf(node, "relations").map((relation) => ({
        statement: "TRUNCATE",
        words: relationName(relation),
        object: ofRange(fieldOf(relation, "RangeVar") ?? relation),
        cascade: isCascade(node),
      }));
    case "DropStmt":
      return listOf(node, "objects").flatMap((object) => dropped(object, node));
    case "DropdbStmt": {
      const name = textOf(node, "dbname") ?? "";
      return [
        { statement: "DROP DATABASE", words: name, object: { kind: "database", name }, cascade: false },
      ];
    }
    case "AlterTableStmt":
      return listOf(node, "cmds").flatMap((command) => altered(fieldOf(command, "AlterTableCmd"), node));
    case "VariableSetStmt":
      return /^(search_path|role|session_authorization)$/.test(textOf(node, "name") ?? "search_path")
        ? [{ statement: "SET", words: "", object: { kind: "all" }, cascade: false }]
        : [];
    default:
      return [];
  }
}

function rowsOf(statement: string, node: unknown, others: string): Statement {
  const relation = fieldOf(node, "relation");
  return {
    statement,
    words: relationName(relation),
    object: ofRange(relation),
    cascade: false,
    rows: {
      alias: textOf(relation, "alias", "aliasname"),
      where: fieldOf(node, "whereClause"),
      joins: listOf(node, others).length > 0 || fieldOf(node, "withClause") !== undefined,
    },
  };
}

function dropped(object: unknown, node: unknown): readonly Statement[] {
  const words = objectWords(textOf(node, "removeType") ?? "");
  const statement = `DROP ${words}`;
  const cascade = isCascade(node);
  if (words === "SCHEMA")
    return [
      { statement, words: objectName(object), object: { kind: "schema", name: objectName(object) }, cascade },
    ];
  if (!relations.has(words)) return [];
  const parts = listOf(object, "List", "items").map(objectName);
  const [name = "", schema] = parts.toReversed();
  return [
    {
      statement,
      words: objectName(object),
      object: { kind: "relation", schema, name, only: false },
      cascade,
    },
  ];
}

const relations: ReadonlySet<string> = new Set([
  "TABLE",
  "MATERIALIZED VIEW",
  "VIEW",
  "FOREIGN TABLE",
  "SEQUENCE",
  "INDEX",
]);

function altered(command: unknown, node: unknown): readonly Statement[] {
  if (textOf(command, "subtype") !== "AT_DropColumn") return [];
  const table = fieldOf(node, "relation");
  const column = textOf(command, "name") ?? "";
  return [
    {
      statement: `ALTER ${objectWords(textOf(node, "objtype") ?? "OBJECT_TABLE")} DROP COLUMN`,
      words: `${relationName(table)}.${column}`,
      object: { ...ofRange(table), column },
      cascade: isCascade(command),
    },
  ];
}

function ofRange(relation: unknown): Extract<Subject, { readonly kind: "relation" }> {
  return {
    kind: "relation",
    schema: textOf(relation, "schemaname"),
    name: textOf(relation, "relname") ?? "",
    only: fieldOf(relation, "inh") !== true,
  };
}

function isCascade(node: unknown): boolean {
  return textOf(node, "behavior") === "DROP_CASCADE";
}
