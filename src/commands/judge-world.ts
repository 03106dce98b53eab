import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import type { World } from "../model/world.js";
import { openPrograms } from "../world/program.js";
import { findWorkspace } from "../world/workspace.js";
import { openWorld } from "../world/world.js";
import { settingsFiles } from "./init-files.js";
import type { Loaded } from "./knowledge.js";
import { awsTable, type Places } from "./places.js";

/** The world as a session begun here and now would see it: every guarded name has its shim. */
export function openJudgeWorld(loaded: Loaded, places: Places, cwd: string): World {
  const world = open(loaded, places, { cwd, startedAt: Date.now() });
  return { ...world, isShimmed: (name) => loaded.shimmed.has(name) };
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
}

function open(loaded: Loaded, places: Places, { cwd, startedAt, isLate }: Began): World {
  return openWorld({
    startedAt,
    workspace: findWorkspace(cwd, places.home),
    guardPaths: [...guardPaths(places), ...loaded.files],
    home: places.home,
    uid: process.getuid?.() ?? 0,
    tmpdir: process.env["TMPDIR"],
    shimDirectory: undefined,
    shimmed: () => false,
    salt: randomBytes(16).toString("hex"),
    awsTable: awsTable(places),
    gitProgram: openPrograms(undefined, () => false).findProgram("git", process.env["PATH"] ?? ""),
    ...(isLate === undefined ? {} : { isLate }),
  });
}

/** What an agent must not touch: the log, the state, the configuration, the terminal's shells, and the program itself. */
export function guardPaths(places: Places): readonly string[] {
  return [
    places.state,
    dirname(places.config),
    places.data,
    `${places.packageRoot}/dist`,
    `${places.packageRoot}/shims/build`,
    ...settingsFiles(places),
  ];
}
