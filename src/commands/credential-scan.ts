import { closeSync, readdirSync, readlinkSync } from "node:fs";
import { dropDumps } from "../launcher/dumps.js";

// A session's look at its files, as a process of its own: a job on stdin, fingerprints and places on stdout. It ends with its
// work, or with the session that holds the other end of its stdin.

// Node would open its debugger to anyone on this machine.
process.on("SIGUSR1", () => {});
// This process holds what the session's own must not: the values.
dropDumps();
closeTerminals();
// The session went away, or wants no more.
process.stdout.on("error", () => process.exit(1));
process.stdin.on("end", () => process.exit(1));

// Loaded only now: most of a start is the detector's.
void import("./credential-look.js").then(({ scanFromInput }) => scanFromInput()).then(() => process.exit(0));

/** The outer end of the relay's terminal comes along with every child: kept here, it would keep that terminal alive. */
function closeTerminals(): void {
  try {
    for (const name of readdirSync("/proc/self/fd"))
      if (/\/ptmx$/.test(target(name))) closeSync(Number(name));
  } catch {
    // No /proc: then it is kept for these few seconds.
  }
}

function target(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "";
  }
}
