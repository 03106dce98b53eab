import type { World } from "../model/world.js";

/** The programs that previews may start. */
export interface KnownPrograms {
  find(name: string): { readonly path: string } | { readonly reason: string };
}

/**
 * As they are now, before the agent starts. One that changes later is not started any more, and neither is one that lies in
 * the workspace: whoever writes there could have put it there.
 */
export function rememberPrograms(
  names: Iterable<string>,
  findReal: (name: string) => string | undefined,
  world: World,
): KnownPrograms {
  const known = new Map<string, { readonly path: string; readonly stamp: string }>();
  for (const name of names) {
    const path = findReal(name);
    if (path !== undefined) known.set(name, { path, stamp: stampOf(path, world) });
  }
  return {
    find(name) {
      const program = known.get(name);
      if (program === undefined) return { reason: `${name} is not installed` };
      const { path, stamp } = program;
      const real = world.realpath(path);
      const { workspace, temporary } = world.session;
      if ([workspace, ...temporary].some((folder) => `${real}/`.startsWith(`${folder}/`)))
        return { reason: `"${path}" is not started: it lies where the session works` };
      if (stampOf(path, world) !== stamp)
        return { reason: `"${path}" is not started: it was changed since the session began` };
      return { path };
    },
  };
}

/** Of the file behind all links. Its change time is nobody's to set. */
function stampOf(path: string, world: World): string {
  const real = world.realpath(path);
  const stat = world.lstat(real);
  return stat.exists ? [real, stat.device, stat.inode, stat.size, stat.changed].join(" ") : "";
}
