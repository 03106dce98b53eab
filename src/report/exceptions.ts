import * as v from "valibot";
import { type Effect, effectKey } from "../model/effect.js";
import { escapeGlob } from "../model/glob.js";
import type { Rule } from "../model/rule.js";
import { conditionFields, conditionSchema } from "../policy/condition.js";
import { matchRules } from "../policy/match.js";
import type { Denial, Held } from "./denials.js";

/** An exception in the user's config: this rule no longer minds this effect. */
export interface Exception {
  readonly rule: string;
  /** The fields of a condition, with globs' own characters escaped. */
  readonly condition: ReadonlyMap<string, string>;
}

export type Exceptions =
  | { readonly ok: true; readonly exceptions: readonly Exception[] }
  /** Lower case, no full stop. */
  | { readonly ok: false; readonly reason: string };

/** What in the config would let exactly this through, or why nothing there can. */
export function exceptionsFor({ held, cause }: Denial): Exceptions {
  if (held.length === 0) return { ok: false, reason: `no rule denied it, but this: ${cause}` };
  const locked = held.find(({ match }) => match.locked);
  if (locked !== undefined)
    return { ok: false, reason: `rule ${locked.match.rule} is locked: it has no exceptions` };
  const distinct = new Map(
    held.map((each) => [`${each.match.rule}\u0000${effectKey(each.effect)}`, each] as const),
  );
  if (distinct.size > mostExceptions) {
    const rules = [...new Set(held.map(({ match }) => match.rule))].join(", ");
    return {
      ok: false,
      reason: `it does too many things to name each; an "unless" of your own in ${rules} can`,
    };
  }
  const exceptions: Exception[] = [];
  for (const each of distinct.values()) {
    const made = exceptionFor(each);
    if (typeof made === "string") return { ok: false, reason: made };
    exceptions.push(made);
  }
  return { ok: true, exceptions };
}

function exceptionFor({ match, effect }: Held): Exception | string {
  const values = new Map(Object.entries(effect));
  const condition = new Map<string, string>();
  for (const field of identity) {
    const value: unknown = values.get(field);
    if (typeof value !== "string" && typeof value !== "boolean") continue;
    if (field === "environment" && value === "unknown") continue;
    const text = String(value);
    // The mask stands for any secret: an exception for one would be none, or one for all.
    if (text.includes("‹redacted›")) return "its name holds a secret, which no config should";
    condition.set(field, globbed.has(field) ? escapeGlob(text) : text);
  }
  return fits(condition, effect)
    ? { rule: match.rule, condition }
    : "its name cannot be written as a condition";
}

/**
 * What is done, to what and where: all that tells effects apart and that a condition can say. Not how much (a later run may
 * reach more), nor with which tool.
 */
const identity = [
  ...["action", "resource", "target", "aspect", "recursive", "method", "host", "path"],
  ...["provider", "service", "type", "operation", "field", "remote"],
  ...["engine", "statement", "database", "restricted", "guarded", "environment"],
].filter((field) => conditionFields.has(field));

const globbed: ReadonlySet<string> = new Set(["target", "host", "path", "database", "operation"]);

/** Tried, not trusted: the way that a rule of the config would go. */
function fits(condition: ReadonlyMap<string, string>, effect: Effect): boolean {
  const parsed = v.safeParse(conditionSchema, Object.fromEntries(condition));
  if (!parsed.success) return false;
  const rule: Rule = {
    id: "report/exception",
    origin: "",
    when: parsed.output,
    unless: [],
    then: "ask",
    severity: "info",
    because: "",
    instead: undefined,
    locked: false,
  };
  return matchRules([rule], [effect]).length === 1;
}

/** More would be pasted without being read. */
const mostExceptions = 12;
