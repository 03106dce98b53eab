import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { hasOption, type Options, optionValue, optionValues } from "../options.js";
import { isWithin, parentOf, resolvePath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";
import type { GitCall } from "./call.js";

/** Another repository than the one around the directory: by options, or by variables. */
export function findStore(
  call: Call,
  world: World,
  given: Options,
  cwd: Call["cwd"],
): Pick<GitCall, "asks" | "store"> {
  const gitDir = optionValue(given, "git-dir") ?? envGet(call.env, "GIT_DIR");
  const here = isKnown(cwd) ? cwd : undefined;
  const found = here === undefined ? undefined : world.git.repository(here);
  const isPlace = (value: Arg | undefined, place: string | undefined) => {
    const path = value === undefined ? undefined : resolvePath({ cwd }, world, value);
    if (value === undefined) return true;
    return (
      path !== undefined &&
      isKnown(path) &&
      place !== undefined &&
      world.realpath(path) === world.realpath(place)
    );
  };
  // What hooks are given, and what says what is so anyway.
  const isElsewhere =
    hasOption(given, "bare") ||
    !isPlace(optionValue(given, "work-tree") ?? envGet(call.env, "GIT_WORK_TREE"), found?.top) ||
    !isPlace(envGet(call.env, "GIT_INDEX_FILE"), found && `${found.gitDir}/index`) ||
    optionValues(given, "c").some((word) => isKnown(word) && /^core\.(worktree|bare)=/i.test(word)) ||
    ["GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"].some((name) => envGet(call.env, name) !== undefined);
  if (gitDir === undefined) return { asks: !isElsewhere, store: here };
  const path = resolvePath({ cwd }, world, gitDir);
  if (path === undefined || !isKnown(path)) return { asks: false, store: undefined };
  // `--git-dir=.git` at the top says what is so anyway.
  const isSame =
    found !== undefined && world.realpath(path) === world.realpath(found.gitDir) && here === found.top;
  return { asks: isSame && !isElsewhere, store: isWithin(path, "/dev") ? undefined : path };
}

export function readExecPath(call: Call, world: World, words: readonly Arg[]): Reading {
  const isGiven = words.some((word) => isKnown(word) && word.startsWith("--exec-path="));
  return isGiven || !isOwnPrograms(call, world)
    ? effects(opaqueEffect("git", "--exec-path", "git's own programs are taken from another folder"))
    : nothing;
}

/** Git tells what it starts (hooks, aliases, `rebase -x`) where its own programs lie: beside its `bin`. */
function isOwnPrograms(call: Call, world: World): boolean {
  const set = envGet(call.env, "GIT_EXEC_PATH");
  if (set === undefined) return true;
  const path = envGet(call.env, "PATH");
  const program = path !== undefined && isKnown(path) ? world.findProgram("git", path) : undefined;
  if (program === undefined || !isKnown(set)) return false;
  const real = world.realpath(program);
  const folder = world.realpath(set);
  // What git starts finds that folder first on its PATH, and the git in there.
  if (/\/git-core$/.test(folder) && parentOf(real) === folder) return true;
  const prefix = parentOf(parentOf(real));
  return ["lib", "libexec", "lib64"].some((name) => folder === world.realpath(`${prefix}/${name}/git-core`));
}
