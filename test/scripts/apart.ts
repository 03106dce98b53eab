import { spawnSync } from "node:child_process";

/**
 * Words to put before a program, so that it finds no session but those below the test's own folder: holdpoint looks into
 * /tmp and /run/user whatever the environment says, and another session that runs there has its own say. Without the right
 * to a mount namespace there are none, and the test is what it would be without them.
 */
export function withoutOtherSessions(): readonly string[] {
  const words = [
    ...["unshare", process.getuid?.() === 0 ? "-m" : "-Urm", "sh", "-c"],
    'for d in /tmp /run/user; do [ ! -d $d ] || mount -t tmpfs none $d || exit 70; done; exec "$@"',
    "apart",
  ];
  const [program = "", ...args] = [...words, "true"];
  return spawnSync(program, args, { stdio: "ignore" }).status === 0 ? words : [];
}
