import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";

/** A process that outlives the command of its session. */
export interface Leftover {
  readonly pid: number;
  /** Its command line, cut for a message. */
  readonly command: string;
}

/** Processes by the session that they started in. Undefined where there is no /proc to tell. */
export function findSessionProcesses(): ReadonlyMap<string, readonly Leftover[]> | undefined {
  const sessions = new Map<string, Leftover[]>();
  let names: readonly string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return undefined;
  }
  if (!names.includes("self")) return undefined;
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const session = sessionOf(name);
    if (session === undefined) continue;
    sessions.set(session, [...(sessions.get(session) ?? []), describeProcess(Number(name))]);
  }
  return sessions;
}

/** For people. The command of one that is gone meanwhile, or hidden, is `?`. */
export function describeProcess(pid: number): Leftover {
  return { pid, command: commandOf(pid) };
}

function sessionOf(pid: string): string | undefined {
  try {
    const environment = readEnvironment(`/proc/${pid}/environ`);
    const at = environment.indexOf(variable);
    if (at < 0) return undefined;
    return /(?:^|\0)HOLDPOINT_SESSION=([^\0]*)/.exec(environment.toString("latin1"))?.[1];
  } catch {
    // Gone already, or somebody else's.
    return undefined;
  }
}

const variable = "HOLDPOINT_SESSION=";

/** Every process of the machine is looked at: they share a buffer, and few are decoded. */
function readEnvironment(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    let length = 0;
    for (;;) {
      const count = readSync(file, shared, length, shared.length - length, null);
      if (count === 0) return shared.subarray(0, length);
      length += count;
      if (length === shared.length) return readFileSync(path);
    }
  } finally {
    closeSync(file);
  }
}

const shared = Buffer.allocUnsafe(32 * 1024);

function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .split("\0")
      .filter((word) => word !== "");
    return words.join(" ").slice(0, 80);
  } catch {
    return "?";
  }
}
