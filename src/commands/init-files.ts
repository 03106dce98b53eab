import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Places } from "./places.js";

/** The settings files that `holdpoint init` has written to: whoever changes them back is out of its guard. */
export function settingsFiles({ data }: Places): readonly string[] {
  const folder = join(data, "init");
  return namesIn(folder).flatMap((name) => {
    try {
      const memory: unknown = JSON.parse(readFileSync(join(folder, name), "utf8"));
      return typeof memory === "object" &&
        memory !== null &&
        "file" in memory &&
        typeof memory.file === "string"
        ? [memory.file]
        : [];
    } catch {
      return [];
    }
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
