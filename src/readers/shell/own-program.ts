import { posix } from "node:path";
import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import { inner, type Reading } from "../reader.js";

/** `node …/bin/holdpoint.js init claude --undo` is `holdpoint init claude --undo`, whose reader tells what it reaches for. */
export function readOwnProgram(
  file: Arg,
  words: readonly Arg[],
  call: Call,
  world: World,
): Reading | undefined {
  const path = resolvePath(call, world, file);
  if (path === undefined || !isKnown(path) || !/\.js$/.test(path)) return undefined;
  const real = world.realpath(path);
  const root = posix.dirname(posix.dirname(real));
  if (!world.session.guardPaths.includes(`${root}/dist`)) return undefined;
  if (real !== `${root}/bin/holdpoint.js` && real !== `${root}/dist/cli.js`) return undefined;
  return inner({ kind: "call", argv: ["holdpoint", ...words], via: "node", sight: "never" });
}
