import { posix } from "node:path";
import { type Arg, belowUnknown, isKnown } from "../model/arg.js";

/** The path that a process in `cwd` means: absolute, without `.`, `..` or a final slash. Links are not looked at. */
export function resolvePath(cwd: string | Arg, path: Arg): Arg {
  if (!isKnown(path)) return path;
  if (path.startsWith("/")) return clean(path);
  if (!isKnown(cwd)) return belowUnknown(cwd, path, cwd.reason);
  return clean(`${cwd}/${path}`);
}

/** Nothing to take out of an absolute path: no `.`, `..`, doubled or final slash. Of some names that begin with a dot it is not sure. */
export function isClean(path: string): boolean {
  return !path.includes("/.") && !path.includes("//") && !path.endsWith("/");
}

function clean(given: string): string {
  if (isClean(given)) return given;
  const path = posix.normalize(given);
  const flat = path.startsWith("//") ? path.slice(1) : path;
  return flat.length > 1 && flat.endsWith("/") ? flat.slice(0, -1) : flat;
}
