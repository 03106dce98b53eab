import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./session.js";

/** Transcripts run what users run: `dist/` and the shim, built from the source as it is now. */
export function setup(): void {
  const built = spawnSync(process.execPath, [join(root, "build.js"), "--no-types"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
}
