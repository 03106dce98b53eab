import { objectWords } from "./drops.js";
import type { Deed } from "./effects.js";
import { fieldOf, isOff, listOf, objectName, optionOf, roleName, textOf } from "./tree.js";
import { statementTarget } from "./words.js";

/** Who may do what: privileges, roles, owners, policies, labels. Undefined for a node that is about something else. */
export function readGrant(kind: string, node: unknown): Deed | undefined {
  switch (kind) {
    case "GrantStmt":
      return grant(node);
    case "GrantRoleStmt": {
      const granted = listOf(node, "granted_roles").map(
        (role) => textOf(role, "AccessPriv", "priv_name") ?? "",
      );
      return granting(grantWord(node), `${granted.join(", ")} for ${rolesOf(node, "grantee_roles")}`);
    }
    case "AlterDefaultPrivilegesStmt":
      return granting(
        "ALTER DEFAULT PRIVILEGES",
        rolesOf(node, "action", "grantees") || "default privileges",
      );
    case "CreateRoleStmt":
      return granting(roleWords("CREATE ROLE", node), textOf(node, "role") ?? "");
    case "AlterRoleStmt":
      return granting(roleWords("ALTER ROLE", node), roleName(fieldOf(node, "role")));
    case "AlterOwnerStmt":
      return granting("ALTER OWNER", objectName(fieldOf(node, "object")));
    case "ReassignOwnedStmt":
      return granting("REASSIGN OWNED", rolesOf(node, "roles"));
    case "AlterPolicyStmt":
      return granting("ALTER POLICY", statementTarget(node));
    case "SecLabelStmt":
      return granting("SECURITY LABEL", statementTarget(node));
    default:
      return undefined;
  }
}

function granting(statement: string, target: string): Deed {
  return { action: "grant", statement, target, revocable: true };
}

function grantWord(node: unknown): string {
  return fieldOf(node, "is_grant") === true ? "GRANT" : "REVOKE";
}

function rolesOf(node: unknown, ...path: readonly string[]): string {
  return listOf(node, ...path)
    .map(roleName)
    .join(", ");
}

function grant(node: unknown): Deed {
  const objects = listOf(node, "objects").map(objectName);
  const type = textOf(node, "objtype") ?? "";
  const what = objects.join(", ") || objectWords(type);
  const deed = granting(grantWord(node), `${what} for ${rolesOf(node, "grantees")}`);
  const isTables = type === "OBJECT_TABLE" && textOf(node, "targtype") === "ACL_TARGET_OBJECT";
  return isTables ? { ...deed, tables: objects } : deed;
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
