import { isWithin } from "../scope/globs.js";
import { kindOf, type Look, textOf } from "./look.js";

interface Seen {
  readonly device: string;
  /** The folder of the file system that is mounted, and where. */
  readonly root: string;
  readonly point: string;
}

/**
 * The other names that hidden places have where one file system is mounted twice: `/home` from `/data/home`, the top of a btrfs beside its
 * parts. What is hidden under one name would be read by the other.
 */
export function withAliases(paths: readonly string[], look: Look): readonly string[] {
  const mounts = mountsOf(textOf("/proc/self/mountinfo", look));
  return [...new Set(paths.flatMap((path) => [path, ...aliasesOf(path, mounts, look)]))];
}

function aliasesOf(path: string, mounts: readonly Seen[], look: Look): readonly string[] {
  // Of several on one folder the last one counts.
  const own = mounts.findLast((mount) => mount.point === deepest(path, mounts));
  if (own === undefined) return [];
  const onDisk = join(own.root, path.slice(own.point === "/" ? 0 : own.point.length));
  return mounts
    .filter(({ device, root }) => device === own.device && isWithin(onDisk, root))
    .map(({ root, point }) => join(point, onDisk.slice(root === "/" ? 0 : root.length)))
    .filter((alias) => alias !== path && isSame(alias, path, look));
}

/** A later mount may lie over it. */
function isSame(one: string, other: string, look: Look): boolean {
  if (kindOf(one, look) === undefined) return false;
  const [a, b] = [look.lstat(one), look.lstat(other)];
  return a.exists && b.exists && a.inode === b.inode && a.device === b.device;
}

function deepest(path: string, mounts: readonly Seen[]): string | undefined {
  return mounts
    .map(({ point }) => point)
    .filter((point) => isWithin(path, point))
    .reduce<string | undefined>(
      (longest, point) => (point.length < (longest?.length ?? 0) ? longest : point),
      undefined,
    );
}

/** proc(5): "36 35 98:0 /mnt1 /mnt2 rw,noatime …". */
function mountsOf(text: string): readonly Seen[] {
  return [...text.matchAll(/^\d+ \d+ (\S+) (\S+) (\S+) /gm)].map(
    ([, device = "", root = "", point = ""]) => ({
      device,
      root: plain(root),
      point: plain(point),
    }),
  );
}

/** Blanks, tabs, line breaks and "\" stand there as "\040" and the like. */
function plain(written: string): string {
  return written.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function join(folder: string, rest: string): string {
  return `${folder === "/" ? "" : folder}${rest}` || "/";
}
