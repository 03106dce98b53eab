import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAnswering } from "./answering.js";
import { readProcessState } from "./process-state.js";

/**
 * The session that this process already runs in: HOLDPOINT_SESSION names it, its shims are on PATH, and its socket
 * answers. A name alone is only a variable, which anyone can set.
 */
export async function findOuterSession(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return (await findOuterShims(env)) === undefined ? undefined : env["HOLDPOINT_SESSION"];
}

/** The same session's folder of shims. */
export async function findOuterShims(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const id = env["HOLDPOINT_SESSION"];
  if (id === undefined || !/^[a-z2-7]{7}$/.test(id)) return undefined;
  for (const folder of (env["PATH"] ?? "").split(":")) {
    if (basename(folder) !== "bin" || !dirname(folder).endsWith(id)) continue;
    if (await isAnswering(join(dirname(folder), "sock"))) return folder;
  }
  return undefined;
}

/** Also where the variable was taken away on the way here (`env -u HOLDPOINT_SESSION …`): a process above still has it. */
export async function isBelowSession(env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  if ((await findOuterSession(env)) !== undefined) return true;
  for (let pid = process.ppid, hops = 0; pid > 1 && hops < 64; hops++) {
    if ((await findOuterSession(environmentOf(pid))) !== undefined) return true;
    pid = readProcessState(pid)?.parent ?? 0;
  }
  return false;
}

/** As the process was started with; empty where nobody may know. */
function environmentOf(pid: number): Readonly<Record<string, string>> {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
  } catch {
    return {};
  }
}
