import type { World } from "./world.js";

/** Where a session works: what paths are shown short by. Absolute, both. */
export interface Around {
  readonly workspace: string;
  readonly home: string;
}

export function aroundOf({ session, user }: Pick<World, "session" | "user">): Around {
  return { workspace: session.workspace, home: user.home };
}

/** Below the workspace as one would say it there, `~/` for what lies in the home; else the absolute path. */
export function showPath(path: string, { workspace, home }: Around): string {
  if (path.startsWith(`${workspace}/`)) return path.slice(workspace.length + 1);
  return path.startsWith(`${home}/`) ? `~/${path.slice(home.length + 1)}` : path;
}
