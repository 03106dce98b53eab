import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Places } from "./places.js";

/** Of this package, from its manifest. */
export function readVersion({ packageRoot }: Places): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "?";
}
