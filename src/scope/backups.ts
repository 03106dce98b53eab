import type { Effect } from "../model/effect.js";
import type { Manifest } from "../model/scope.js";
import type { Finding } from "./bounds.js";

/** `backups`: what is not deleted without fresh evidence of one. */
export function boundBackup(_effect: Effect, _manifest: Manifest): Finding | undefined {
  return undefined;
}
