import { showUntrusted } from "../prompt/visible.js";
import type { Held } from "./manifests.js";

/** For the start of a session: which manifests hold, what for, and what of them a person would have to say. */
export function scopeLines(held: readonly Held[]): readonly string[] {
  return held.map(({ manifest, from }) => {
    const { file, purpose, isTrusted } = manifest;
    const why = purpose === undefined ? "" : ` (${shorten(purpose)})`;
    return `scope ${showUntrusted(file)}${why}${standing(isTrusted, from, allows(manifest))}`;
  });
}

/** Whether trusting it would let anything go without a question. */
export function allows({ environments }: Held["manifest"]): boolean {
  return environments.some(({ allow }) => allow.length > 0);
}

function standing(isTrusted: boolean, from: Held["from"], isLoosening: boolean): string {
  if (from === "remembered") return ": as it was trusted last; the file is another now, or gone";
  if (isTrusted || !isLoosening) return "";
  return ": not trusted, so it only tightens; to let it allow what it says: holdpoint trust";
}

function shorten(text: string): string {
  const line = showUntrusted(text.replaceAll(/\s+/g, " ").trim());
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
