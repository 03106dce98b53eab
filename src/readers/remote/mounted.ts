import { isKnown } from "../../model/arg.js";
import type { Host, HostMount } from "../../model/call.js";
import { type Effect, type FileEffect, opaqueEffect } from "../../model/effect.js";
import type { FileLimits, World } from "../../model/world.js";
import { isWithin } from "../path.js";
import { farEffect, farWorld } from "./far.js";

/** A container's file system: nothing of its own can be looked at, but what is mounted lies on this machine. */
export function mountedWorld(world: World, mounts: readonly HostMount[]): World {
  const far = farWorld(world);
  if (mounts.length === 0) return far;
  const at = (path: string) => {
    const mount = findMount(path, mounts);
    return mount === undefined ? undefined : pathHere(path, mount);
  };
  const { limits } = world;
  return {
    ...far,
    ...(limits === undefined ? {} : { limits: mountedLimits(limits, at, world) }),
    lstat: (path) => look(at(path), world.lstat, () => far.lstat(path)),
    readdir: (path, cap) =>
      look(
        at(path),
        (here) => world.readdir(here, cap),
        () => far.readdir(path, cap),
      ),
    readFile: (path, cap) =>
      look(
        at(path),
        (here) => world.readFile(here, cap),
        () => far.readFile(path, cap),
      ),
  };
}

/** What lies on a mount is held as it is here; all else is the container's own. */
function mountedLimits(
  limits: FileLimits,
  at: (path: string) => string | undefined,
  world: World,
): FileLimits {
  return {
    isHeld(path) {
      const here = at(path);
      return here !== undefined && limits.isHeld(world.realpath(here));
    },
    isClosed(path) {
      const here = at(path);
      return here !== undefined && limits.isClosed(world.realpath(here));
    },
    heldBelow(folder, _inside, skips) {
      const here = at(folder);
      if (here === undefined) return { paths: [], complete: true };
      const inside = (path: string) => folder + path.slice(here.length);
      const { paths, complete } = limits.heldBelow(here, world, (path) => skips(inside(path)));
      return { paths: paths.map(inside), complete };
    },
  };
}

function look<T>(here: string | undefined, near: (path: string) => T, away: () => T): T {
  return here === undefined ? away() : near(here);
}

/** What an effect inside the container is here: on a mounted file as itself, all else as the container's. */
export function mountedEffects(effect: Effect, host: Host): readonly Effect[] {
  const { mounts = [] } = host;
  if (effect.resource !== "file" || mounts.length === 0) return [farEffect(effect, host)];
  const mount = findMount(effect.target, mounts);
  if (mount !== undefined) return onMount(effect, mount, host);
  // `rm -rf /` in a container reaches what is mounted below.
  const below = effect.recursive
    ? mounts.filter(({ target }) => isWithin(target, effect.target) && effect.action !== "read")
    : [];
  return [
    farEffect(effect, host),
    ...below.flatMap((one) => {
      const { among: _, to: __, ...whole } = effect;
      return onMount({ ...whole, target: one.target }, one, host);
    }),
  ];
}

function onMount(effect: FileEffect, mount: HostMount, host: Host): readonly Effect[] {
  // Nothing can be written through a mount that is read-only.
  if (!mount.writable && effect.action !== "read") return [];
  const { source } = mount;
  if (mount.isVolume)
    return [
      farEffect(effect, { name: `volume ${isKnown(source) ? source : source.source}`, kind: "container" }),
    ];
  const target = pathHere(effect.target, mount);
  if (target === undefined || !isKnown(source))
    return effect.action === "read"
      ? []
      : [
          opaqueEffect(
            effect.tool,
            effect.target,
            `cannot tell what is mounted at ${mount.target} in ${host.name}`,
          ),
        ];
  const { among, to, ...file } = effect;
  const mapped = among?.flatMap((path) => pathHere(path, mount) ?? []);
  const moved = to === undefined ? undefined : pathHere(to, mount);
  return [
    {
      ...file,
      target,
      ...(mapped === undefined ? {} : { among: mapped }),
      ...(moved === undefined ? {} : { to: moved }),
    },
  ];
}

function findMount(path: string, mounts: readonly HostMount[]): HostMount | undefined {
  const [nearest] = mounts
    .filter(({ target }) => isWithin(path, target))
    .sort((a, b) => b.target.length - a.target.length);
  return nearest;
}

/** Undefined for a volume, and where it cannot be told what is mounted. */
function pathHere(path: string, { source, target, isVolume }: HostMount): string | undefined {
  if (isVolume || !isKnown(source) || !isWithin(path, target)) return undefined;
  const rest = path.slice(target === "/" ? 0 : target.length);
  return source === "/" ? rest || "/" : source + (rest === "/" ? "" : rest);
}
