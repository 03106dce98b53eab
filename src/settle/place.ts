import type { FileEffect, Place } from "../model/effect.js";
import { trashName } from "../model/trash.js";
import type { World } from "../model/world.js";
import { mountAround } from "./mounts.js";
import { isBelow, isWithin } from "./within.js";

/** Where a real path lies, seen from what is done to it. */
export function findPlace(path: string, effect: FileEffect, world: World): Place {
  const { session } = world;
  if (reachesGuard(path, effect, world)) return "guard";
  if (isProtected(path, effect, world)) return "protected";
  if (isDevicePath(path, effect)) return "device";
  if (session.temporary.some((folder) => isBelow(path, folder) && !mountAround(path, folder, world)))
    return "temporary";
  return isWithin(path, session.workspace) ? "workspace" : "outside";
}

/** Streams under a path: writing to one keeps nothing and destroys nothing. Resolved, they would be the guard's own. */
export function isStream(path: string): boolean {
  return /^(\/dev\/(null|zero|full|u?random|tty|std(in|out|err)|fd\/\d+)|\/proc\/self\/fd\/\d+)$/.test(path);
}

function reachesGuard(path: string, effect: FileEffect, { session }: World): boolean {
  const takesBelow = effect.action !== "read" && (effect.recursive || effect.aspect === "name");
  if (path.includes(`/${trashName}`) && path.split("/").includes(trashName)) return true;
  return session.guardPaths.some((guard) => isWithin(path, guard) || (takesBelow && isBelow(guard, path)));
}

function isProtected(path: string, effect: FileEffect, world: World): boolean {
  if (effect.action === "read") return false;
  const isTaken = effect.action === "delete" || effect.aspect === "name";
  if (isTaken || effect.recursive) {
    if (systemFolders.has(path) || /^\/(home|Users)\/[^/]+$/.test(path)) return true;
    const home = world.realpath(world.user.home);
    if (isWithin(home, path)) return true;
  }
  const isAccess = effect.aspect === "access";
  const isWhole = isAccess ? effect.recursive && effect.action !== "modify" : isTaken;
  if (isWhole && isWithin(world.session.workspace, path)) return true;
  // Modes and owners come back with one more command, unless they are given away or shut.
  return (!isAccess || effect.action !== "modify") && isHistory(path, world);
}

/** A `.git`, or what lies in one. Not its lock files, which a killed git leaves behind, nor one that the session made. */
function isHistory(path: string, world: World): boolean {
  const parts = path.split("/");
  const at = parts.indexOf(".git");
  if (at < 0) return false;
  if (at < parts.length - 1 && path.endsWith(".lock")) return false;
  const git = world.lstat(parts.slice(0, at + 1).join("/"));
  return !(git.exists && git.born > 0 && git.born >= world.session.startedAt);
}

/** Of the streams, only their content may be used up: `mv f /dev/null` replaces the device itself. */
function isDevicePath(path: string, effect: FileEffect): boolean {
  if (!isBelow(path, "/dev") || isWithin(path, "/dev/shm")) return false;
  return effect.action === "delete" || effect.aspect !== "content" || !isStream(path);
}

const systemFolders: ReadonlySet<string> = new Set([
  ...[
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/media",
    "/mnt",
    "/nix",
  ],
  ...["/opt", "/proc", "/root", "/run", "/sbin", "/snap", "/srv", "/sys", "/tmp", "/usr", "/var", "/dev/shm"],
  ...[
    "/usr/bin",
    "/usr/include",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local",
    "/usr/sbin",
  ],
  ...[
    "/usr/share",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/local/share",
    "/var/cache",
    "/var/lib",
    "/var/log",
  ],
  ...["/var/mail", "/var/opt", "/var/spool", "/var/tmp", "/var/www"],
  ...[
    "/Applications",
    "/Library",
    "/System",
    "/Users",
    "/Volumes",
    "/opt/homebrew",
    "/private",
    "/private/etc",
  ],
  ...["/private/tmp", "/private/var"],
]);
