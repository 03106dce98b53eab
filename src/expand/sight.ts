import { type Arg, isKnown } from "../model/arg.js";
import type { Sight } from "../model/call.js";
import { type Env, envGet } from "../model/env.js";
import type { Place } from "./place.js";
import type { State } from "./state.js";

/** Whether a shim will see this name when it is executed with this environment. */
export function findSight(place: Place, state: State, name: string, env: Env): Sight {
  const { run } = place;
  if (run.blind || state.blind || name === "" || name.includes("/") || isBuiltin(name)) return "never";
  const path = envGet(env, "PATH");
  if (path === undefined) return "never";
  const original = envGet(run.env, "PATH");
  // `PATH=/other:$PATH rm x` may find a program there that the line itself puts there first.
  const front = isKnown(path) ? path : path.prefix;
  const isUnchanged = path === original;
  if (!isUnchanged && !startsAlike(front, original)) return "never";
  const key = isUnchanged ? name : `${name}\0${front}`;
  const cached = run.shimmed.get(key);
  const isShimmed = cached ?? run.world.isShimmed(name, front);
  if (cached === undefined) run.shimmed.set(key, isShimmed);
  return isShimmed ? "later" : "never";
}

/** Whether both look first in the same folder. */
function startsAlike(front: string, original: Arg | undefined): boolean {
  if (original === undefined || !isKnown(original)) return false;
  return `${front}:`.startsWith(`${original.split(":", 1)[0]}:`);
}

export function isBuiltin(name: string): boolean {
  return builtins.has(name);
}

/** Run inside the shell, so that no program is executed. */
const builtins = new Set(
  (
    ". : [ [[ (( alias autoload bg bind break builtin caller cd command compgen complete compopt continue coproc declare " +
    "dirs disown echo emulate enable eval exec exit export false fc fg getopts hash help history jobs kill let local " +
    "logout mapfile popd print printf pushd pwd read readarray readonly return set setopt shift shopt source suspend " +
    "test times trap true type typeset ulimit umask unalias unset unsetopt wait zmodload"
  ).split(" "),
);
