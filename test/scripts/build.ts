import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./session.js";

/** Transcripts run what users run: `dist/` and the shim, built from the source as it is now. */
export function setup(): void {
  if (!isStale()) return;
  const built = spawnSync(process.execPath, [join(root, "build.js"), "--no-types"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
}

function isStale(): boolean {
  const built = statSync(join(root, "dist", "knowledge.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ["src", "rules", "shims"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        join(root, folder, name),
      ),
    )
    .some(
      (path) =>
        !path.includes("/shims/build") &&
        statSync(path, { throwIfNoEntry: false })?.mtimeMs !== undefined &&
        statSync(path).mtimeMs > built,
    );
}
