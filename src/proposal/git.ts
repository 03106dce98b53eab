import { openGit } from "../world/git-process.js";
import { askQuery } from "../world/git-query.js";
import { environmentOf, type Findings, type FoundLabel, noFindings } from "./finding.js";
import type { Place } from "./look.js";

/** Remotes by name (a URL may hold a password), and the branches that a release comes from. */
export function findGit({ root, home }: Place, program: string | undefined): Findings {
  const git = openGit(program, home);
  const lines = (args: readonly string[]): readonly string[] => {
    const answer = askQuery(git, root, args);
    return answer.ok ? answer.out.split("\n").filter((line) => line !== "") : [];
  };
  const remotes = lines(["config", "--get-regexp", "^remote\\..*\\.url$"]).flatMap(
    (line) => /^remote\.(.+)\.url /.exec(line)?.[1] ?? [],
  );
  if (remotes.length === 0) return noFindings;
  const refs = lines(["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"]);
  const branches = refs.map((ref) => ref.replace(/^refs\/heads\/|^refs\/remotes\/[^/]+\//, ""));
  const guarded = [...new Set(branches.flatMap(guardedBranch))].toSorted();
  return {
    ...noFindings,
    labels: [
      ...[...new Set(remotes)].map(
        (value): FoundLabel => ({
          key: "git.remotes",
          value,
          origin: "a remote of this repository",
          environment: environmentOf(value) ?? "development",
        }),
      ),
      ...guarded.map(
        (value): FoundLabel => ({
          key: "git.branches",
          value,
          origin: "by its name a branch that releases come from",
          environment: "protected-branches",
        }),
      ),
    ],
  };
}

function guardedBranch(branch: string): readonly string[] {
  if (/^(main|master|trunk|production|prod|release|stable)$/.test(branch)) return [branch];
  const [, folder] = /^(release|releases|hotfix)\//.exec(branch) ?? [];
  return folder === undefined ? [] : [`${folder}/*`];
}
