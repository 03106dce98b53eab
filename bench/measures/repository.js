import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../context.js";

/** Makes the bench's folder a repository with one commit, and compiles the program that starts others by the clock: its path. */
export function repository(bench) {
  const spawn = join(bench.home, "spawn");
  if (existsSync(spawn)) return spawn;
  bench.run("cc", ["-O2", "-o", spawn, join(root, "bench", "spawn.c")]);
  bench.run("git", ["init", "-q"]);
  writeFileSync(join(bench.work, "tracked.txt"), "tracked\n");
  bench.run("git", ["add", "."]);
  bench.run("git", ["-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-qm", "first"]);
  return spawn;
}
