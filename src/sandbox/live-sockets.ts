import { isWithin } from "../scope/globs.js";
import type { PlanInput } from "./input.js";
import { kindOf, textOf } from "./look.js";

/**
 * Real paths of the sockets with a name that somebody on this machine holds now: a socket can be connected to on a read-only mount, and
 * whoever listens acts with rights of its own (`~/.config/Code/1.99-main.sock`, `/var/lib/gssproxy/default.sock`). No table knows all.
 */
export function liveSockets({ look }: PlanInput): readonly string[] {
  return [...new Set([...textOf("/proc/net/unix", look).matchAll(named)].map(([, path = ""]) => path))]
    .filter((path) => !isPlain(path) && kindOf(path, look) === "file")
    .map((path) => look.realpath(path));
}

/** proc(5): eight columns, the path last. */
const named = /^[0-9a-f]+:(?: \S+){5} +\d+ (\/.*)$/gm;

/** What only answers which names there are. */
function isPlain(path: string): boolean {
  return plain.some((folder) => isWithin(path, folder));
}

const plain = ["/var/lib/sss/pipes", "/var/run/nscd", "/run/nscd"];
