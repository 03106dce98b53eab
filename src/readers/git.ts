import { type Arg, isKnown, showArg } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { opaqueEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { overwriting } from "./file-effects.js";
import { askGit, type GitCall, knownWords } from "./git-call.js";
import { readAliasCommand, readCommands, readSetting, readVariables } from "./git-code.js";
import * as files from "./git-files.js";
import { readPush } from "./git-push.js";
import * as refs from "./git-refs.js";
import * as worktree from "./git-worktree.js";
import { declareOptions, hasOption, optionValues, readOptions } from "./options.js";
import { resolvePath } from "./path.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "./reader.js";
import { splitAssignment } from "./sudo.js";

const globals = declareOptions("first", [
  "-C:",
  "-c:",
  "--git-dir:",
  "--work-tree:",
  "--namespace:",
  "--super-prefix:",
  "--config-env:",
  "--attr-source:",
  "--exec-path::",
  "--list-cmds::",
  "-p --paginate",
  "-P --no-pager",
  "--bare",
  "--no-replace-objects",
  "--no-lazy-fetch",
  "--no-optional-locks",
  "--no-advice",
  "--literal-pathspecs",
  "--glob-pathspecs",
  "--noglob-pathspecs",
  "--icase-pathspecs",
  "--html-path",
  "--man-path",
  "--info-path",
  "-h --help",
  "-v --version",
]);

const subcommands: ReadonlyMap<string, (git: GitCall) => Reading> = new Map([
  ["reset", worktree.readReset],
  ["checkout", worktree.readCheckout],
  ["switch", worktree.readSwitch],
  ["restore", worktree.readRestore],
  ["clean", files.readClean],
  ["rm", worktree.readRemove],
  ["mv", files.readMove],
  ["worktree", files.readWorktree],
  ["read-tree", worktree.readPlumbing],
  ["checkout-index", worktree.readPlumbing],
  ["branch", refs.readBranch],
  ["tag", refs.readTag],
  ["update-ref", refs.readUpdateRef],
  ["stash", refs.readStash],
  ["reflog", refs.readReflog],
  ["gc", refs.readGc],
  ["prune", refs.readGc],
  ["filter-branch", refs.readFilter],
  ["filter-repo", refs.readFilter],
  ["submodule", refs.readSubmodule],
  ["push", readPush],
  ["config", readConfig],
]);

/** Git's own commands that destroy nothing; only other names are looked up as aliases. */
const harmless =
  /^(add|am|annotate|apply|archive|bisect|blame|bundle|cat-file|check-\w+|cherry(-pick)?|clone|commit(-\w+)?|count-objects|credential|daemon|describe|diff(-\w+|tool)?|fast-\w+|fetch|for-each-ref|format-patch|fsck|grep|hash-object|help|init|instaweb|log|ls-\w+|maintenance|merge(-\w+|tool)?|mktree|name-rev|notes|pack-\w+|pull|range-diff|rebase|remote|repack|replace|rev-(list|parse)|revert|shortlog|show(-\w+)?|sparse-checkout|status|symbolic-ref|update-index|var|verify-\w+|version|whatchanged|write-tree|lfs|gui|gitk)$/;

export const git: Reader = {
  names: ["git"],
  read: (call, world) => readGit(call, world, call.argv.slice(1), 0),
};

function readGit(call: Call, world: World, words: readonly Arg[], depth: number): Reading {
  const given = readOptions(words, globals);
  const [name, ...rest] = given.operands;
  if (name === undefined || hasOption(given, "help", "version")) return nothing;
  const hidden = [...words].find((word) => !isKnown(word));
  if (hidden !== undefined && !isKnown(hidden)) {
    const isWeighed = !isKnown(name) || (subcommands.has(name) && name !== "config");
    if (call.sight === "later" || !isWeighed) return nothing;
    const because = `cannot tell what it would do: ${hidden.reason}`;
    return effects(opaqueEffect("git", words.map(showArg).join(" "), because));
  }
  const elsewhere = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"].some(
    (name) => envGet(call.env, name) !== undefined,
  );
  const subject: GitCall = {
    call,
    world,
    cwd: optionValues(given, "C").reduce<Call["cwd"]>(
      (cwd, folder) => resolvePath({ cwd }, world, folder) ?? cwd,
      call.cwd,
    ),
    asks: !elsewhere && !hasOption(given, "git-dir", "work-tree", "bare"),
    name: showArg(name),
    words: knownWords(rest),
  };
  const settings = knownWords(optionValues(given, "c")).map(splitAssignment);
  // An alias does nothing until it is called by its name.
  const chosen = settings.filter(([key]) => !/^alias\./i.test(key));
  return join(
    inner(...chosen.flatMap(([key, value]) => readSetting(subject, key, value)), ...readVariables(subject)),
    hasOption(given, "exec-path") && words.some((word) => isKnown(word) && word.startsWith("--exec-path="))
      ? effects(opaqueEffect("git", "--exec-path", "git's own programs are taken from another folder"))
      : nothing,
    readSubcommand(subject, settings, depth),
  );
}

function readSubcommand(
  subject: GitCall,
  settings: readonly (readonly [string, string])[],
  depth: number,
): Reading {
  const { call, world, name } = subject;
  const read = subcommands.get(name);
  if (read !== undefined) return join(read(subject), readCommands(subject));
  if (harmless.test(name)) return join(readOutput(subject), readCommands(subject));
  const set = settings.find(([key]) => key.toLowerCase() === `alias.${name.toLowerCase()}`)?.[1];
  const alias = set ?? askGit(subject, "config", "--get", `alias.${name}`)?.replace(/\n$/, "");
  if (alias === undefined || depth > 0) return nothing;
  if (alias.startsWith("!")) return inner(readAliasCommand(subject, alias.slice(1)));
  const words = alias.split(/\s+/).map((word) => word.replace(/^(['"])(.*)\1$/s, "$2"));
  const { cwd } = subject;
  return readGit({ ...call, cwd }, world, [...words, ...subject.words], depth + 1);
}

const configOptions = declareOptions("anywhere", [
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
  "--no-includes",
]);

/** A setting that names a program is judged when it is made: nothing else looks when git runs it. */
function readConfig(subject: GitCall): Reading {
  const given = readOptions(subject.words, configOptions);
  const operands = given.operands.filter(isKnown);
  const [key, value] = operands[0] === "set" ? operands.slice(1) : operands;
  if (key === undefined || value === undefined || !key.includes(".")) return nothing;
  if (given.operands.length > 0 && hasOption(given, "get", "get-all", "get-regexp", "unset", "unset-all"))
    return nothing;
  return inner(...readSetting(subject, key, value));
}

/** `--output=FILE` of diff and log, `-o FILE` of archive. */
function readOutput(subject: GitCall): Reading {
  const { words, world, name } = subject;
  const outputs = words.flatMap((word, at) => {
    if (word.startsWith("--output=")) return [word.slice(9)];
    const isApart = word === "--output" || (word === "-o" && name === "archive");
    return isApart ? words.slice(at + 1, at + 2) : [];
  });
  return effects(
    ...outputs.flatMap((file) => {
      const path = resolvePath(subject, world, file);
      return path === undefined || !isKnown(path) ? [] : overwriting("git", path, world);
    }),
  );
}
