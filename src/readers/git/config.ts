import { isKnown } from "../../model/arg.js";
import { opaqueEffect } from "../../model/effect.js";
import { hasOption } from "../options.js";
import { joinPath, parentOf } from "../path.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import type { GitCall } from "./call.js";
import { isOn, readGitOptions, storePath } from "./call.js";
import { readSetting } from "./code.js";
import { readHooksPath } from "./hooks.js";
import { declareGit } from "./options.js";
import { included } from "./settings.js";

const configOptions = declareGit([
  "--global",
  "--system",
  "--local",
  "--worktree",
  "-f --file:",
  "--blob:",
  "--type:",
  "--bool",
  "--int",
  "--path",
  "--add",
  "--replace-all",
  "--all",
  "--append",
  "--comment:",
  "--value:",
  "--fixed-value",
  "--default:",
  "--get",
  "--get-all",
  "--get-regexp",
  "--get-urlmatch",
  "--unset",
  "--unset-all",
  "--rename-section",
  "--remove-section",
  "-l --list",
  "-e --edit",
  "-z --null",
  "--name-only",
  "--show-origin",
  "--show-scope",
  "--includes",
]);

/** A setting that names a program is judged when it is made: nothing else looks when git runs it. */
export function readConfig(git: GitCall): Reading {
  const given = readGitOptions(git, configOptions);
  if (given === undefined || hasOption(given, "get", "get-all", "get-regexp", "unset", "unset-all", "list"))
    return nothing;
  const operands = given.operands.filter(isKnown);
  const [name, value] = operands[0] === "set" ? operands.slice(1) : operands;
  if (name === undefined || value === undefined || !name.includes(".")) return nothing;
  const key = name.toLowerCase();
  if (key === "core.hookspath")
    return readHooksPath(git, value, isOn(given, "global") || isOn(given, "system"));
  // Relative to the file that it is written into.
  const file = isOn(given, "global") ? joinPath(git.world.user.home, ".gitconfig") : storePath(git, "config");
  const cwd = file === undefined ? git.cwd : parentOf(file);
  const others = included({ cwd, env: git.call.env }, git.world, { key, value }, 0);
  return join(
    inner(...[{ key, value }, ...others].flatMap((one) => readSetting(git, one.key, one.value))),
    /^url\.ext::/.test(key)
      ? effects(opaqueEffect("git", `config ${name}`, "addresses are rewritten into a command that git runs"))
      : nothing,
  );
}
