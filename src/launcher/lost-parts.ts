import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Links } from "./links.js";
import { copyFolder, type SessionDirectory } from "./session-dir.js";

export interface LostPartsOptions {
  readonly directory: SessionDirectory;
  readonly links: Pick<Links, "mend">;
  /** Where the shells' start-up files come from, and what is written beside them. */
  readonly rcSource: string;
  readonly writeStart: () => void;
  /** Makes the sockets anew. */
  readonly listen: () => Promise<void>;
  /** Something was gone. `failure`: it is still, and programs run past the guard. */
  readonly onLost: (parts: readonly string[], failure: string | undefined) => void;
}

/**
 * Looks each second whether what callers need of a session's directory is still there, and puts it back: what cleans up /tmp
 * takes a directory of ten days ago, and without its shims a name on PATH is the bare program. Returns how to stop.
 */
export function watchParts(options: LostPartsOptions): () => void {
  const { directory, onLost } = options;
  // A file that was deleted can be copied as long as somebody has it open.
  const shim = openSync(directory.shim, "r");
  let modified = timeOf(directory.bin);
  let isBusy = false;
  const look = async () => {
    if (isBusy) return;
    const now = timeOf(directory.bin);
    if (now !== undefined && now === modified && existsSync(directory.socket) && existsSync(directory.shim))
      return;
    isBusy = true;
    try {
      const parts = await putBack(options, shim);
      modified = timeOf(directory.bin);
      if (parts.length > 0) onLost(parts, undefined);
    } catch (cause) {
      clearInterval(timer);
      onLost([directory.path], cause instanceof Error ? cause.message : String(cause));
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void look(), 1000);
  timer.unref();
  return () => {
    clearInterval(timer);
    closeSync(shim);
  };
}

/** What was gone. Throws where it cannot be made again. */
async function putBack(
  { directory, links, rcSource, writeStart, listen }: LostPartsOptions,
  shim: number,
): Promise<readonly string[]> {
  const { path, bin, rc, socket } = directory;
  const control = join(path, "control");
  const parts: string[] = [];
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (makeOwn(path)) parts.push(path);
  if (makeOwn(bin)) parts.push("bin");
  if (!existsSync(directory.shim)) {
    copyOpen(shim, directory.shim);
    chmodSync(directory.shim, 0o500);
  }
  parts.push(...links.mend().map((name) => `bin/${name}`));
  if (!existsSync(rc)) {
    copyFolder(rcSource, rc);
    writeStart();
    parts.push("rc");
  }
  if (!existsSync(socket) || !existsSync(control)) {
    await listen();
    parts.push("sock");
  }
  return parts;
}

/** True when it had to be made. What somebody else put there is nothing to build on. */
function makeOwn(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    mkdirSync(path, { mode: 0o700 });
    return true;
  }
  if (!stat.isDirectory() || stat.uid !== process.getuid?.())
    throw new Error(`"${path}" is somebody else's now`);
  return false;
}

function copyOpen(descriptor: number, to: string): void {
  try {
    copyFileSync(`/proc/self/fd/${descriptor}`, to);
  } catch {
    // Without /proc.
    const bytes = Buffer.alloc(fstatSync(descriptor).size);
    readSync(descriptor, bytes, 0, bytes.length, 0);
    writeFileSync(to, bytes);
  }
}

function timeOf(folder: string): number | undefined {
  try {
    return statSync(folder).mtimeMs;
  } catch {
    return undefined;
  }
}
