import { isKnown } from "../../model/arg.js";
import { effects, join, nothing, type Reading } from "../reader.js";
import { askStore, configText, type GitCall, gitEffect, isOn, linesOf, readGitOptions } from "./call.js";
import { weighCommits } from "./commits.js";
import { overwriteIncoming } from "./ignored.js";
import { declareGit } from "./options.js";

const fetchOptions = declareGit([
  "--all",
  "-a --append",
  "-f --force",
  "-n --dry-run",
  "-p --prune",
  "-P --prune-tags",
  "-k --keep",
  "-t --tags",
  "-j --jobs:",
  "-q --quiet",
  "-v --verbose",
  "-m --multiple",
  "-u --update-head-ok",
  "--depth:",
  "--deepen:",
  "--shallow-since:",
  "--shallow-exclude:",
  "--refmap:",
  "-o --server-option:",
  "--negotiation-tip:",
  "--filter:",
  "--upload-pack:",
  "--recurse-submodules::",
  "--rebase::",
  "-s --strategy:",
  "-X --strategy-option:",
  "-S --gpg-sign::",
  "--cleanup:",
  "--set-upstream",
  "--ff-only",
  "--ff",
  "--autostash",
  "--squash",
  "--commit",
  "-e --edit",
  "--stat",
  "--progress",
  "-4 --ipv4",
  "-6 --ipv6",
]);

/** Branches of remotes follow the remote; a refspec can name branches of one's own, and overwrite them. */
export function readFetch(git: GitCall): Reading {
  const given = readGitOptions(git, fetchOptions);
  if (given === undefined || isOn(given, "dry-run")) return nothing;
  const [remote = "origin", ...named] = given.operands.filter(isKnown);
  const refspecs = named.length > 0 ? named : configured(git, remote);
  const branches = overwriteBranches(git, remote, refspecs, isOn(given, "force"), isOn(given, "prune"));
  return git.name === "pull" ? join(branches, overwriteIncoming(git)) : branches;
}

const remoteOptions = declareGit(["-n --dry-run", "-p --prune", "-v --verbose"]);

/** `remote update` fetches, `remote prune` does what `fetch --prune` does beside it. */
export function readRemote(git: GitCall): Reading {
  const [verb, ...words] = git.words.filter((word) => word !== "-v" && word !== "--verbose");
  if (verb !== "update" && verb !== "prune") return nothing;
  const given = readGitOptions(git, remoteOptions, words);
  if (given === undefined || isOn(given, "dry-run")) return nothing;
  const [remote = "origin"] = given.operands.filter(isKnown);
  const isPrune = verb === "prune" || isOn(given, "prune");
  return overwriteBranches(git, remote, configured(git, remote), false, isPrune);
}

/** Refspecs of the configuration, where they name branches of one's own. A bare mirror has none that are. */
function configured(git: GitCall, remote: string): readonly string[] {
  const text = configText(git);
  if (!/^\s*fetch\s*=.*:refs\/(heads|tags|\*)/im.test(text) || /^\s*bare\s*=\s*true/im.test(text)) return [];
  return linesOf(askStore(git, "config", "--get-all", `remote.${remote}.fetch`) ?? "");
}

function overwriteBranches(
  git: GitCall,
  remote: string,
  refspecs: readonly string[],
  isForced: boolean,
  isPruned: boolean,
): Reading {
  return effects(
    ...refspecs.flatMap((spec) => {
      const [source = "", target] = spec.replace(/^\+/, "").split(":");
      const forces = isForced || spec.startsWith("+") || (isPruned && spec.includes("*"));
      if (!forces || target === undefined || target === "") return [];
      const ref = target.startsWith("refs/") ? target : `refs/heads/${target}`;
      if (!/^refs\/(heads|tags|stash|\*)/.test(ref)) return [];
      const known = `refs/remotes/${remote}/${source.replace(/^refs\/heads\//, "")}`;
      const tips = linesOf(
        askStore(git, "for-each-ref", "--format=%(refname)", ref.replace(/\*$/, "")) ?? ref,
      );
      if (tips.length === 0) return [];
      // What the remote has by now is not known here; as last seen will do.
      const isSeen =
        !source.includes("*") && askStore(git, "rev-parse", "--verify", "--quiet", known) !== undefined;
      const loss = weighCommits(git, { tips, doomed: tips, kept: isSeen ? [known] : [] });
      return loss.recovery === "needless" ? [] : [gitEffect("modify", git.name, target, loss)];
    }),
  );
}
