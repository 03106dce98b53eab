import type { FileContent, World } from "../model/world.js";
import { isBelow, isWithin } from "./within.js";

/** A file system in the tree of folders: a disk, a share, a volume, or a folder that stands in a second place (bind). */
export interface Mount {
  /** Absolute path where it begins. */
  readonly point: string;
  /** `nfs4`, `fuse.sshfs`, `ext4`. */
  readonly kind: string;
  /** What is mounted, as the kernel shows it: `/dev/sdb1`, `nas:/work`; of a bind the folder that it shows. */
  readonly source: string;
}

/** Those strictly below a folder that could lose something. */
export function mountsBelow(folder: string, world: World): readonly Mount[] {
  return findMounts(world).filter(({ point }) => isBelow(point, folder) && point !== folder);
}

/** The one that begins nearest above a path, or at it, and strictly below `folder`. */
export function mountAround(path: string, folder: string, world: World): Mount | undefined {
  let nearest: Mount | undefined;
  for (const mount of findMounts(world))
    if (
      isWithin(path, mount.point) &&
      isBelow(mount.point, folder) &&
      mount.point.length >= (nearest?.point.length ?? 0)
    )
      nearest = mount;
  return nearest;
}

/** For people: `nfs4 nas:/work is mounted at /home/dev/project/data`. */
export function showMount({ point, kind, source }: Mount): string {
  return `${kind} ${source} is mounted at ${point}`;
}

/** The world with the table of mounts as it is when first asked for: one judgement is about one moment, and asks for each file. */
export function withMountsOnce(world: World): World {
  let table: FileContent | undefined;
  return {
    ...world,
    readFile(path, most) {
      if (path !== tableOfMounts || most !== cap) return world.readFile(path, most);
      table ??= world.readFile(path, most);
      return table;
    },
  };
}

const tableOfMounts = "/proc/self/mountinfo";
/** Longer tables than this do not occur. */
const cap = 4 << 20;

/**
 * From Linux' table of mounts (proc(5), mountinfo); empty where there is none. Left out: what is in memory alone, and what
 * cannot be written.
 */
function findMounts({ readFile }: World): readonly Mount[] {
  const table = readFile(tableOfMounts, cap);
  if (!table.ok) return [];
  let mounts = known.get(table.bytes);
  if (mounts === undefined) {
    const lines = Buffer.from(table.bytes).toString("latin1").split("\n");
    mounts = lines.flatMap((line) => readMount(line) ?? []);
    known.set(table.bytes, mounts);
  }
  return mounts;
}

/** By the very bytes that were read: whoever remembers those need not read them twice. */
const known = new WeakMap<Uint8Array, readonly Mount[]>();

/** `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,errors=continue` */
function readMount(line: string): Mount | undefined {
  const [front = "", back = ""] = line.split(" - ");
  const [, , , root, point, options] = front.split(" ");
  const [kind = "", source = ""] = back.split(" ");
  if (root === undefined || point === undefined || options === undefined) return undefined;
  if (/^(tmpfs|ramfs|squashfs|autofs)$/.test(kind) || /^ro(,|$)/.test(options)) return undefined;
  const shown = root === "/" ? source : `${source} (${readName(root)})`;
  return { point: readName(point), kind, source: shown };
}

/** Blanks stand in the table as `\040`; bytes beyond ASCII as they are. */
function readName(text: string): string {
  const plain = text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return Buffer.from(plain, "latin1").toString("utf8");
}
