import { isKnown, showArg } from "../model/arg.js";
import { type Credential, type Effect, effectKey } from "../model/effect.js";
import type { JudgedCall, Judgement } from "../model/judgement.js";
import type { Plan, PlanDeed, PlanRule, PlanStep, PlanSummary } from "../model/plan.js";
import { quoteWords } from "../model/quoted.js";
import type { Match } from "../model/rule.js";
import { headline, headlineKey, shownEnvironment } from "./headlines.js";
import { backWords } from "./plan-back.js";
import { unknownPrograms } from "./unknown-programs.js";

/** A text, and what the judge made of it. */
export interface Judged {
  readonly text: string;
  readonly judgement: Judgement;
}

/** What will be done, call by call: of one text, or of several that run one after the other. */
export function makePlan(items: readonly Judged[]): Plan {
  const parts = items.map(readItem);
  const unread = [...new Set(items.flatMap(unreadErrors))];
  return {
    summary: summarize(items, parts),
    steps: numbered(parts.flatMap(({ steps }) => steps)),
    unread,
  };
}

interface Part {
  readonly steps: readonly PlanStep[];
  readonly unread: number;
}

function readItem({ text, judgement }: Judged): Part {
  const { calls, effects, origins } = judgement;
  const held = heldRules(judgement.matches);
  const children = indicesBy(calls.map((_, at) => origins.calls[at]));
  const own = indicesBy(effects.map((_, at) => origins.effects[at]));
  const doneBy = (at: number | undefined): readonly PlanDeed[] =>
    gatherDeeds(own.get(at) ?? [], effects, held);
  let unread = 0;
  const stepOf = (at: number): readonly PlanStep[] => {
    const call = calls[at];
    if (call === undefined) return [];
    const outer = origins.calls[at];
    const hidden = unforeseen(call);
    const deeds = doneBy(at);
    if (hidden.length > 0 || deeds.some(({ resource }) => resource === "opaque")) unread += 1;
    return [
      {
        number: 0,
        via: call.via.slice(outer === undefined ? 0 : (calls[outer]?.via.length ?? 0)),
        tool: showArg(call.tool),
        text: callText(call),
        isCertain: call.certain,
        deeds,
        unread: hidden,
        inner: (children.get(at) ?? []).flatMap(stepOf),
        place: call.span === undefined ? "" : `${call.span.start} ${call.span.end}`,
      },
    ];
  };
  const steps = (children.get(undefined) ?? []).flatMap(stepOf);
  // A line that could not be read, or a question from a session that says no calls.
  const whole = doneBy(undefined);
  const plain = { number: 0, via: [], tool: "", isCertain: true, unread: [], inner: [], place: "" };
  return { steps: whole.length === 0 ? steps : [{ ...plain, text, deeds: whole }, ...steps], unread };
}

function indicesBy<T>(keys: readonly T[]): ReadonlyMap<T, readonly number[]> {
  const groups = new Map<T, number[]>();
  for (const [at, key] of keys.entries()) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [at]);
    else group.push(at);
  }
  return groups;
}

function callText({ argv }: JudgedCall): string {
  return argv
    .map((arg) => (!isKnown(arg) ? arg.source : /^\[\[?$|^\]\]?$/.test(arg) ? arg : quoteWords([arg])))
    .join(" ");
}

/** What is not known now, with the reason. */
function unforeseen(call: JudgedCall): readonly string[] {
  const words = call.argv.flatMap((arg) => (isKnown(arg) ? [] : [arg]));
  const reasons = [...new Set(words.map(({ source, reason }) => `${source}: ${reason}`))];
  const later = call.sight === "later" ? "judged when it runs, with what it is then" : "not seen again";
  const hidden = call.known ? reasons.map((reason) => `${reason}; ${later}`) : [];
  return unknownPrograms([call]).length === 0
    ? hidden
    : [...hidden, "nobody described this program: what it starts is judged, what it does by itself is not"];
}

function heldRules(matches: readonly Match[]): ReadonlyMap<number, readonly PlanRule[]> {
  const held = new Map<number, PlanRule[]>();
  for (const { effect, rule, verdict, severity, because, instead, back } of matches) {
    if (verdict === "allow") continue;
    const rules = held.get(effect) ?? [];
    if (!rules.some((one) => one.rule === rule))
      rules.push({ rule, verdict, severity, because, instead, back });
    held.set(effect, rules);
  }
  return held;
}

/** One deed for files that the same is done to, and for the same thing twice. */
function gatherDeeds(
  indices: readonly number[],
  effects: readonly Effect[],
  held: ReadonlyMap<number, readonly PlanRule[]>,
): readonly PlanDeed[] {
  const groups = new Map<string, { readonly effects: Effect[]; readonly rules: readonly PlanRule[] }>();
  for (const at of indices) {
    const effect = effects[at];
    if (effect === undefined) continue;
    const rules = held.get(at) ?? [];
    const parts = [
      headlineKey(effect),
      effect.bounds,
      effect.boundsBecause,
      ...rules.map(({ rule }) => rule),
    ];
    const key = parts.join("\u0000");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { effects: [effect], rules });
    else group.effects.push(effect);
  }
  return [...groups.values()].flatMap((group) => deedOf(group.effects, group.rules));
}

function deedOf(effects: readonly Effect[], held: readonly PlanRule[]): readonly PlanDeed[] {
  const [first] = effects;
  if (first === undefined) return [];
  const { words, isCertain, because } = headline("info", effects);
  return [
    {
      words,
      action: first.action,
      resource: first.resource,
      count: new Set(effects.map(effectKey)).size,
      loss: lossOf(first),
      isCertain,
      environment: shownEnvironment(first),
      bounds: first.bounds,
      boundsBecause: first.boundsBecause,
      recovery: first.recovery,
      back: backWords(effects),
      because,
      credentials: distinct(effects.flatMap(({ credentials }) => credentials)),
      held,
    },
  ];
}

function lossOf({ action, recovery, resource }: Effect): PlanDeed["loss"] {
  const takes = action === "delete" || action === "modify" || action === "grant";
  if (!takes || resource === "opaque") return "none";
  return recovery === "none" ? "good" : recovery === "unknown" ? "doubtful" : "none";
}

function distinct(credentials: readonly Credential[]): readonly Credential[] {
  return [
    ...new Map(
      credentials.map((each) => [
        [each.name, each.from, each.fingerprint, each.standing].join("\u0000"),
        each,
      ]),
    ).values(),
  ];
}

/** What no step says. */
function unreadErrors({ judgement: { errors, effects } }: Judged): readonly string[] {
  const said = new Set(effects.map(({ because }) => because));
  return errors.filter((error) => !said.has(error));
}

function summarize(items: readonly Judged[], parts: readonly Part[]): PlanSummary {
  const effects = items.flatMap(({ judgement }) => judgement.effects);
  const count = (loss: PlanDeed["loss"]): number =>
    new Set(effects.filter((effect) => lossOf(effect) === loss).map(effectKey)).size;
  const environments = [...new Set(effects.map(shownEnvironment))].filter((name) => name !== undefined);
  const held = items.flatMap(({ judgement: { matches, origins } }, item) =>
    matches
      .filter(({ verdict }) => verdict !== "allow")
      .map(({ effect }) => `${item} ${origins.effects[effect]}`),
  );
  return {
    calls: items.reduce((sum, { judgement }) => sum + judgement.calls.length, 0),
    held: new Set(held).size,
    lost: count("good"),
    doubtful: count("doubtful"),
    environments: environments.toSorted((a, b) => Number(a === "unknown") - Number(b === "unknown")),
    credentials: distinct(effects.flatMap(({ credentials }) => credentials)),
    unread: parts.reduce((sum, { unread }) => sum + unread, 0),
  };
}

function numbered(steps: readonly PlanStep[]): readonly PlanStep[] {
  let last = 0;
  const count = (step: PlanStep): PlanStep => {
    last += 1;
    return { ...step, number: last, inner: step.inner.map(count) };
  };
  return steps.map(count);
}
