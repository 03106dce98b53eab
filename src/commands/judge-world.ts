import type { World } from "../model/world.js";
import { readsOf } from "../readers/reach/reads.js";
import { viewTrash } from "../trash/trash.js";
import { openPrograms } from "../world/program.js";
import { findWorkspace } from "../world/workspace.js";
import { openWorld, type WorldOptions } from "../world/world.js";
import { guardPaths, newSalt } from "./guard-paths.js";
import type { Loaded } from "./knowledge.js";
import { awsTable, type Places } from "./places.js";
import { openSessionProvenance } from "./session-provenance.js";

/** The world as a session begun here and now would see it: every guarded name has its shim. */
export function openJudgeWorld(loaded: Loaded, places: Places, cwd: string): World {
  const world = open(loaded, places, { cwd, startedAt: Date.now() });
  const { trash } = loaded;
  const { workspace } = world.session;
  const { uid } = world.user;
  return {
    ...world,
    isShimmed: (name) => loaded.shimmed.has(name),
    ...(trash === undefined
      ? {}
      : { trash: viewTrash({ state: places.state, workspace, uid, max: trash.max }) }),
  };
}

/** The same, and it looks for credentials as that session would, until it is closed. */
export function openLookingWorld(
  loaded: Loaded,
  places: Places,
  cwd: string,
): { readonly world: World; readonly close: () => void } {
  const startedAt = Date.now();
  const salt = newSalt();
  const provenance = openSessionProvenance({
    ...{ places, env: process.env, manifests: loaded.policy.manifests, startedAt, salt },
    workspace: findWorkspace(cwd, places.home),
    own: [places.state],
    readsOf,
  });
  const world = open(loaded, places, { cwd, startedAt, salt, provenance: provenance.view });
  return { world: { ...world, isShimmed: (name) => loaded.shimmed.has(name) }, close: provenance.close };
}

/** The world of an agent that only its own hook guards: it began there and then, and no name has a shim. */
export function openHookWorld(loaded: Loaded, places: Places, began: Began): World {
  return open(loaded, places, { ...began, isLate: true });
}

interface Began {
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly isLate?: true;
  readonly salt?: string;
  readonly provenance?: WorldOptions["provenance"];
}

function open(loaded: Loaded, places: Places, began: Began): World {
  const { cwd, startedAt, isLate, salt = newSalt(), provenance } = began;
  return openWorld({
    startedAt,
    workspace: findWorkspace(cwd, places.home),
    guardPaths: [...guardPaths(places), ...loaded.files],
    home: places.home,
    uid: process.getuid?.() ?? 0,
    tmpdir: process.env["TMPDIR"],
    shimDirectory: undefined,
    shimmed: () => false,
    salt,
    awsTable: awsTable(places),
    gitProgram: openPrograms(undefined, () => false).findProgram("git", process.env["PATH"] ?? ""),
    ...(isLate === undefined ? {} : { isLate }),
    ...(provenance === undefined ? {} : { provenance }),
  });
}
