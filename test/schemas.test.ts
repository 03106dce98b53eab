import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { schemas } from "../src/build/schemas.js";
import { root } from "./scripts/session.js";

// What editors are told is what the code reads: made from it, and true of every file here.
const made = schemas(root);
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validators = new Map<string, ValidateFunction>();
function validator(name: string): ValidateFunction {
  const known = validators.get(name) ?? ajv.compile(JSON.parse(JSON.stringify(made[name])));
  validators.set(name, known);
  return known;
}

function problemsOf(schema: string, text: string): readonly string[] {
  const validate = validator(schema);
  validate(parse(text));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

test.each(Object.keys(made))("schema/%s is what the code makes of itself", (name) => {
  const committed = readFileSync(join(root, "schema", name), "utf8");
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(made[name])));
});

const files = [
  ["pack.schema.json", "rules"],
  ["tool.schema.json", "rules/tools"],
  ["api.schema.json", "rules/apis"],
  ["cases.schema.json", "test/cases"],
  ["conformance.schema.json", "schema/conformance"],
].flatMap(([schema = "", folder = ""]) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ schema, path: join(folder, name) })),
);

test.each(files)("$path fits $schema", ({ schema, path }) => {
  const text = readFileSync(join(root, path), "utf8");
  expect(problemsOf(schema, text)).toEqual([]);
  const named = /^# yaml-language-server: \$schema=(\S+)/.exec(text)?.[1];
  if (named !== undefined) expect(join(path, "..", named)).toBe(join("schema", schema));
});

const rule = "id: a/b, then: ask, because: c, match: [x], no-match: [y]";
test.each([
  ["pack.schema.json", `pack: a\nrules: [{${rule}, when: {action: delete, extent: {over: 3}}}]`, 0],
  ["pack.schema.json", `pack: a\nrules: [{${rule}, when: {recursive: true, target: {not: [1, x]}}}]`, 0],
  ["pack.schema.json", `pack: a\nrules: [{${rule}, when: {actoin: delete}}]`, 1],
  ["pack.schema.json", `pack: a\nrules: [{${rule}, when: {action: remove}}]`, 1],
  ["pack.schema.json", `pack: a\nrules: [{${rule}, when: {}}]`, 1],
  ["config.schema.json", `version: 1\ninclude: [a.yaml]\nrules: [{id: a/b, unless: [{target: x}]}]`, 0],
  ["config.schema.json", "version: 1\ninclude: [../a.yaml]", 1],
  ["config.schema.json", "version: 2", 1],
  ["tool.schema.json", "tool: a\nresource: cloud\nprovider: a\ncommands: {b: {deletes: c}}", 1],
  ["tool.schema.json", "tool: a\nresource: cloud\nprovider: a\ncases: [{line: a b, verdict: no}]", 1],
  ["api.schema.json", "api: a\nhosts: [a.example]\npaths: {DELETE /a: {delete: b}}", 0],
  ["api.schema.json", "api: a\nhosts: [a.example]\npaths: {delete a: {delete: b}}", 1],
])("%s of: %s", (schema, text, least) => {
  const problems = problemsOf(schema, text);
  if (least === 0) expect(problems).toEqual([]);
  else expect(problems.length).toBeGreaterThanOrEqual(least);
});

test.each([
  ["pack.schema.json", ["rules", "items", "properties", "because"]],
  ["pack.schema.json", ["rules", "items", "properties", "when", "properties", "place"]],
  ["config.schema.json", ["include"]],
  ["tool.schema.json", ["environment"]],
  ["tool.schema.json", ["cases"]],
  ["api.schema.json", ["hosts"]],
])("%s says what %j means", (name, path) => {
  let at: unknown = made[name];
  for (const key of ["properties", ...path])
    at = typeof at === "object" && at !== null ? new Map(Object.entries(at)).get(key) : undefined;
  expect(at).toMatchObject({ description: expect.stringMatching(/\w+ \w+/) });
});
