import type { Effect } from "../model/effect.js";
import type { Label } from "../model/rule.js";
import type { World } from "../model/world.js";
import { settleFile } from "./file.js";
import { labelEffect } from "./label.js";
import { withPlaces } from "./provenance.js";

/** Effects with the evidence: real paths, where they lie, what could be had back, which environment. Same order, same count. */
export function settle(
  effects: readonly Effect[],
  world: World,
  labels: readonly Label[],
): readonly Effect[] {
  return effects.map((effect) =>
    withPlaces(
      effect.resource === "file" && effect.place !== "remote"
        ? settleFile(effect, world)
        : labelEffect(effect, labels),
      world,
    ),
  );
}
