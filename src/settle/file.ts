import { posix } from "node:path";
import type { FileEffect, Place } from "../model/effect.js";
import type { Stat, World } from "../model/world.js";
import { findRepository, isNew, weighFile } from "./evidence.js";
import { type Loss, none, recreate } from "./loss.js";
import { mountAround, mountsBelow, showMount } from "./mounts.js";
import { isInOutput, weighOutput } from "./output.js";
import { findPlace, isStream } from "./place.js";
import { orTrash } from "./trash.js";
import { weighTree } from "./tree.js";

/** The effect on its real path, and, where the reader left that open, what of it could be had back. */
export function settleFile(effect: FileEffect, world: World): FileEffect {
  return effect.operand === undefined ? settleLoss(effect, world) : settleKept(effect, world);
}

/** What would be lost, but that the session's trash takes it. */
function settleKept(effect: FileEffect, world: World): FileEffect {
  const { operand: _, prompts: __, ...plain } = effect;
  const settled = orTrash(settleLoss(effect, world), world);
  if (settled.kind === "settled") return settled.effect;
  const loss = settleLoss(plain, world);
  if (settled.because === undefined) return loss;
  return { ...loss, because: join(loss.because, `the trash does not take it: ${settled.because}`) };
}

function settleLoss(effect: FileEffect, world: World): FileEffect {
  if (!effect.target.startsWith("/")) return effect;
  if (effect.among !== undefined) return settleAmong(effect, effect.among, world);
  const isTaken = effect.aspect === "name" || (effect.action === "delete" && effect.aspect === "content");
  const target = findTarget(effect.target, !isTaken, world);
  const place = findPlace(target, effect, world);
  const settled = { ...effect, target, place };
  if (effect.recovery !== "unknown") return settled;
  if (isStream(target) && place !== "device")
    return { ...settled, recovery: "needless", because: join(effect.because, "a stream keeps nothing") };
  const stat = world.lstat(target);
  if (effect.aspect === "access") return { ...settled, ...fields(effect, weighAccess(settled, stat, world)) };
  if (effect.aspect !== "content") return { ...settled, recovery: "needless" };
  if (stat.exists && stat.kind === "device")
    return { ...settled, place: placeOfDevice(place), ...fields(effect, none("a device")) };
  return { ...settled, ...fields(effect, weigh(settled, stat, world)) };
}

const mostFiles = 5000;

/** Many files in one effect: the worst of them is what it is about, so that a grant for it never covers the whole folder. */
function settleAmong(effect: FileEffect, paths: readonly string[], world: World): FileEffect {
  const { among: _, ...whole } = effect;
  const amount = `${paths.length} files`;
  if (paths.length > mostFiles)
    return { ...whole, ...fields(effect, unknownLoss(`${amount}, too many to look at`)) };
  let worst: FileEffect | undefined;
  let lost = 0;
  for (const target of paths) {
    const one = settleFile({ ...whole, target }, world);
    if (one.recovery === "none" || one.recovery === "unknown") lost += 1;
    if (worst === undefined || badness(one) > badness(worst)) worst = one;
  }
  if (worst === undefined || lost > 0 || badness(worst) > 0) {
    const because = join(worst?.because ?? "", `${lost} of ${amount} are like it`);
    return { ...(worst ?? whole), extent: effect.extent, because };
  }
  return {
    ...worst,
    target: world.realpath(effect.target),
    extent: effect.extent,
    because: join(amount, worst.because),
  };
}

/** 0 for what may go without a word. */
function badness({ place, recovery }: FileEffect): number {
  const places: Readonly<Partial<Record<Place, number>>> = {
    guard: 100,
    protected: 50,
    device: 40,
    outside: 1,
  };
  return (places[place] ?? 0) + (recovery === "none" ? 20 : recovery === "unknown" ? 10 : 0);
}

function unknownLoss(because: string): Loss {
  return { recovery: "unknown", because };
}

/** Deleting and renaming act on the link itself, writing on what it points to; either way the folders above are real. */
function findTarget(path: string, follows: boolean, world: World): string {
  if (isStream(path)) return path;
  const name = posix.basename(path);
  // `link/` and `link/.` are the folder, not the link.
  if (follows || path.endsWith("/") || name === "." || name === "..") return world.realpath(path);
  return posix.join(world.realpath(posix.dirname(path)), name);
}

function placeOfDevice(place: Place): Place {
  return place === "guard" || place === "protected" ? place : "device";
}

function fields(effect: FileEffect, loss: Loss): Pick<FileEffect, "recovery" | "because" | "extent"> {
  return {
    recovery: loss.recovery,
    because: join(effect.because, loss.because),
    extent: loss.extent ?? effect.extent,
  };
}

function join(said: string, evidence: string): string {
  return [said, evidence].filter((part) => part !== "").join("; ");
}

function weigh(effect: FileEffect, stat: Stat, world: World): Loss {
  const { target, place, action } = effect;
  if (!stat.exists) {
    if (stat.reason === "unreadable") return { recovery: "unknown", because: "cannot be looked at" };
    // Plugged in between the question and the write, it is somebody's disk.
    if (place === "device" && action === "modify") return none("a device, not there now");
    return missing(effect);
  }
  const isEmpty = stat.kind === "file" && stat.size === 0;
  if (place === "guard") return none("belongs to the guard");
  if (place === "protected") return { ...none("not to be had again as a whole"), extent: { kind: "all" } };
  if (place === "device") return none("a device");
  if (action === "modify" && (isEmpty || stat.kind === "fifo" || stat.kind === "socket"))
    return { recovery: "needless", because: "holds no content" };
  if (place === "temporary") return findMounted(effect, stat, world) ?? weighTemporary(stat, world);
  if (stat.kind === "directory") return weighFolder(effect, stat, world);
  return (
    weighFile(target, stat, findRepository(posix.dirname(target), world), world) ??
    (isForeign(target, world) ? undefined : weighOutput(target, stat, world)) ??
    none(place === "workspace" ? "untracked, from before the session" : "outside the workspace")
  );
}

/** Nothing is lost with what is not there. A home or a system folder is named for what it usually holds. */
function missing({ place, target }: FileEffect): Loss {
  if (place === "protected" && !target.includes("/.git"))
    return none("a system folder or a home, not there now");
  return {
    recovery: "needless",
    because: "does not exist",
    extent: { kind: "exact", count: 0, unit: "files" },
  };
}

/** Owners and modes: who may do what is remembered nowhere, but matters little for what is new or made again. */
function weighAccess(effect: FileEffect, stat: Stat, world: World): Loss {
  const { target, place } = effect;
  if (!stat.exists)
    return stat.reason === "missing" ? missing(effect) : { recovery: "none", because: "cannot be looked at" };
  if (place === "guard" || place === "protected" || place === "device") return none("");
  if (place === "temporary") return weighTemporary(stat, world);
  if (isNew(stat, world)) return recreate("made in this session");
  return (isForeign(target, world) ? undefined : weighOutput(target, stat, world)) ?? none("");
}

/**
 * What is mounted below a folder goes with it: a share, a second name of somebody's data. Where the tool stays on one file
 * system it passes over the others, but not over a folder of the same one that is mounted there once more.
 */
function findMounted(effect: FileEffect, stat: Stat, world: World): Loss | undefined {
  if (!effect.recursive || !stat.exists || stat.kind !== "directory") return undefined;
  const mounts = mountsBelow(effect.target, world).filter(({ point }) => {
    const top = world.lstat(point);
    return effect.oneFileSystem !== true || !top.exists || top.device === stat.device;
  });
  const [first, ...more] = mounts;
  if (first === undefined) return undefined;
  return none(`${showMount(first)}${more.length > 0 ? `, and ${more.length} more in it` : ""}`);
}

/** In build output that is mounted from elsewhere, or has such a thing in it, there may be anything. */
function isForeign(path: string, world: World): boolean {
  const mount = mountAround(path, world.session.workspace, world);
  return mount !== undefined && isInOutput(mount.point, world);
}

function weighTemporary(stat: Stat, { user }: World): Loss {
  const isOwn = stat.exists && stat.uid === user.uid;
  return isOwn ? recreate("in a temporary directory") : none("in a temporary directory, but another user's");
}

function weighFolder(effect: FileEffect, stat: Extract<Stat, { exists: true }>, world: World): Loss {
  if (!effect.recursive) {
    // unlink(2) refuses a folder, rmdir(2) one that holds anything.
    if (effect.action === "delete") return recreate("only an empty folder can go this way");
    return { recovery: "unknown", because: "may write over any file in the folder" };
  }
  const reach = {
    oneFileSystem: effect.oneFileSystem === true,
    isForeign: isForeign(effect.target, world),
    isBrief: effect.operand !== undefined,
  };
  return (
    findMounted(effect, stat, world) ??
    (reach.isForeign ? undefined : weighOutput(effect.target, stat, world)) ??
    weighTree(effect.target, stat, world, reach)
  );
}
