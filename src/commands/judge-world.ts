import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import type { World } from "../model/world.js";
import { openPrograms } from "../world/program.js";
import { findWorkspace } from "../world/workspace.js";
import { openWorld } from "../world/world.js";
import type { Loaded } from "./knowledge.js";
import { awsTable, type Places } from "./places.js";

/** The world as a session begun here and now would see it: every guarded name has its shim. */
export function openJudgeWorld(loaded: Loaded, places: Places, cwd: string): World {
  const world = openWorld({
    startedAt: Date.now(),
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
  });
  return { ...world, isShimmed: (name) => loaded.shimmed.has(name) };
}

/** What an agent must not touch: the log, the state, the configuration, the terminal's shells, and the program itself. */
export function guardPaths(places: Places): readonly string[] {
  return [
    places.state,
    dirname(places.config),
    places.data,
    `${places.packageRoot}/dist`,
    `${places.packageRoot}/shims/build`,
  ];
}
