import { posix } from "node:path";
import { type Arg, belowUnknown, isKnown } from "../model/arg.js";

/** The path that a process in `cwd` means: absolute, without `.`, `..` or a final slash. Links are not looked at. */
export function resolvePath(cwd: string | Arg, path: Arg): Arg {
  if (!isKnown(path)) return path;
  if (path.startsWith("/")) return trim(posix.normalize(path));
  if (!isKnown(cwd)) return belowUnknown(cwd, path, cwd.reason);
  return trim(posix.normalize(`${cwd}/${path}`));
}

function trim(path: string): string {
  const flat = path.startsWith("//") ? path.slice(1) : path;
  return flat.length > 1 && flat.endsWith("/") ? flat.slice(0, -1) : flat;
}
