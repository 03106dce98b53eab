import { isKnown } from "../model/arg.js";
import type { GitCall } from "./git-call.js";
import { isOn, readGitOptions } from "./git-call.js";
import { readHooksPath, readSetting } from "./git-code.js";
import { declareGit } from "./git-options.js";
import { hasOption } from "./options.js";
import { inner, nothing, type Reading } from "./reader.js";

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
  return inner(...readSetting(git, key, value));
}
