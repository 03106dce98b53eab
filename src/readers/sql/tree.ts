/** Reading an untyped syntax tree (PostgreSQL's parse tree as JSON): a wrong guess gives nothing, never an exception. */
export function fieldOf(node: unknown, ...path: readonly string[]): unknown {
  let at = node;
  for (const name of path) at = isNode(at) ? at[name] : undefined;
  return at;
}

export function textOf(node: unknown, ...path: readonly string[]): string | undefined {
  const value = fieldOf(node, ...path);
  return typeof value === "string" ? value : undefined;
}

export function listOf(node: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = fieldOf(node, ...path);
  return Array.isArray(value) ? value : [];
}

/** `schema.table` of a RangeVar, wrapped or not. */
export function relationName(node: unknown): string {
  const relation = fieldOf(node, "RangeVar") ?? node;
  const parts = ["catalogname", "schemaname", "relname"].map((part) => textOf(relation, part));
  return parts.filter((part) => part !== undefined).join(".");
}

/** A name in any of the shapes that DROP and COMMENT hold it in: String, List, TypeName, ObjectWithArgs. */
export function objectName(node: unknown): string {
  const word = textOf(node, "String", "sval");
  if (word !== undefined) return word;
  const number = fieldOf(node, "Integer", "ival");
  if (number !== undefined) return String(number);
  for (const path of [
    ["List", "items"],
    ["TypeName", "names"],
    ["ObjectWithArgs", "objname"],
  ]) {
    const parts = listOf(node, ...path);
    if (parts.length > 0) return parts.map(objectName).join(".");
  }
  return relationName(node);
}

export function roleName(node: unknown): string {
  const role = fieldOf(node, "RoleSpec") ?? node;
  const kind = textOf(role, "roletype") ?? "";
  return textOf(role, "rolename") ?? kind.replace("ROLESPEC_", "").toLowerCase();
}

/** The value of `WITH (name …)`, `true` for a bare name; the last one given counts. */
export function optionOf(options: readonly unknown[], name: string): string | boolean | undefined {
  const found = options.findLast((option) => textOf(option, "DefElem", "defname") === name);
  if (found === undefined) return undefined;
  const value = fieldOf(found, "DefElem", "arg");
  if (value === undefined) return true;
  const flag = fieldOf(value, "Boolean");
  if (flag !== undefined) return fieldOf(flag, "boolval") === true;
  return textOf(value, "String", "sval") ?? String(fieldOf(value, "Integer", "ival") ?? "0");
}

/** Off, as PostgreSQL's defGetBoolean reads it. */
export function isOff(value: string | boolean | undefined): boolean {
  return typeof value === "string"
    ? ["false", "off", "0", "no"].includes(value.toLowerCase())
    : value === false;
}

export function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
