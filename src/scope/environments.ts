import type { Effect } from "../model/effect.js";
import type { Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";
import type { Finding } from "./bounds.js";

/** `environments`: which one an effect reaches, and whether it may be done there. */
export function boundEnvironment(_effect: Effect, _manifest: Manifest, _world: World): Finding | undefined {
  return undefined;
}
