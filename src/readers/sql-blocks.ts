import { readFunction } from "./sql-functions.js";
import { postgresQuoting, readTokens } from "./sql-lexicon.js";
import { isNode, listOf, objectName, textOf } from "./sql-tree.js";

/**
 * Why a DO block may destroy something; undefined when none of its words could. PL/pgSQL runs only statements that stand
 * in it and what EXECUTE puts together, so a block without these words (`CREATE TYPE … EXCEPTION WHEN duplicate_object`)
 * is as harmless as it looks.
 */
export function findBlockDeeds(node: unknown): string | undefined {
  const args = listOf(node, "args");
  const language = argument(args, "language") ?? "plpgsql";
  if (language !== "plpgsql" && language !== "sql") return `a DO block in the language ${language}`;
  const tokens = readTokens(argument(args, "as") ?? "", postgresQuoting);
  const names = tokens.flatMap(({ kind, text }) => (kind === "word" || kind === "name" ? [text] : []));
  const found = names.find(
    (name, index) =>
      destructive.has(name) ||
      (name === "CREATE" && /^(ROLE|USER)$/.test(names[index + 1] ?? "")) ||
      readFunction({ funcname: [{ String: { sval: name.toLowerCase() } }] }, new Set()) !== undefined,
  );
  return found === undefined ? undefined : `a DO block that says ${found}`;
}

const destructive: ReadonlySet<string> = new Set([
  "DROP",
  "TRUNCATE",
  "DELETE",
  "UPDATE",
  "MERGE",
  "EXECUTE",
  "CALL",
  "GRANT",
  "REVOKE",
  "COPY",
  "OWNER",
  "REASSIGN",
  "SUPERUSER",
  "SYSTEM",
  "LOAD",
]);

function argument(args: readonly unknown[], name: string): string | undefined {
  const found = args.find((one) => textOf(one, "DefElem", "defname") === name);
  if (!isNode(found)) return undefined;
  return (
    textOf(found, "DefElem", "arg", "String", "sval") ??
    objectName(listOf(found, "DefElem", "arg", "List", "items")[0])
  );
}
