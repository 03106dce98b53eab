import { type Arg, isKnown, showArg, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { declareOptions, hasOption, optionValues, readOptions } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { readAbort } from "./abort.js";
import { readBisect, readSymbolicRef } from "./bisect.js";
import { askGit, type GitCall, knownWords } from "./call.js";
import { readCheckout, readSwitch } from "./checkout.js";
import { readAliasCommand, readCommands, readSetting, readTransport, readVariables } from "./code.js";
import { readConfig } from "./config.js";
import * as files from "./files.js";
import { readChosenHooks } from "./hooks.js";
import { readManifests } from "./manifests.js";
import * as objects from "./objects.js";
import { readOutput } from "./output.js";
import { readPush } from "./push.js";
import * as refs from "./refs.js";
import { readFetch, readRemote } from "./remote.js";
import { readApply } from "./reverse.js";
import { readSettings } from "./settings.js";
import { readSparse } from "./sparse.js";
import { readStash } from "./stash.js";
import { findStore, readExecPath } from "./store.js";
import { readSubmodule } from "./submodule.js";
import { readWorktree } from "./trees.js";
import * as worktree from "./worktree.js";

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
  ["checkout", readCheckout],
  ["switch", readSwitch],
  ["restore", worktree.readRestore],
  ["clean", files.readClean],
  ["rm", worktree.readRemove],
  ["mv", files.readMove],
  ["worktree", readWorktree],
  ["read-tree", worktree.readPlumbing],
  ["checkout-index", worktree.readPlumbing],
  ["merge", readAbort],
  ["rebase", readAbort],
  ["cherry-pick", readAbort],
  ["revert", readAbort],
  ["am", readAbort],
  ["apply", readApply],
  ["branch", refs.readBranch],
  ["tag", refs.readTag],
  ["update-ref", refs.readUpdateRef],
  ["replace", refs.readReplace],
  ["stash", readStash],
  ["reflog", objects.readReflog],
  ["gc", objects.readGc],
  ["prune", objects.readGc],
  ["repack", objects.readRepack],
  ["filter-branch", objects.readFilter],
  ["update-index", worktree.readUpdateIndex],
  ["bisect", readBisect],
  ["symbolic-ref", readSymbolicRef],
  ["filter-repo", objects.readFilter],
  ["lfs", objects.readFilter],
  ["fast-import", objects.readFastImport],
  ["submodule", readSubmodule],
  ["fetch", readFetch],
  ["pull", readFetch],
  ["push", readPush],
  ["send-pack", readPush],
  ["config", readConfig],
  ["remote", readRemote],
  ["sparse-checkout", readSparse],
]);

/** Git's own commands that destroy nothing; only other names are looked up as aliases. */
const harmless =
  /^(add|annotate|archive|blame|bundle|cat-file|check-\w+|cherry|clone|commit(-\w+)?|count-objects|credential|daemon|describe|diff(-\w+|tool)?|fast-export|fetch-pack|for-each-\w+|format-patch|fsck|grep|hash-object|help|hook|init|instaweb|log|ls-\w+|maintenance|merge(-\w+|tool)|mktag|mktree|name-rev|notes|pack-\w+|range-diff|rev-(list|parse)|send-email|shortlog|show(-\w+)?|stage|status|stripspace|update-server-info|var|verify-\w+|version|whatchanged|write-tree|gui|gitk)$/;

/** Whether git has a command of that name. */
export function isGitCommand(name: string): boolean {
  return subcommands.has(name) || harmless.test(name);
}

export const git: Reader = {
  names: ["git", "git.exe"],
  read: (call, world) => readGit(call, world, call.argv.slice(1), 0),
};

function readGit(call: Call, world: World, words: readonly Arg[], depth: number): Reading {
  const given = readOptions(words, globals);
  const [name, ...rest] = given.operands;
  if (name === undefined || hasOption(given, "help", "version")) return nothing;
  const hidden = [...words].find((word) => !isKnown(word));
  if (hidden !== undefined && !isKnown(hidden)) {
    const isWeighed = !isKnown(name) || (subcommands.has(name) && !isDaily.test(name));
    if (call.sight === "later" || !isWeighed) return nothing;
    const because = `cannot tell what it would do: ${hidden.reason}`;
    return effects(opaqueEffect("git", words.map(showArg).join(" "), because));
  }
  const cwd = optionValues(given, "C").reduce<Call["cwd"]>(
    (folder, next) => resolvePath({ cwd: folder }, world, next) ?? folder,
    call.cwd,
  );
  const subject: GitCall = {
    call,
    world,
    cwd,
    ...findStore(call, world, given, cwd),
    settings: readSettings({ cwd, env: call.env }, world, given),
    name: showArg(name),
    words: knownWords(rest),
  };
  // An alias does nothing until it is called by its name.
  const chosen = subject.settings.filter(({ key }) => !key.startsWith("alias."));
  return join(
    inner(...chosen.flatMap(({ key, value }) => readSetting(subject, key, value)), ...readVariables(subject)),
    effects(...readTransport(subject)),
    ...chosen
      .filter(({ key }) => key === "core.hookspath")
      .map(({ value }) => readChosenHooks(subject, value)),
    readExecPath(call, world, words),
    readSubcommand(subject, depth),
  );
}

/** Hidden words in these are daily work: `git fetch origin "$BRANCH"`, `git config user.name "$NAME"`. */
const isDaily = /^(apply|config|fetch|pull|merge|rebase|cherry-pick|revert|am|lfs|repack)$/;

/** Aliases may name aliases; git stops where they go round. */
const maxAliases = 8;

function readSubcommand(subject: GitCall, depth: number): Reading {
  const { call, world, name } = subject;
  const read = subcommands.get(name);
  if (read !== undefined) return join(read(subject), readManifests(subject), readCommands(subject));
  if (name === "for-each-repo") return readRepositories(subject);
  if (harmless.test(name)) return join(readOutput(subject), readManifests(subject), readCommands(subject));
  const set = subject.settings.findLast(({ key }) => key === `alias.${name.toLowerCase()}`)?.value;
  const alias = set ?? askGit(subject, "config", "--get", `alias.${name}`)?.replace(/\n$/, "");
  if (alias === undefined) return readExternal(subject);
  if (depth > maxAliases) return nothing;
  if (alias.startsWith("!")) return inner(readAliasCommand(subject, alias.slice(1)));
  const words = alias.split(/\s+/).map((word) => word.replace(/^(['"])(.*)\1$/s, "$2"));
  const { cwd, settings } = subject;
  const carried = settings.flatMap(({ key, value }) => ["-c", `${key}=${value}`]);
  return readGit({ ...call, cwd }, world, [...carried, ...words, ...subject.words], depth + 1);
}

/** `git for-each-repo --config=KEY COMMAND`: in each folder that the setting lists. */
function readRepositories(subject: GitCall): Reading {
  const { words } = subject;
  const start = words.findIndex((word, at) => !word.startsWith("-") && words[at - 1] !== "--config");
  if (start < 0) return nothing;
  const [, attached] = /^--config=(.*)$/s.exec(words.find((word) => word.startsWith("--config")) ?? "") ?? [];
  const key = attached ?? words[words.indexOf("--config") + 1] ?? "";
  const folders = (askGit(subject, "config", "--get-all", key) ?? "")
    .split("\n")
    .filter((line) => line !== "");
  const argv = ["git", ...words.slice(start)];
  const { cwd } = subject;
  const places =
    folders.length > 0 ? folders : [unknown(key, "the folders stand in a setting that cannot be read")];
  return inner(
    ...places.map(
      (place): Inner => ({
        kind: "call",
        argv,
        via: "git for-each-repo",
        sight: "never",
        cwd: isKnown(place) ? (resolvePath({ cwd }, subject.world, place) ?? cwd) : place,
      }),
    ),
  );
}

/** `git NAME` runs `git-NAME` of the PATH. */
function readExternal({ call, world, name, words, cwd }: GitCall): Reading {
  const path = envGet(call.env, "PATH");
  if (path === undefined || !isKnown(path) || name.includes("/")) return nothing;
  const program = world.findProgram(`git-${name}`, path);
  if (program === undefined) return nothing;
  return inner({ kind: "call", argv: [program, ...words], via: `git ${name}`, sight: "never", cwd });
}
