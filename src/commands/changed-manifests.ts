import { showUntrusted } from "../prompt/visible.js";
import type { Held } from "./manifests.js";
import { readOwnText } from "./own-text.js";

/**
 * Of the manifests that a session began with, those that are others at its end, in words: whatever changed one, seen or not
 * (a program's own code, an archive from a pipe), this is the moment at which a person still knows what ran.
 */
export function changedManifests(held: readonly Held[]): readonly string[] {
  return held.flatMap(({ manifest: { file, isTrusted }, text, from }) => {
    if (from !== "file") return [];
    const now = readOwnText(file);
    if (now.ok && now.text === text) return [];
    const what = now.ok ? "has changed" : now.isMissing ? "is gone" : now.reason;
    const then = isTrusted
      ? "what was trusted stays in force beside it, and neither allows anything until a person runs holdpoint trust"
      : "the next session begins with what is there now: look at it first";
    return [showUntrusted(`${file} ${what} since this session began; ${then}`)];
  });
}
