import { isWithin } from "../scope/globs.js";
import { type PlanInput, placeOf } from "./input.js";
import { kindOf, type Look, textOf } from "./look.js";
import { type Mount, nearest } from "./mounts.js";

/**
 * Of the sockets that are there, those that are neither the work's own, nor opened by the user, nor out of sight already. `apart`: folders
 * that are laid over; nobody listens on what is seen through an overlay.
 */
export function socketsInSight(
  input: PlanInput,
  mounts: readonly Mount[],
  { open, apart }: { readonly open: readonly string[]; readonly apart: readonly string[] },
): readonly string[] {
  const { workspace, sessionDirectory, setting, look } = input;
  const named = [...setting.read, ...setting.write].map((path) => placeOf(path, input));
  const left = [workspace, look.realpath(sessionDirectory), ...named, ...open, ...apart];
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  return liveSockets(look).filter(
    (path) =>
      !left.some((one) => isWithin(path, one)) &&
      /^(read|write)$/.test(nearest(byPath, path)?.kind ?? "read"),
  );
}

/**
 * Real paths of the sockets with a name that somebody on this machine holds now: a socket can be connected to on a read-only mount, and
 * whoever listens acts with rights of its own (`~/.config/Code/1.99-main.sock`, `/var/lib/gssproxy/default.sock`). No table knows all.
 */
function liveSockets(look: Look): readonly string[] {
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
