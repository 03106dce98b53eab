import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  makeSessionDirectory,
  type Place,
  type SessionDirectory,
  type Shim,
} from "../launcher/session-dir.js";
import type { Places } from "./places.js";

/**
 * The session's directory, and what is read meanwhile: one waits for programs, the other for files. Without what was to be
 * read, the directory is taken away again.
 */
export async function openPlace<T>(
  folders: readonly Place[],
  places: Places,
  read: () => Promise<T>,
): Promise<readonly [SessionDirectory, T]> {
  const made = makeSessionDirectory({
    places: folders,
    shim: findShim(places),
    rc: join(places.packageRoot, "shims", "rc"),
    ...findSteward(places),
  });
  const [directory, known] = await Promise.allSettled([made, read()]);
  if (directory.status === "fulfilled" && known.status === "fulfilled") return [directory.value, known.value];
  if (directory.status === "fulfilled") await directory.value.remove();
  throw known.status === "rejected"
    ? known.reason
    : directory.status === "rejected"
      ? directory.reason
      : undefined;
}

/** The compiled shim; without a compiler, the one for Node. */
function findShim({ packageRoot }: Places): Shim {
  const native = join(packageRoot, "shims", "build", "shim");
  return existsSync(native)
    ? { kind: "native", path: native }
    : { kind: "node", node: process.execPath, path: join(packageRoot, "shims", "shim.js") };
}

function findSteward({ packageRoot }: Places): { readonly steward?: string } {
  const steward = join(packageRoot, "shims", "build", "steward");
  return existsSync(steward) ? { steward } : {};
}
