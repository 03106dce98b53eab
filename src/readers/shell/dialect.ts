import { isKnown } from "../../model/arg.js";
import type { Call, Shell } from "../../model/call.js";

/** Shells by their names. */
export const dialects: ReadonlyMap<string, Shell> = new Map([
  ["bash", "bash"],
  ["rbash", "bash"],
  ["ksh", "bash"],
  ["ksh93", "bash"],
  ["mksh", "bash"],
  ["sh", "sh"],
  ["dash", "sh"],
  ["ash", "sh"],
  ["zsh", "zsh"],
  ["fish", "fish"],
]);

/** Which dialect a shell of this name reads. */
export function dialectOf(name: string): Shell | undefined {
  return dialects.get(name);
}

/** What the program is called, as far as that is known. */
export function nameOf(call: Call): string {
  return isKnown(call.tool) ? call.tool : call.tool.source;
}
