import { isKnown } from "../../model/arg.js";
import { effects, nothing, type Reading } from "../reader.js";
import {
  askStore,
  type GitCall,
  type GitLoss,
  gitEffect,
  headRef,
  isOn,
  linesOf,
  lossless,
  readGitOptions,
  topOf,
} from "./call.js";
import { weighCommits } from "./commits.js";
import { declareGit } from "./options.js";

const branchOptions = declareGit([
  "-d --delete",
  "-D",
  "-f --force",
  "-r --remotes",
  "-m --move",
  "-M",
  "-c --copy",
  "-C",
  "-a --all",
  "-v --verbose",
  "-q --quiet",
  "-l --list",
  "-u --set-upstream-to:",
  "-t",
  "--track::",
  "--unset-upstream",
  "--show-current",
  "--edit-description",
  "--contains::",
  "--no-contains::",
  "--merged::",
  "--no-merged::",
  "--points-at:",
  "--format:",
  "--sort:",
  "--abbrev::",
  "--color::",
  "--column::",
  "--create-reflog",
  "--recurse-submodules",
  "-i --ignore-case",
]);

/** Without force, git refuses to delete what is not merged. Branches of remotes come back with the next fetch. */
export function readBranch(git: GitCall): Reading {
  const given = readGitOptions(git, branchOptions);
  if (given === undefined || isOn(given, "remotes")) return nothing;
  const names = given.operands.filter(isKnown);
  const isForced = isOn(given, "force");
  if (isOn(given, "D") || (isOn(given, "delete") && isForced))
    return deleteRefs(
      git,
      "branch -D",
      names.map((name) => branchRef(git, name)),
    );
  if (isOn(given, "delete", "list", "set-upstream-to", "unset-upstream", "show-current")) return nothing;
  const copies = isOn(given, "M", "C") || (isOn(given, "move", "copy") && isForced);
  if (copies) {
    const [source, target] = names.length > 1 ? names : [headRef(git), names[0]];
    if (target === undefined || source === target) return nothing;
    return moveRef(
      git,
      `branch -${isOn(given, "M", "move") ? "M" : "C"}`,
      branchRef(git, target),
      source ?? "HEAD",
    );
  }
  const [name, start] = names;
  return isForced && name !== undefined && !isOn(given, "move", "copy")
    ? moveRef(git, "branch -f", branchRef(git, name), start ?? "HEAD")
    : nothing;
}

/** `-` and `@{-1}` are the branch that was checked out before. */
function branchRef(git: GitCall, name: string): string {
  if (name !== "-" && !name.startsWith("@{-")) return `refs/heads/${name}`;
  const previous = name === "-" ? "@{-1}" : name;
  return askStore(git, "rev-parse", "--symbolic-full-name", previous)?.trim() || `refs/heads/${name}`;
}

const tagOptions = declareGit([
  "-d --delete",
  "-f --force",
  "-m --message:",
  "-F --file:",
  "-a --annotate",
  "-s --sign",
  "-u --local-user:",
  "-e --edit",
  "--cleanup:",
  "-l --list",
  "-n::",
  "-v --verify",
  "--contains::",
  "--no-contains::",
  "--merged::",
  "--no-merged::",
  "--points-at:",
  "--sort:",
  "--format:",
  "--color::",
  "--column::",
  "--create-reflog",
  "-i --ignore-case",
]);

export function readTag(git: GitCall): Reading {
  const given = readGitOptions(git, tagOptions);
  if (given === undefined || isOn(given, "list", "verify")) return nothing;
  const names = given.operands.filter(isKnown);
  if (isOn(given, "delete"))
    return deleteRefs(
      git,
      "tag -d",
      names.map((name) => `refs/tags/${name}`),
    );
  const [name, target = "HEAD"] = names;
  return isOn(given, "force") && name !== undefined
    ? moveRef(git, "tag -f", `refs/tags/${name}`, target)
    : nothing;
}

const updateOptions = declareGit(["-d", "-m:", "--deref", "--create-reflog", "--stdin", "-z"]);

export function readUpdateRef(git: GitCall): Reading {
  const given = readGitOptions(git, updateOptions);
  if (given === undefined) return nothing;
  const [name, value] = given.operands.filter(isKnown);
  if (isOn(given, "stdin")) return readUpdates(git, isOn(given, "z"));
  if (name === undefined) return nothing;
  const ref = name === "HEAD" ? (headRef(git) ?? name) : name;
  if (isOn(given, "d")) return deleteRefs(git, "update-ref -d", [ref]);
  return value === undefined ? nothing : moveRef(git, "update-ref", ref, value);
}

/** `delete REF [OLD]`, `update REF NEW [OLD]`, one a line. */
function readUpdates(git: GitCall, isBinary: boolean): Reading {
  const { stdin } = git.call;
  if (stdin.kind === "none") return nothing;
  if (stdin.kind !== "text" || isBinary) {
    const because = "the refs that it deletes or moves come on its stdin";
    const unread = effects(
      gitEffect("modify", "update-ref --stdin", topOf(git), { recovery: "unknown", because }),
    );
    return { ...unread, wantsStdin: stdin.kind === "unknown" && !isBinary };
  }
  const orders = linesOf(stdin.text).map((line) => line.split(" "));
  const deleted = orders.filter(([verb]) => verb === "delete").map(([, ref = ""]) => ref);
  const moved = orders.filter(([verb]) => verb === "update");
  return effects(
    ...(deleted.length > 0 ? deleteRefs(git, "update-ref -d", deleted).effects : []),
    ...moved.flatMap(([, ref = "", value = ""]) => moveRef(git, "update-ref", ref, value).effects),
  );
}

/** A replacement is an object that only its own ref reaches. */
export function readReplace(git: GitCall): Reading {
  const names = git.words.filter((word) => !word.startsWith("-"));
  if (!git.words.some((word) => /^(-d|--d\w*)$/.test(word))) return nothing;
  const refs = names.map((name) => {
    const id = askStore(git, "rev-parse", "--verify", "--quiet", name)?.trim();
    return `refs/replace/${id ?? name}`;
  });
  return deleteRefs(git, "replace -d", refs);
}

export function deleteRefs(git: GitCall, operation: string, refs: readonly string[]): Reading {
  return effects(
    ...refs.map((ref) =>
      gitEffect(
        "delete",
        operation,
        shortName(ref, operation),
        weighRef(git, ref, doomedWith(git, operation, refs), []),
      ),
    ),
  );
}

/** A ref that is there already comes to point elsewhere. */
export function moveRef(git: GitCall, operation: string, ref: string, target: string): Reading {
  const found = findRef(git, ref);
  if (found === "") return nothing;
  // A name that git does not know: it will refuse.
  const isGone = found !== undefined && !isTarget(git, target);
  const loss = isGone ? lossless : weighRef(git, ref, doomedWith(git, operation, [ref]), [target]);
  return loss.recovery === "needless"
    ? nothing
    : effects(gitEffect("modify", operation, shortName(ref, operation), loss));
}

/** Git refuses to take the branch away that is checked out; plumbing does not, and HEAD goes along with it. */
function doomedWith(git: GitCall, operation: string, refs: readonly string[]): readonly string[] {
  const isPlumbing = operation.startsWith("update-ref");
  return isPlumbing && refs.includes(headRef(git) ?? "") ? [...refs, "HEAD"] : refs;
}

function isTarget(git: GitCall, name: string): boolean {
  return /^0+$/.test(name) || askStore(git, "rev-parse", "--verify", "--quiet", name) !== undefined;
}

/** Plumbing names refs in full; the others leave out the folder that they work in. */
function shortName(ref: string, operation: string): string {
  return operation.startsWith("update-ref") ? ref : ref.replace(/^refs\/(heads|tags)\//, "");
}

function weighRef(git: GitCall, ref: string, doomed: readonly string[], kept: readonly string[]): GitLoss {
  if (git.store === undefined)
    return { recovery: "unknown", because: "git cannot be asked about the repository that is meant" };
  const id = findRef(git, ref);
  if (id === undefined) return { recovery: "unknown", because: "git did not say where it points" };
  if (id === "") return lossless;
  return weighCommits(git, { tips: [id], doomed, kept: kept.filter((name) => !/^0+$/.test(name)) });
}

/** Empty when there is no such ref. A revision (`HEAD~1`) is none: git refuses to delete it. */
export function findRef(git: GitCall, ref: string): string | undefined {
  const out = askStore(git, "for-each-ref", "--format=%(objectname) %(refname)", ref);
  if (out === undefined) return undefined;
  return (
    linesOf(out)
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(" ")[0] ?? ""
  );
}
