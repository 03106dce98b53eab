import type { Effect } from "../model/effect.js";
import type { Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";
import type { Finding } from "./bounds.js";

/** `files`: what may be read, written, and never touched. */
export function boundFile(_effect: Effect, _manifest: Manifest, _world: World): Finding | undefined {
  return undefined;
}
