import { type Effect, effectKey } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";

/** What an approval let through and nobody has used yet: exact effects with a count, and folders with a cap. */
export interface Released {
  readonly keys: Map<string, number>;
  areas: readonly Area[];
}

/** Below an approved folder the same action passes, one file at a time, until its count is used up. */
interface Area {
  readonly action: string;
  readonly aspect: string;
  readonly directory: string;
  left: number;
}

export function newReleased(): Released {
  return { keys: new Map(), areas: [] };
}

/** The effects of a judgement that a human has to let through: those that an `ask` rule matched, each occurrence. */
export function askedEffects(judgement: Judgement): readonly Effect[] {
  const indices = new Set<number>();
  for (const match of judgement.matches) if (match.verdict === "ask") indices.add(match.effect);
  return [...indices].flatMap((index) => judgement.effects[index] ?? []);
}

/**
 * What a grant is good for: the deed, and where it is done. The same words reach another cluster by another context, and
 * another company by another account: `kubectl config use-context prod` must not inherit what was allowed in a sandbox.
 */
export function grantKey(effect: Effect): string {
  const { environment, machine, hostName, context } = effect;
  const where: readonly (string | undefined)[] =
    effect.resource === "cloud"
      ? [effect.host, effect.environmentId, effect.account, effect.project, effect.projectId]
      : effect.resource === "git"
        ? [...(effect.remoteUrls ?? [])]
        : effect.resource === "file"
          ? [effect.host, effect.to, effect.linksTo]
          : [];
  return [effectKey(effect), environment, machine, hostName, context, ...where].join("\u0001");
}

/** Puts effects that a human let through into a box: each once, and what lies below a folder up to the count that was shown. */
export function release(into: Released, effects: readonly Effect[]): void {
  for (const effect of effects) {
    const each = (effect.scopes ?? []).map((scope) => grantKey({ ...effect, scope }));
    for (const key of [grantKey(effect), ...each]) into.keys.set(key, (into.keys.get(key) ?? 0) + 1);
    if (effect.resource !== "file" || !effect.recursive) continue;
    const { action, aspect, target: directory } = effect;
    into.areas = [...into.areas, { action, aspect, directory, left: capOf(effect) }];
  }
}

/**
 * Whether every one of these effects is released, nearest box first; `use` takes them out. Nothing is taken unless all
 * are there. No effects is no cover: a verdict that nobody can name is not one that a human gave.
 */
export function cover(
  effects: readonly Effect[],
  session: ReadonlySet<string>,
  boxes: readonly Released[],
  use: boolean,
): boolean {
  if (effects.length === 0) return false;
  const undo: (() => void)[] = [];
  const covered = effects.every((effect) => {
    if (session.has(grantKey(effect))) return true;
    for (const box of boxes) {
      const back = take(effect, box);
      if (back === undefined) continue;
      undo.push(back);
      return true;
    }
    return false;
  });
  if (!covered || !use) for (const back of undo.toReversed()) back();
  return covered;
}

/** Takes one effect out of a box; the way to put it back, or `undefined` when it is not in there. */
function take(effect: Effect, box: Released): (() => void) | undefined {
  const key = grantKey(effect);
  const left = box.keys.get(key) ?? 0;
  if (left > 0) {
    if (left > 1) box.keys.set(key, left - 1);
    else box.keys.delete(key);
    return () => box.keys.set(key, left);
  }
  if (effect.resource !== "file") return undefined;
  const weight = effect.extent.kind === "exact" ? Math.max(1, effect.extent.count) : capOf(effect);
  const area = box.areas.find((each) => isInside(effect.target, each) && fits(effect, each, weight));
  if (area === undefined) return undefined;
  const before = area.left;
  area.left -= weight;
  return () => {
    area.left = before;
  };
}

function isInside(target: string, area: Area): boolean {
  if (target.split("/").includes("..")) return false;
  return target === area.directory || target.startsWith(`${area.directory}/`);
}

function fits(
  effect: { readonly action: string; readonly aspect: string },
  area: Area,
  weight: number,
): boolean {
  return area.action === effect.action && area.aspect === effect.aspect && area.left >= weight;
}

/** What the human saw as an exact count is a cap; what they let through as endless has none. */
function capOf(effect: Effect): number {
  return effect.extent.kind === "exact" ? Math.max(1, effect.extent.count) : Number.POSITIVE_INFINITY;
}
