import * as v from "valibot";
import type { Rule } from "../model/rule.js";
import type { Case } from "./case.js";
import { conditionSchema } from "./condition.js";
import { checkYaml } from "./yaml-source.js";

/** A pack: rules on effects, each with the lines that show it at work and the lines that it must leave alone. */
export interface Pack {
  readonly rules: readonly Rule[];
  readonly examples: readonly Case[];
}

export type PackResult =
  | { readonly ok: true; readonly pack: Pack }
  | { readonly ok: false; readonly problems: readonly string[] };

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const lines = v.array(text);
const id = v.pipe(text, v.regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "an id is pack/name in lower case with dashes"));

export const decision = v.picklist(["allow", "ask", "deny"]);
export const severity = v.picklist(["info", "low", "medium", "high", "critical"]);

/** One rule as written. */
export const ruleEntries = {
  id,
  when: conditionSchema,
  unless: v.optional(v.array(conditionSchema), []),
  then: decision,
  severity: v.optional(severity, "medium"),
  because: text,
  instead: v.optional(text),
  back: v.optional(text),
  locked: v.optional(v.boolean(), false),
  match: v.optional(lines, []),
  "no-match": v.optional(lines, []),
};

export const packSchema = v.strictObject({
  pack: text,
  rules: v.array(v.strictObject(ruleEntries)),
});

/** Reads one pack of `rules/`. Every rule must carry examples of both kinds. */
export function parsePack(source: string, file: string): PackResult {
  const checked = checkYaml(source, file, packSchema);
  if (!checked.ok) return checked;
  const { pack, rules } = checked.value;
  const problems: string[] = [];
  const seen = new Set<string>();
  rules.forEach((rule, index) => {
    const place = `${file}:${checked.placeOf(["rules", index])}`;
    if (!rule.id.startsWith(`${pack}/`))
      problems.push(`${place}: the id "${rule.id}" must begin with "${pack}/"`);
    if (seen.has(rule.id)) problems.push(`${place}: the id "${rule.id}" stands twice`);
    // A line stands within the bounds of some manifest, or not: schema/conformance has these with theirs.
    // Nor does one hold what only the network layer sees.
    const isOfNoLine = rule.when.some(
      ({ field, test }) =>
        field === "bounds" ||
        (field === "tool" && test.kind === "any" && test.of.every((tool) => tool.startsWith("net/"))),
    );
    if (rule.match.length === 0 && !isOfNoLine)
      problems.push(`${place}: "${rule.id}" needs a line that it matches`);
    if (rule["no-match"].length === 0 && !isOfNoLine)
      problems.push(`${place}: "${rule.id}" needs a line that it leaves alone`);
    seen.add(rule.id);
  });
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    pack: {
      rules: rules.map((rule, index) => toRule(rule, `${file}:${checked.lineOf(["rules", index])}`)),
      examples: rules.flatMap((rule, index) =>
        toCases(rule, (key, at) => `${file}:${checked.placeOf(["rules", index, key, at])}`),
      ),
    },
  };
}

export type RawRule = v.InferOutput<typeof packSchema>["rules"][number];

export function toRule(raw: RawRule, origin: string): Rule {
  return {
    id: raw.id,
    origin,
    when: raw.when,
    unless: raw.unless,
    then: raw.then,
    severity: raw.severity,
    because: raw.because,
    instead: raw.instead,
    ...(raw.back === undefined ? {} : { back: raw.back }),
    locked: raw.locked,
  };
}

/** The lines that a rule is shown with. `placeOf`: `file:line:column` of one of them. */
export function toCases(
  raw: Pick<RawRule, "id" | "match" | "no-match">,
  placeOf: (key: "match" | "no-match", index: number) => string,
): readonly Case[] {
  return (["match", "no-match"] as const).flatMap((key) =>
    raw[key].map((line, index) => ({
      line,
      place: placeOf(key, index),
      expected: { kind: "rule", rule: raw.id, matches: key === "match" } as const,
    })),
  );
}
