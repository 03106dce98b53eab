import * as v from "valibot";
import type { Decision } from "../model/rule.js";
import { checkYaml } from "./yaml-source.js";

/** A line as somebody would write it, and what is to come of it. */
export interface Case {
  readonly line: string;
  /** `file:line:column` of the line. */
  readonly place: string;
  readonly expected: Expected;
}

export type Expected =
  /** This rule speaks of it, or does not. */
  | { readonly kind: "rule"; readonly rule: string; readonly matches: boolean }
  /** `rules`: these and no others; left out, whichever. */
  | { readonly kind: "verdict"; readonly verdict: Decision; readonly rules: readonly string[] | undefined };

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
export const casesSchema = v.array(
  v.strictObject({
    line: text,
    verdict: v.picklist(["allow", "ask", "deny"]),
    rules: v.optional(v.array(text)),
  }),
);

export type CasesResult =
  | { readonly ok: true; readonly cases: readonly Case[] }
  /** Each `file:line:column: message`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** A file that is nothing but cases. */
export function parseCases(source: string, file: string): CasesResult {
  const checked = checkYaml(source, file, casesSchema);
  if (!checked.ok) return checked;
  return { ok: true, cases: compileCases(checked.value, (at) => `${file}:${checked.placeOf([at, "line"])}`) };
}

/** `placeOf`: `file:line:column` of the case with this index. */
export function compileCases(
  raw: v.InferOutput<typeof casesSchema>,
  placeOf: (index: number) => string,
): readonly Case[] {
  return raw.map(({ line, verdict, rules }, at) => ({
    line,
    place: placeOf(at),
    expected: { kind: "verdict", verdict, rules },
  }));
}
