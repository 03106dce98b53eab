import { isKnown } from "../../model/arg.js";
import type { GitEffect } from "../../model/effect.js";
import { hasOption, type Options, optionValue } from "../options.js";
import { effects, nothing, type Reading } from "../reader.js";
import {
  askStore,
  configText,
  type GitCall,
  gitEffect,
  headRef,
  isMissing,
  isOn,
  linesOf,
  lossless,
  readGitOptions,
  settingOf,
  withMore,
} from "./call.js";
import { declareGit } from "./options.js";
import { pushCredentials } from "./push-credentials.js";
import { placeOfRemote } from "./remote-place.js";
import { findTracking, gone, type Way, weighDeletion, weighForce } from "./tracking.js";

const options = declareGit([
  "--all --branches",
  "--prune",
  "--mirror",
  "-n --dry-run",
  "--porcelain",
  "-d --delete",
  "--tags",
  "--follow-tags",
  "--signed::",
  "-f --force",
  "--force-with-lease::",
  "--force-if-includes",
  "--repo:",
  "-u --set-upstream",
  "--thin",
  "-q --quiet",
  "-v --verbose",
  "--verify",
  "--receive-pack:",
  "--exec:",
  "-o --push-option:",
  "--atomic",
  "--recurse-submodules:",
  "-4 --ipv4",
  "-6 --ipv6",
  "--progress",
]);

const replaced = { recovery: "none", because: "tags of the remote come to name other commits" } as const;

export function readPush(git: GitCall): Reading {
  const given = readGitOptions(git, options);
  if (given === undefined || isOn(given, "dry-run")) return nothing;
  const operands = given.operands.filter(isKnown);
  const repo = optionValue(given, "repo");
  const remote = operands[0] ?? (repo !== undefined && isKnown(repo) ? repo : remoteOf(git));
  const place = placeOfRemote(git, remote);
  const credentials = pushCredentials(git, place.remoteUrls ?? []);
  const pushed = (effect: GitEffect, branch?: string): GitEffect =>
    withMore(effect, {
      ...place,
      credentials,
      ...(branch === undefined || branch.includes("*") ? {} : { branch }),
    });
  if (isOn(given, "mirror") || isMirror(git, remote))
    return effects(pushed(gitEffect("delete", "push --mirror", remote, gone, true)));
  if (isOn(given, "prune")) return effects(pushed(gitEffect("delete", "push --prune", remote, gone, true)));
  // `--forc` is ambiguous to a git of today, and was not to an old one.
  const isForced = isOn(given, "force") || git.words.some((word) => /^--forc?$/.test(word));
  const isLeased = isOn(given, "force-with-lease");
  const way = isForced ? "force" : isLeased ? "lease" : "plain";
  const all = isOn(given, "all", "branches") ? branches(git) : [];
  const named = operands.slice(1);
  const specs =
    named.length > 0
      ? joinTags(named)
      : all.length > 0
        ? all
        : isOn(given, "tags")
          ? []
          : configured(git, given, remote, way);
  const tags =
    isOn(given, "tags") && isForced
      ? [pushed(gitEffect("modify", "push --force", `${remote}/tags`, replaced, true))]
      : [];
  const isDeletion = isOn(given, "delete");
  return effects(
    ...specs.map((spec) => {
      const effect = readSpec(git, remote, spec, way, isDeletion);
      return pushed(effect, effect.target.slice(remote.length + 1));
    }),
    ...tags,
  );
}

function readSpec(git: GitCall, remote: string, spec: string, way: Way, isDeletion: boolean): GitEffect {
  // `main:+main` is a spelling that git refuses; what its writer meant is plain.
  const forces = spec.startsWith("+") || spec.includes(":+");
  const plain = spec.replace(/^\+/, "").replace(":+", ":");
  const [source = "", named] = plain.split(":");
  const name = (named ?? (source === "HEAD" || source === "@" ? currentBranch(git) : source)).replace(
    /^refs\/heads\//,
    "",
  );
  const target = `${remote}/${name || "*"}`;
  if (isDeletion || (source === "" && named !== undefined && named !== ""))
    return gitEffect(
      "delete",
      "push --delete",
      target,
      weighDeletion(git, findTracking(git, remote, name)),
      true,
    );
  const chosen = forces ? "force" : way;
  if (chosen === "plain" || (source !== "" && !source.includes("*") && isMissing(git, source)))
    return gitEffect("send", "push", target, lossless, true);
  const loss = weighForce(git, findTracking(git, remote, name), source === "" ? "HEAD" : source, chosen);
  return loss.recovery === "needless"
    ? gitEffect("send", "push", target, lossless, true)
    : gitEffect("modify", "push --force", target, loss, true);
}

/** `tag NAME` is two words. */
function joinTags(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (word === "tag" && words[at + 1] !== undefined) return [];
    return [words[at - 1] === "tag" ? `refs/tags/${word}` : word];
  });
}

function currentBranch(git: GitCall): string {
  return (headRef(git) ?? "HEAD").replace(/^refs\/heads\//, "");
}

function branches(git: GitCall): readonly string[] {
  return linesOf(askStore(git, "for-each-ref", "--format=%(refname:short)", "refs/heads") ?? "*");
}

function remoteOf(git: GitCall): string {
  if (!/^\s*(pushremote|remote|pushdefault)\s*=[ \t]*(?![ \t]|origin\s*$)/im.test(configText(git)))
    return "origin";
  const keys = [
    `branch.${currentBranch(git)}.pushRemote`,
    "remote.pushDefault",
    `branch.${currentBranch(git)}.remote`,
  ];
  for (const key of keys) {
    const set = askStore(git, "config", "--get", key)?.trim();
    if (set !== undefined && set !== "") return set;
  }
  return "origin";
}

function isMirror(git: GitCall, remote: string): boolean {
  if (!/^\s*mirror\s*=/im.test(configText(git))) return false;
  return askStore(git, "config", "--type=bool", "--get", `remote.${remote}.mirror`)?.trim() === "true";
}

/** `push.default`: the branch of the same name, its upstream, or each that the remote has as well. */
function byDefault(git: GitCall): readonly string[] {
  const set = settingOf(git, "push.default");
  const mode = set ?? askStore(git, "config", "--get", "push.default")?.trim();
  if (mode === "matching") return branches(git);
  const branch = currentBranch(git);
  if (mode !== "upstream" && mode !== "tracking") return [branch];
  const upstream = askStore(git, "rev-parse", "--symbolic-full-name", "@{upstream}")?.trim();
  const [, name] = /^refs\/remotes\/[^/]+\/(.+)$/.exec(upstream ?? "") ?? [];
  return [name === undefined ? branch : `HEAD:${name}`];
}

/** `remote.NAME.push` says what goes when no refspec does; else the current branch. */
function configured(git: GitCall, given: Options, remote: string, way: Way): readonly string[] {
  const isSet = /^\s*push\s*=/im.test(configText(git)) && !hasOption(given, "all", "branches", "tags");
  const set = isSet ? linesOf(askStore(git, "config", "--get-all", `remote.${remote}.push`) ?? "") : [];
  return set.length > 0 ? set : way === "plain" ? [currentBranch(git)] : byDefault(git);
}
