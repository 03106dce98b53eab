import type { Effect, Extent, FileEffect } from "../model/effect.js";
import type { Label } from "../model/rule.js";
import type { World } from "../model/world.js";
import { settleFile } from "./file.js";
import { labelEffect } from "./label.js";
import { withMountsOnce } from "./mounts.js";
import { withPlaces } from "./provenance.js";

/** Effects with the evidence: real paths, where they lie, what could be had back, which environment. Same order, same count. */
export function settle(
  effects: readonly Effect[],
  world: World,
  labels: readonly Label[],
): readonly Effect[] {
  const settleOnce = remembering(withMountsOnce(world));
  return effects.map((effect) =>
    withPlaces(
      effect.resource === "file" && effect.place !== "remote"
        ? settleOnce(effect)
        : labelEffect(effect, labels),
      world,
    ),
  );
}

/**
 * `echo > log; echo > log`, `rm x x x …`: the same deed on the same target is weighed once. The evidence is of one moment either way,
 * and where in the line the effect stands is no part of it. What the trash may take is asked each time.
 */
function remembering(world: World): (effect: FileEffect) => FileEffect {
  const weighed = new Map<string, { readonly effect: FileEffect; readonly settled: FileEffect }>();
  return (effect) => {
    const before = weighed.get(effect.target);
    if (before !== undefined && isSameDeed(before.effect, effect))
      return effect.span === undefined ? before.settled : { ...before.settled, span: effect.span };
    const settled = settleFile(effect, world);
    if (effect.operand === undefined) weighed.set(effect.target, { effect, settled });
    return settled;
  };
}

/** Equal in every field but the place in the line; a field that holds more than a word has to be the very same. */
function isSameDeed(one: FileEffect, other: FileEffect): boolean {
  if ((one.span === undefined) !== (other.span === undefined)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    if (name === "span") return true;
    const [a, b]: readonly unknown[] = [Reflect.get(one, name), Reflect.get(other, name)];
    return a === b || (name === "extent" && isSameExtent(one.extent, other.extent)) || isNone(a, b);
  });
}

function isSameExtent(a: Extent, b: Extent): boolean {
  if (!("count" in a) || !("count" in b)) return a.kind === b.kind;
  return a.kind === b.kind && a.count === b.count && a.unit === b.unit;
}

function isNone(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && a.length === 0 && b.length === 0;
}
