import type { Effect } from "../model/effect.js";
import type { Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";
import type { Finding } from "./bounds.js";

/** `credentials`: what each is for. */
export function boundCredentials(_effect: Effect, _manifest: Manifest, _world: World): Finding | undefined {
  return undefined;
}
