import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { type Obstacle, type Trial, whyNoSandbox } from "../sandbox/why.js";
import { openPrograms } from "../world/program.js";
import type { Places } from "./places.js";

/** Why no sandbox can be had on this machine, tried out; undefined where one can. */
export function sandboxObstacle(
  places: Places,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Obstacle | undefined> {
  const bubblewrap = findBubblewrap(env["PATH"]);
  const inside = join(places.packageRoot, "shims", "build", "inside");
  const tryOut = async (trial: Trial) => {
    const words = [
      "--unshare-user",
      "--unshare-pid",
      "--ro-bind",
      "/",
      "/",
      "--dev",
      "/dev",
      "--proc",
      "/proc",
    ];
    if (trial === "namespace") return run(bubblewrap ?? "", [...words, "true"]);
    return withFolders(join(places.state, "sandbox"), ({ lower, own }) => {
      const steps = ["scratch", lower, lower, join(own, "upper"), join(own, "work")];
      const overlay = ["overlay", "/usr/bin", lower, "/usr/bin", ";"];
      return run(bubblewrap ?? "", [
        ...[...words, "--bind", own, own, "--die-with-parent", "--as-pid-1", "--cap-add", "ALL"],
        ...[inside, ...overlay, ...steps, "check"],
      ]);
    });
  };
  const facts = {
    platform: process.platform,
    bubblewrap: bubblewrap === undefined ? undefined : run(bubblewrap, ["--version"]).stdout.trim(),
    hasInside: existsSync(inside),
    kernel: release(),
    isRoot: process.getuid?.() === 0,
    settings: {
      unprivilegedUsernsClone: setting("kernel/unprivileged_userns_clone"),
      maxUserNamespaces: setting("user/max_user_namespaces"),
      apparmorRestrictUserns: setting("kernel/apparmor_restrict_unprivileged_userns"),
    },
    isContainer: ["/.dockerenv", "/run/.containerenv"].some((path) => existsSync(path)),
  };
  return whyNoSandbox(facts, tryOut);
}

/** On the user's own PATH, or where systems have it. */
export function findBubblewrap(path: string | undefined): string | undefined {
  const { findProgram } = openPrograms(undefined, () => false);
  return findProgram("bwrap", `${path ?? ""}:/usr/local/bin:/usr/bin:/bin`);
}

function run(program: string, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: "utf8", timeout: 30_000 });
  return { status: status ?? 1, stdout: stdout ?? "", stderr: stderr ?? "" };
}

function withFolders<T>(store: string, work: (folders: { lower: string; own: string }) => T): T {
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(store, "try-"));
  try {
    const [lower, own] = [join(folder, "lower"), join(folder, "own")];
    for (const path of [lower, own, join(own, "upper"), join(own, "work")]) mkdirSync(path);
    return work({ lower, own });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function setting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, "utf8").trim();
  } catch {
    return undefined;
  }
}
