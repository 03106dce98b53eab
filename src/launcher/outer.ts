import { basename, dirname, join } from "node:path";
import { isAnswering } from "./ending.js";

/**
 * The session that this process already runs in: HOLDPOINT_SESSION names it, its shims are on PATH, and its socket
 * answers. A name alone is only a variable, which anyone can set.
 */
export async function findOuterSession(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const id = env["HOLDPOINT_SESSION"];
  if (id === undefined || !/^[a-z2-7]{7}$/.test(id)) return undefined;
  for (const folder of (env["PATH"] ?? "").split(":")) {
    if (basename(folder) !== "bin" || !dirname(folder).endsWith(id)) continue;
    if (await isAnswering(join(dirname(folder), "sock"))) return id;
  }
  return undefined;
}
