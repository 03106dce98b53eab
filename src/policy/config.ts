import { dirname } from "node:path";
import * as v from "valibot";
import type { Label, Rule } from "../model/rule.js";
import type { SessionSettings } from "../model/session-settings.js";
import { alertEntry, commandEntry, toAlert } from "./alert-entry.js";
import type { Case } from "./case.js";
import { conditionSchema } from "./condition.js";
import { isLooser } from "./decide.js";
import { netEntry, toNet } from "./net-entry.js";
import { decision, ruleEntries, severity, toCases, toRule } from "./pack.js";
import { sandboxEntry, toSandbox } from "./sandbox-entry.js";
import { toTrash, trashEntry } from "./trash-entry.js";
import { type Checked, checkYaml } from "./yaml-source.js";

/**
 * The user's `config.yaml`. A rule with the id of a rule that exists changes it (`then`, `severity`, `instead`, more
 * `unless`); any other id is a new rule and needs `when`, `then` and `because`. A locked rule can only be tightened.
 */
const textEntry = v.pipe(v.string(), v.nonEmpty("must not be empty"));
/** Beside the config alone: what lies in a workspace, an agent or a colleague's commit could change. */
const fileName = v.pipe(
  textEntry,
  v.regex(
    /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\]+$/,
    "must be a file in the folder of this file, named from there: acme.yaml",
  ),
);
export const configSchema = v.strictObject({
  version: v.literal(1, "must be 1"),
  timeout: v.optional(textEntry),
  approve: v.optional(v.boolean("must be true or false")),
  notify: v.optional(commandEntry),
  alerts: v.optional(v.array(alertEntry), []),
  trash: v.optional(trashEntry),
  net: v.optional(netEntry),
  sandbox: v.optional(sandboxEntry),
  include: v.optional(v.array(fileName), []),
  rules: v.optional(
    v.array(
      v.strictObject({
        ...ruleEntries,
        when: v.optional(conditionSchema),
        then: v.optional(decision),
        severity: v.optional(severity),
        because: v.optional(textEntry),
        locked: v.optional(v.boolean()),
      }),
    ),
    [],
  ),
  environments: v.optional(
    v.record(
      textEntry,
      v.strictObject({ hosts: v.optional(v.array(textEntry), []), ids: v.optional(v.array(textEntry), []) }),
    ),
    {},
  ),
});

export interface Config extends SessionSettings {
  readonly rules: readonly Rule[];
  readonly labels: readonly Label[];
  /** Lines that the user's own rules are shown with; to be judged before they are trusted. */
  readonly examples: readonly Case[];
  /** How long to wait for a human, as written (`30s`, `5m`). */
  readonly timeout: string | undefined;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A config whose rules are not laid over anything yet: what it includes comes first. */
export interface ParsedConfig {
  readonly ok: true;
  /** Files beside it; `place` is `file:line:column` of the name. */
  readonly include: readonly { readonly name: string; readonly place: string }[];
  layOver(builtin: readonly Rule[]): ConfigResult;
}

/** Lays the user's config over the built-in rules, without what it includes. */
export function applyConfig(source: string, file: string, builtin: readonly Rule[]): ConfigResult {
  const parsed = parseConfig(source, file);
  return parsed.ok ? parsed.layOver(builtin) : parsed;
}

export function parseConfig(
  source: string,
  file: string,
): ParsedConfig | { readonly ok: false; readonly problems: readonly string[] } {
  const checked = checkYaml(isBlank(source) ? empty : source, file, configSchema);
  if (!checked.ok) return checked;
  return {
    ok: true,
    include: checked.value.include.map((name, at) => ({
      name,
      place: `${file}:${checked.placeOf(["include", at])}`,
    })),
    layOver: (builtin) => layOver(checked, file, builtin),
  };
}

const empty = "version: 1\n";

/** `touch config.yaml`, or one whose every line is a comment: nothing is set, and no session need fail for it. */
function isBlank(source: string): boolean {
  return source.split("\n").every((line) => /^\s*(#|$)/.test(line));
}

type CheckedConfig = Extract<Checked<v.InferOutput<typeof configSchema>>, { readonly ok: true }>;

function layOver(checked: CheckedConfig, file: string, builtin: readonly Rule[]): ConfigResult {
  const rules = [...builtin];
  const examples: Case[] = [];
  const problems: string[] = [];
  checked.value.rules.forEach((raw, index) => {
    const place = `${file}:${checked.lineOf(["rules", index])}`;
    const at = rules.findIndex((rule) => rule.id === raw.id);
    const present = rules[at];
    const made = present === undefined ? newRule(raw, place) : changedRule(raw, present, place);
    if (typeof made === "string") problems.push(`${file}:${checked.placeOf(["rules", index])}: ${made}`);
    else rules.splice(present === undefined ? rules.length : at, present === undefined ? 0 : 1, made);
    if (typeof made !== "string")
      examples.push(...toCases(raw, (key, at) => `${file}:${checked.placeOf(["rules", index, key, at])}`));
  });
  if (problems.length > 0) return { ok: false, problems };
  const labels = Object.entries(checked.value.environments).map(([environment, label]) => ({
    environment,
    ...label,
  }));
  const { timeout, approve = false, notify } = checked.value;
  const alerts = checked.value.alerts.flatMap((entry) => toAlert(entry, dirname(file)));
  const trash = toTrash(checked.value.trash);
  const net = toNet(checked.value.net);
  const sandbox = toSandbox(checked.value.sandbox);
  return {
    ok: true,
    config: { rules, labels, examples, timeout, approve, notify, alerts, trash, net, sandbox },
  };
}

type RawChange = v.InferOutput<typeof configSchema>["rules"][number];

function newRule(raw: RawChange, place: string): Rule | string {
  const { when, because } = raw;
  if (when === undefined || raw.then === undefined || because === undefined)
    return `"${raw.id}" is a new rule and needs "when", "then" and "because"`;
  return toRule(
    {
      ...raw,
      when,
      then: raw.then,
      because,
      severity: raw.severity ?? "medium",
      locked: raw.locked ?? false,
    },
    place,
  );
}

function changedRule(raw: RawChange, rule: Rule, place: string): Rule | string {
  if (raw.when !== undefined)
    return `"${raw.id}" exists; add exceptions with "unless" instead of a new "when"`;
  const decision = raw.then ?? rule.then;
  if (rule.locked && (isLooser(decision, rule.then) || raw.unless.length > 0 || raw.locked === false))
    return `"${raw.id}" is locked and can only be tightened`;
  return {
    ...rule,
    origin: `${rule.origin}, ${place}`,
    then: decision,
    unless: [...rule.unless, ...raw.unless],
    severity: raw.severity ?? rule.severity,
    because: raw.because ?? rule.because,
    instead: raw.instead ?? rule.instead,
    back: raw.back ?? rule.back,
    locked: rule.locked || raw.locked === true,
  };
}
