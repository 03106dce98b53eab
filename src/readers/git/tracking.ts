import {
  askStore,
  type GitCall,
  type GitLoss,
  gitPath,
  headRef,
  linesOf,
  lossless,
  storePath,
} from "./call.js";
import { findContent, lostCommits, readCommits } from "./commits.js";

/** How a push treats what the remote has. */
export type Way = "plain" | "lease" | "force";

export const gone = {
  recovery: "none",
  because: "what the remote has there and nobody else is gone",
} as const;
const unseen = {
  recovery: "unknown",
  because: "commits that the remote has and this branch has not are dropped there",
} as const;

/** What is known here of a branch of the remote. */
interface Tracking {
  readonly remote: string;
  readonly branch: string;
  readonly ref: string;
  /** Its commit as last seen; "" when nothing was seen, undefined when git does not say. */
  readonly id: string | undefined;
}

export function findTracking(git: GitCall, remote: string, branch: string): Tracking {
  const ref = `refs/remotes/${remote}/${branch}`;
  if (branch.includes("*") || branch.startsWith("refs/")) return { remote, branch, ref, id: undefined };
  const out = askStore(git, "for-each-ref", "--format=%(objectname) %(refname)", ref);
  const id =
    out === undefined
      ? undefined
      : (linesOf(out)
          .find((line) => line.endsWith(` ${ref}`))
          ?.split(" ")[0] ?? "");
  return { remote, branch, ref, id };
}

/** Branches that others build on, whatever their commits are. */
function isShared(git: GitCall, { remote, branch }: Tracking): boolean {
  if (
    /^(main|master|trunk|develop|dev|stable|staging|production|prod|live|gh-pages|(release|releases|hotfix|support)([/-].*)?)$/i.test(
      branch,
    )
  )
    return true;
  const head = askStore(git, "symbolic-ref", "--quiet", `refs/remotes/${remote}/HEAD`)?.trim();
  return head === `refs/remotes/${remote}/${branch}`;
}

/**
 * With a lease the remote is as it was last seen, or refuses. Without one that must have been in this session. Dropped are then
 * the commits that the branch had and the new one has not; those that this branch once had itself are in its reflog.
 */
export function weighForce(git: GitCall, tracking: Tracking, source: string, way: Way): GitLoss {
  const { id, ref } = tracking;
  if (id === undefined) return unseen;
  // Nothing was ever seen there: a lease is refused, a new branch is not told from an old one.
  if (id === "") return way === "lease" ? lossless : unseen;
  const out = askStore(git, "rev-list", "--timestamp", "--oneline", "--max-count=1000", id, "--not", source);
  if (out === undefined) return unseen;
  const dropped = readCommits(out);
  const isFresh = way === "lease" || wasSeen(git, ref);
  if (dropped.length === 0) {
    if (way === "lease") return lossless;
    if (isShared(git, tracking)) return unseen;
    return isFresh ? { recovery: "git", because: "only adds to what the remote was seen to have" } : unseen;
  }
  const lost = lostCommits(dropped, "drops from the remote");
  if (isShared(git, tracking) || !isFresh) return lost;
  const branch = headRef(git) ?? "HEAD";
  const reflogs = [branch, "HEAD", `refs/heads/${tracking.branch}`];
  return reflogs.some((log) => linesOf(askStore(git, "rev-list", "-g", log) ?? "").includes(id))
    ? {
        ...lost,
        recovery: "git",
        because: `${lost.because}: this branch had them, and its reflog keeps them`,
      }
    : lost;
}

/** Fetched or pushed since the session began. */
function wasSeen(git: GitCall, ref: string): boolean {
  const { world } = git;
  return [gitPath(git, "FETCH_HEAD"), storePath(git, ref), storePath(git, `logs/${ref}`)].some((path) => {
    const stat = path === undefined ? undefined : world.lstat(path);
    return stat?.exists === true && stat.modified >= world.session.startedAt;
  });
}

/** Merged into what else the remote has, or squashed into its trunk: then it has the work still. */
export function weighDeletion(git: GitCall, tracking: Tracking): GitLoss {
  const { id, ref, remote } = tracking;
  if (id === undefined || id === "" || isShared(git, tracking)) return gone;
  const others = [`--exclude=${ref}`, `--glob=refs/remotes/${remote}/*`];
  const out = askStore(
    git,
    "rev-list",
    "--timestamp",
    "--oneline",
    "--max-count=1000",
    id,
    "--not",
    ...others,
  );
  if (out === undefined) return gone;
  const commits = readCommits(out);
  if (commits.length === 0)
    return { recovery: "git", because: `another branch of ${remote} has its commits` };
  const holder = findContent(git, id, [ref, "refs/heads/main", "refs/heads/master"]);
  if (holder !== undefined) return { recovery: "git", because: `${holder} has the same content` };
  return lostCommits(commits, "no other branch of the remote has");
}
