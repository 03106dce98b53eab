import * as v from "valibot";
import type { Condition, FieldTest, Test } from "../model/rule.js";

/**
 * The fields of Effect that a condition may name, each with the words it may take (undefined: any word).
 * A field or word that does not exist would silently never match, and a guard's rule that never matches is a hole.
 */
export const conditionFields: ReadonlyMap<string, readonly string[] | undefined> = new Map<
  string,
  readonly string[] | undefined
>([
  ["tool", undefined],
  ["action", ["read", "create", "modify", "delete", "execute", "grant", "send"]],
  [
    "resource",
    [
      "file",
      "http",
      "graphql",
      "sql",
      "cloud",
      "git",
      "container",
      "kubernetes",
      "process",
      "device",
      "package",
      "secret",
      "guard",
      "opaque",
    ],
  ],
  ["target", undefined],
  ["recovery", ["git", "recreate", "trash", "backup", "none", "unknown", "needless"]],
  ["environment", undefined],
  ["certainty", ["certain", "possible"]],
  ["place", ["workspace", "outside", "temporary", "device", "protected", "guard", "remote", "unknown"]],
  ["recursive", ["true", "false"]],
  ["aspect", ["content", "name", "access"]],
  ["holds", ["manifest"]],
  ["method", undefined],
  ["host", undefined],
  ["path", undefined],
  ["operation", undefined],
  ["field", undefined],
  ["engine", undefined],
  ["statement", undefined],
  ["database", undefined],
  ["restricted", ["true", "false"]],
  ["provider", undefined],
  ["service", undefined],
  ["type", undefined],
  ["remote", ["true", "false"]],
  ["guarded", ["true", "false"]],
  ["bounds", ["granted", "inside", "outside", "credential", "never"]],
  ["extent", undefined],
]);

const word = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));
const words = v.pipe(v.array(word), v.minLength(1, "needs at least one word"));
const fieldTest = v.union([
  word,
  words,
  v.strictObject({
    not: v.union([
      words,
      v.pipe(
        word,
        v.transform((one) => [one]),
      ),
    ]),
  }),
  v.strictObject({ over: v.pipe(v.number(), v.minValue(0)) }),
]);

/** `{action: delete, place: [workspace, outside], recovery: {not: git}, extent: {over: 10}}` */
export const conditionSchema = v.pipe(
  v.record(v.string(), fieldTest),
  v.check(
    (condition) => Object.keys(condition).length > 0,
    "an empty condition would fit everything; name a field",
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [field, test] of Object.entries(dataset.value)) {
      const problem = checkField(field, test);
      if (problem !== undefined) addIssue({ message: problem });
    }
  }),
  v.transform(
    (condition): Condition =>
      Object.entries(condition).map(([field, test]): FieldTest => ({ field, test: compileTest(test) })),
  ),
);

type RawTest = v.InferOutput<typeof fieldTest>;

function checkField(field: string, test: RawTest): string | undefined {
  if (!conditionFields.has(field))
    return `"${field}" is not a field of an effect; known: ${[...conditionFields.keys()].join(", ")}`;
  const compiled = compileTest(test);
  if ((compiled.kind === "over") !== (field === "extent"))
    return '"extent", and nothing else, takes {over: count}';
  const allowed = conditionFields.get(field);
  if (allowed === undefined || compiled.kind === "over") return undefined;
  const wrong = compiled.of.find((one) => !allowed.includes(one));
  return wrong === undefined
    ? undefined
    : `"${wrong}" is not a value of "${field}"; known: ${allowed.join(", ")}`;
}

function compileTest(test: RawTest): Test {
  if (typeof test === "string") return { kind: "any", of: [test] };
  if (Array.isArray(test)) return { kind: "any", of: test };
  if ("not" in test) return { kind: "none", of: test.not };
  return { kind: "over", count: test.over };
}
