import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { settingsFiles } from "./init-files.js";
import type { Places } from "./places.js";

/** What an agent must not touch: the log, the state, the configuration, the terminal's shells, and the program itself. */
export function guardPaths(places: Places): readonly string[] {
  return [
    places.state,
    dirname(places.config),
    places.data,
    `${places.packageRoot}/bin`,
    `${places.packageRoot}/dist`,
    `${places.packageRoot}/shims/build`,
    ...settingsFiles(places),
  ];
}

/** Of fingerprints: nobody who has one can try values on it. */
export function newSalt(): string {
  return randomBytes(16).toString("hex");
}
