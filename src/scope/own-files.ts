import { posix } from "node:path";
import type { Effect, FileEffect } from "../model/effect.js";
import { manifestName } from "../model/manifest-name.js";
import type { Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";

/**
 * Effects that change a manifest, marked: by its name, by a folder that holds it, or by another name of it. `read` are the
 * same effects before they were settled, which still say each of the files that a command names together.
 */
export function markManifests(
  settled: readonly Effect[],
  read: readonly Effect[],
  manifests: readonly Manifest[],
  world: World,
): readonly Effect[] {
  let held: Held | undefined;
  return settled.map((effect, at) => {
    if (effect.resource !== "file" || effect.action === "read" || effect.place === "remote") return effect;
    held ??= findHeld(manifests, world);
    const before = read[at];
    const among = before?.resource === "file" ? (before.among ?? []) : [];
    return reaches(effect, among, held, world) ? { ...effect, holds: "manifest" as const } : effect;
  });
}

/** What holds in this session: each under its name, and what that leads to. */
interface Held {
  readonly files: ReadonlySet<string>;
  /** `device:inode`: a hard link is the same file under a name that tells nothing. */
  readonly inodes: ReadonlySet<string>;
}

function findHeld(manifests: readonly Manifest[], world: World): Held {
  const files = new Set(manifests.flatMap(({ file }) => [file, world.realpath(file)]));
  return { files, inodes: new Set([...files].flatMap((file) => inodeOf(file, world) ?? [])) };
}

function inodeOf(path: string, world: World): string | undefined {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "file" ? `${stat.device}:${stat.inode}` : undefined;
}

function reaches(effect: FileEffect, among: readonly string[], held: Held, world: World): boolean {
  const { target, to } = effect;
  const isOne = (path: string): boolean =>
    held.files.has(path) || (isManifestName(path) && effect.place !== "temporary");
  if (effect.action === "delete" && !world.lstat(target).exists) return false;
  if (isOne(target) || among.some(isOne) || (to !== undefined && isOne(to))) return true;
  if (held.inodes.size > 0 && isOtherName(target, held, world)) return true;
  // Owners and modes of a whole work tree are put right every day; the content stays.
  if (effect.aspect === "access" || (!effect.recursive && effect.aspect !== "name")) return false;
  for (const file of held.files) if (file.startsWith(target === "/" ? target : `${target}/`)) return true;
  // What the session made, or a build makes again, is no place where a person begins work.
  const isOwn = effect.recovery === "recreate" || effect.place === "temporary";
  return !isOwn && holdsManifest(target, world);
}

/** Some file systems take `Holdpoint.yaml` for the same. */
function isManifestName(path: string): boolean {
  return posix.basename(path).toLowerCase() === manifestName;
}

function isOtherName(path: string, { inodes }: Held, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.links > 1 && inodes.has(`${stat.device}:${stat.inode}`);
}

/** From the top down, as far as that is worth the time: manifests lie near the top of what they speak of. */
const mostEntries = 2000;
const passedOver: ReadonlySet<string> = new Set([".git", "node_modules", ".venv", "target"]);

function holdsManifest(top: string, world: World): boolean {
  const stat = world.lstat(top);
  if (!stat.exists || stat.kind !== "directory" || isNew(stat, world)) return false;
  const pending = [top];
  let left = mostEntries;
  for (let folder = pending.shift(); folder !== undefined && left > 0; folder = pending.shift()) {
    const listing = world.readdir(folder, left);
    if (!listing.ok) continue;
    left -= listing.names.length;
    if (listing.names.some(isManifestName)) return true;
    for (const name of listing.names) {
      if (passedOver.has(name)) continue;
      const path = posix.join(folder, name);
      const inner = world.lstat(path);
      if (inner.exists && inner.kind === "directory") pending.push(path);
    }
  }
  return false;
}

function isNew(stat: { readonly born: number }, { session }: World): boolean {
  return stat.born > 0 && stat.born >= session.startedAt;
}
