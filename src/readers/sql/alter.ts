import { cascade, dropLoss, lose } from "./drops.js";
import type { Deed } from "./effects.js";
import { fieldOf, isNode, listOf, objectName, textOf } from "./tree.js";

/** One command of ALTER TABLE, of a foreign table, or of a composite type. `words`: `ALTER TABLE`. */
export function alterTable(words: string, table: string, node: unknown): Deed {
  const command = fieldOf(node, "AlterTableCmd");
  const subtype = textOf(command, "subtype") ?? "";
  const part = textOf(command, "name");
  const target = part === undefined ? table : `${table}.${part}`;
  const change: Deed = { action: "modify", statement: words, target, revocable: true };
  switch (subtype) {
    case "AT_DropColumn":
      return {
        ...lose(`${words} DROP COLUMN`, target),
        // A foreign table only shows what lies elsewhere.
        ...(words === "ALTER FOREIGN TABLE" ? dropLoss("FOREIGN TABLE", false) : {}),
        ...cascade(command),
      };
    case "AT_DropConstraint":
      return { ...lose(`${words} DROP CONSTRAINT`, target), ...dropLoss("CONSTRAINT", false) };
    case "AT_DropIdentity":
      return { ...lose(`${words} DROP IDENTITY`, target), ...dropLoss("IDENTITY", false) };
    case "AT_AlterColumnType": {
      const statement = `${words} ALTER COLUMN TYPE`;
      const using = fieldOf(command, "def", "ColumnDef", "raw_default");
      // USING with an expression that leaves the old value out overwrites the column in every row.
      if (forgets(using, part ?? "")) return { ...change, statement, restricted: false };
      // With one that computes, rows may change as an UPDATE changes them.
      return { ...change, statement: isPlain(using) ? statement : `${statement} USING` };
    }
    case "AT_DisableRowSecurity":
    case "AT_NoForceRowSecurity":
      return { ...change, action: "grant", statement: `${words} DISABLE ROW LEVEL SECURITY` };
    case "AT_ChangeOwner":
      return { ...change, action: "grant", statement: `${words} OWNER` };
    case "AT_SetUnLogged":
      return { ...change, statement: `${words} SET UNLOGGED` };
    case "AT_DisableTrig":
    case "AT_DisableTrigAll":
    case "AT_DisableTrigUser":
      return {
        ...change,
        statement: `${words} DISABLE TRIGGER`,
        target: part === undefined ? table : target,
      };
    case "AT_DisableRule":
      return { ...change, statement: `${words} DISABLE RULE` };
    case "AT_DetachPartition":
      return { ...change, statement: `${words} DETACH PARTITION` };
    default:
      return change;
  }
}

function forgets(using: unknown, column: string): boolean {
  return using !== undefined && !JSON.stringify(using).includes(`{"sval":${JSON.stringify(column)}}`);
}

/** No USING, or the column itself, cast. */
function isPlain(using: unknown): boolean {
  if (using === undefined) return true;
  const inner = fieldOf(using, "TypeCast", "arg");
  return isNode(inner) ? isPlain(inner) : listOf(using, "ColumnRef", "fields").map(objectName).length > 0;
}
