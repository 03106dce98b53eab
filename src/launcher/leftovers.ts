import { readdirSync, readFileSync } from "node:fs";

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
    const leftover = { pid: Number(name), command: commandOf(name) };
    sessions.set(session, [...(sessions.get(session) ?? []), leftover]);
  }
  return sessions;
}

function sessionOf(pid: string): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
    return /(?:^|\0)HOLDPOINT_SESSION=([^\0]*)/.exec(environment)?.[1];
  } catch {
    // Gone already, or somebody else's.
    return undefined;
  }
}

function commandOf(pid: string): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .split("\0")
      .filter((word) => word !== "");
    return words.join(" ").slice(0, 80);
  } catch {
    return "?";
  }
}
