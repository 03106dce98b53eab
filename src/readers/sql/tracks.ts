import { fieldOf, listOf, objectName, relationName, textOf } from "./tree.js";

/**
 * Tables that the same text certainly made, so that dropping them loses nothing. Certainly: had the CREATE failed, what
 * follows would not run. `CREATE TEMP TABLE users (a nosuchtype); DROP TABLE users;` drops the real one.
 */
export class TableTrack {
  private readonly until = new Map<string, "commit" | "text" | "end">();
  private pathChanged = false;

  has(target: string): boolean {
    return target.startsWith("pg_temp.") || this.until.has(target);
  }

  clear(): void {
    this.until.clear();
  }

  /** The end of a `-c`: the next one runs even if this failed. */
  endText(): void {
    this.forget("text");
  }

  follow(kind: string, node: unknown, inTransaction: boolean, failureEnds: "text" | "run" | "nothing"): void {
    switch (kind) {
      case "CreateStmt":
      case "CreateTableAsStmt": {
        const relation = fieldOf(node, "relation") ?? fieldOf(node, "into", "rel");
        if (fieldOf(node, "if_not_exists") === true || this.pathChanged) return;
        const onCommit = textOf(node, "oncommit") ?? textOf(node, "into", "onCommit");
        const isBrief = onCommit === "ONCOMMIT_DROP" || failureEnds === "nothing";
        if (isBrief && !inTransaction) return;
        this.until.set(relationName(relation), isBrief ? "commit" : failureEnds === "run" ? "end" : "text");
        return;
      }
      case "DropStmt":
        for (const object of listOf(node, "objects")) this.until.delete(objectName(object));
        if (textOf(node, "removeType") !== "OBJECT_TABLE") this.clear();
        return;
      case "TransactionStmt":
        if (/ROLLBACK/.test(textOf(node, "kind") ?? "")) this.clear();
        if (/COMMIT|PREPARE/.test(textOf(node, "kind") ?? "")) this.forget("commit");
        return;
      case "VariableSetStmt":
        if (!/^(search_path|role|session_authorization)$/.test(textOf(node, "name") ?? "search_path")) return;
        this.pathChanged = true;
        this.clear();
        return;
      case "RenameStmt":
      case "AlterObjectSchemaStmt":
      case "DiscardStmt":
      case "ExecuteStmt":
        this.clear();
        return;
      default:
    }
  }

  private forget(scope: "commit" | "text"): void {
    for (const [name, until] of this.until) if (until === scope) this.until.delete(name);
  }
}

/** `VIEW v`, as the words behind DROP say it, for definitions that a script drops and creates anew. */
export function definedBy(kind: string, node: unknown): string | undefined {
  switch (kind) {
    case "ViewStmt":
      return `VIEW ${relationName(fieldOf(node, "view"))}`;
    case "CreateTableAsStmt":
      return textOf(node, "objtype") === "OBJECT_MATVIEW"
        ? `MATERIALIZED VIEW ${relationName(fieldOf(node, "into", "rel"))}`
        : undefined;
    case "CreateFunctionStmt": {
      const words = fieldOf(node, "is_procedure") === true ? "PROCEDURE" : "FUNCTION";
      return `${words} ${listOf(node, "funcname").map(objectName).join(".")}`;
    }
    case "CreateTrigStmt":
      return `TRIGGER ${relationName(fieldOf(node, "relation"))}.${textOf(node, "trigname")}`;
    case "CreatePolicyStmt":
      return `POLICY ${relationName(fieldOf(node, "table"))}.${textOf(node, "policy_name")}`;
    case "RuleStmt":
      return `RULE ${relationName(fieldOf(node, "relation"))}.${textOf(node, "rulename")}`;
    case "IndexStmt":
      return `INDEX ${textOf(node, "idxname")}`;
    case "CreateRoleStmt":
      return `ROLE ${textOf(node, "role")}`;
    default:
      return undefined;
  }
}
