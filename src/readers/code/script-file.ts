import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import type { Code } from "./reading.js";

/** Who wrote a script: the session, or this very line (`cat > x.py <<E …; python3 x.py`), or somebody before. */
export function originOf(call: Call, world: World, file: Arg): Code["origin"] {
  const path = resolvePath(call, world, file);
  if (path === undefined || !isKnown(path)) return "file";
  if (world.isWritten?.(path) === true) return "made";
  const stat = world.lstat(path);
  return stat.exists && stat.born >= world.session.startedAt ? "made" : "file";
}

/** The files behind `python3 -m NAME`, where they lie below the folder that it is started in: also what makes its folders packages. */
export function moduleFiles(name: string): readonly string[] {
  const parts = name.split(".");
  const path = parts.join("/");
  const packages = parts.map((_, at) => `${parts.slice(0, at + 1).join("/")}/__init__.py`);
  return [`${path}.py`, mainOf(path), ...packages];
}

/** `python3 FOLDER` */
export function mainOf(folder: string): string {
  return `${folder}/__main__.py`;
}
