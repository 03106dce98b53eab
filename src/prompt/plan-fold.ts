import type { PlanDeed, PlanStep } from "../model/plan.js";

/** A step as it is shown: by itself, or with others in one place. */
export type ShownStep =
  | { readonly kind: "one"; readonly step: PlanStep; readonly inner: readonly ShownStep[] }
  /** One call of a loop, and the others like it. */
  | {
      readonly kind: "many";
      readonly first: PlanStep;
      readonly last: PlanStep;
      readonly count: number;
      readonly deeds: readonly ManyDeed[];
      readonly inner: readonly ShownStep[];
    }
  /** A run of calls that only read. */
  | {
      readonly kind: "quiet";
      readonly first: number;
      readonly count: number;
      readonly tools: readonly string[];
    };

export interface ManyDeed {
  readonly deed: PlanDeed;
  /** Things that it is done to, by all of the calls. */
  readonly count: number;
  /** The words of the last of them. */
  readonly last: string;
}

/** Loops gathered by kind; of a long plan, what only reads is folded. */
export function foldSteps(steps: readonly PlanStep[]): readonly ShownStep[] {
  const shown = gather(steps);
  return countShown(shown) > longPlan ? foldQuiet(shown) : shown;
}

/** Whether `foldSteps` would leave anything out. */
export function isFolded(steps: readonly ShownStep[]): boolean {
  return steps.some((step) => step.kind !== "one" || isFolded(step.inner));
}

/** Nothing folded, nothing gathered. */
export function allSteps(steps: readonly PlanStep[]): readonly ShownStep[] {
  return steps.map((step) => ({ kind: "one", step, inner: allSteps(step.inner) }));
}

/** More steps than this are no more seen at a glance. */
const longPlan = 12;
const fewInLoop = 4;
const fewQuiet = 2;

function gather(steps: readonly PlanStep[]): readonly ShownStep[] {
  const groups = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const kind = kindOf(step);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [step]);
    else group.push(step);
  }
  return steps.flatMap((step): readonly ShownStep[] => {
    const group = groups.get(kindOf(step)) ?? [step];
    const last = group.at(-1);
    if (group.length <= fewInLoop || last === undefined)
      return [{ kind: "one", step, inner: gather(step.inner) }];
    if (group[0] !== step) return [];
    const inner = gather(group.flatMap((one) => one.inner));
    return [{ kind: "many", first: step, last, count: group.length, deeds: manyDeeds(group), inner }];
  });
}

const kinds = new WeakMap<PlanStep, string>();

/** Calls from one place that do the same to different things. */
function kindOf(step: PlanStep): string {
  const known = kinds.get(step);
  if (known !== undefined) return known;
  const { place, via, tool, isCertain, deeds, unread, inner } = step;
  const own = [place, via.join(">"), tool, isCertain, unread.length > 0, ...deeds.map(deedKind)];
  const kind = [...own, "(", ...new Set(inner.map(kindOf)), ")"].join("\u0000");
  kinds.set(step, kind);
  return kind;
}

function deedKind(deed: PlanDeed): string {
  const { action, resource, environment, recovery, isCertain, bounds, held, credentials } = deed;
  const words = [action, resource, environment, recovery, isCertain, bounds, ...held.map(({ rule }) => rule)];
  return [
    ...words,
    ...credentials.map(({ from, fingerprint, standing }) => `${from} ${fingerprint} ${standing}`),
  ].join(" ");
}

function manyDeeds(group: readonly PlanStep[]): readonly ManyDeed[] {
  const deeds = new Map<string, { deed: PlanDeed; count: number; last: string }>();
  for (const deed of group.flatMap((step) => step.deeds)) {
    const kind = deedKind(deed);
    const known = deeds.get(kind);
    if (known === undefined) deeds.set(kind, { deed, count: deed.count, last: deed.words });
    else deeds.set(kind, { ...known, count: known.count + deed.count, last: deed.words });
  }
  return [...deeds.values()];
}

function countShown(steps: readonly ShownStep[]): number {
  return steps.reduce((sum, step) => sum + 1 + (step.kind === "quiet" ? 0 : countShown(step.inner)), 0);
}

function foldQuiet(steps: readonly ShownStep[]): readonly ShownStep[] {
  const out: ShownStep[] = [];
  let run: ShownStep[] = [];
  const close = (): void => {
    const [first] = run;
    if (run.length <= fewQuiet || first === undefined) out.push(...run);
    else
      out.push({
        kind: "quiet",
        first: numberOf(first),
        count: run.reduce((sum, step) => sum + countCalls(step), 0),
        tools: [...new Set(run.flatMap(toolsOf))].toSorted(),
      });
    run = [];
  };
  for (const step of steps) {
    if (isQuiet(step)) {
      run.push(step);
      continue;
    }
    close();
    out.push(step.kind === "quiet" ? step : { ...step, inner: foldQuiet(step.inner) });
  }
  close();
  return out;
}

function isQuiet(step: ShownStep): boolean {
  if (step.kind === "quiet") return true;
  const { deeds, unread } = step.kind === "one" ? step.step : step.first;
  return unread.length === 0 && deeds.every(isHarmless) && step.inner.every(isQuiet);
}

function isHarmless({ action, held, bounds }: PlanDeed): boolean {
  return (
    action === "read" &&
    held.length === 0 &&
    (bounds === undefined || bounds === "inside" || bounds === "granted")
  );
}

function numberOf(step: ShownStep): number {
  return step.kind === "quiet" || step.kind === "many" ? firstOf(step) : step.step.number;
}

function firstOf(step: Exclude<ShownStep, { kind: "one" }>): number {
  return step.kind === "quiet" ? step.first : step.first.number;
}

function countCalls(step: ShownStep): number {
  if (step.kind === "quiet") return step.count;
  return (step.kind === "many" ? step.count : 1) + step.inner.reduce((sum, one) => sum + countCalls(one), 0);
}

function toolsOf(step: ShownStep): readonly string[] {
  if (step.kind === "quiet") return step.tools;
  const { tool } = step.kind === "one" ? step.step : step.first;
  return [tool, ...step.inner.flatMap(toolsOf)];
}
