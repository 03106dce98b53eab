import { decodeBytes } from "../model/bytes.js";
import type { Git } from "./git-process.js";
import { findHiddenChanges } from "./hidden-changes.js";

export type QueryAnswer =
  | { readonly ok: true; readonly out: string }
  | { readonly ok: false; readonly reason: string };

/** Asks git one of the questions below; anything else, and any option not listed, is refused before git starts. */
export function askQuery(git: Git, cwd: string, args: readonly string[]): QueryAnswer {
  const [name = "", ...rest] = args;
  const query = queries.get(name);
  const end = rest.indexOf("--");
  const options = (end < 0 ? rest : rest.slice(0, end)).filter((word) => word.startsWith("-"));
  const strange = query === undefined ? name : options.find((option) => !query.options.test(option));
  if (query === undefined || strange !== undefined)
    return { ok: false, reason: `git ${name}: "${strange}" is not a question` };
  // Without one of these, two words are a name and the value to write.
  if (name === "config" && !options.some((option) => /^--(get|get-all|get-regexp|list)$/.test(option)))
    return { ok: false, reason: "git config: only --get, --get-all, --get-regexp and --list are questions" };
  const config = query.readsFiles ? silenceFilters(git, cwd) : [];
  if (config === undefined) return { ok: false, reason: "the repository's filters cannot be switched off" };
  const answer = git({ cwd, args: [name, ...query.always, ...rest], config });
  if (!answer.ok) return answer;
  const out = decodeBytes(answer.out);
  if (!query.readsFiles || rest.some((option) => /^--(cached|staged)$/.test(option)))
    return { ok: true, out };
  const hidden = findHiddenChanges(git, cwd, end < 0 ? [] : rest.slice(end + 1));
  if (hidden === undefined)
    return { ok: false, reason: "git does not say which files it was told to pass by" };
  return hidden.length === 0 ? { ok: true, out } : addHidden(name, options, out, hidden);
}

/** In the format of `status --porcelain -z`; in any other the answer would be false without them. */
function addHidden(
  name: string,
  options: readonly string[],
  out: string,
  hidden: readonly string[],
): QueryAnswer {
  const isPlain = name === "status" && options.includes("-z") && !options.includes("--porcelain=v2");
  if (isPlain) return { ok: true, out: out + hidden.map((path) => ` M ${path}\0`).join("") };
  return { ok: false, reason: `git was told to pass by changes in "${hidden[0]}"` };
}

interface Query {
  readonly options: RegExp;
  readonly always: readonly string[];
  /** Compares files of the work tree, for which git would run the clean filters that attributes name. */
  readonly readsFiles: boolean;
}

const queries: ReadonlyMap<string, Query> = new Map([
  [
    "rev-parse",
    plain(
      /^--(verify|quiet|short(=\d+)?|abbrev-ref(=\w+)?|symbolic-full-name|show-toplevel|git-dir|absolute-git-dir|git-common-dir|is-inside-work-tree|is-bare-repository|show-prefix|show-cdup|end-of-options|all|branches|remotes|tags)$|^-q$/,
    ),
  ],
  [
    "for-each-ref",
    // Some atoms run programs: %(signature) gpg, %(describe) another git.
    plain(
      /^--(count=\d+|sort=-?[\w:]+|points-at=.*|contains(=.*)?|no-contains(=.*)?|merged(=.*)?|no-merged(=.*)?|ignore-case|format=([^%]|%[0-9a-f]{2}|%%|%\((refname|objectname|objecttype|objectsize|upstream|push|HEAD|symref|committerdate|creatordate|worktreepath|contents:subject)(:[\w,=]+)*\))*)$/,
    ),
  ],
  ["merge-base", plain(/^--(all|is-ancestor|octopus|independent|fork-point)$|^-a$/)],
  ["symbolic-ref", plain(/^--(quiet|short|no-recurse)$|^-q$/)],
  [
    "rev-list",
    plain(
      /^--(count|max-count=\d+|all|branches|remotes|tags|reflog|glob=.*|exclude=.*|not|left-right|no-walk|first-parent|merges|no-merges|reverse|walk-reflogs|oneline|timestamp|cherry-pick|right-only)$|^-(n|\d+|g)$/,
    ),
  ],
  [
    "ls-files",
    plain(
      /^--(stage|cached|unmerged|full-name|error-unmatch|others|directory|ignored|exclude-standard|exclude=.*)$|^-(s|c|u|z|t|v)+$/,
    ),
  ],
  ["ls-tree", plain(/^--(name-only|full-tree)$|^-[rz]$/)],
  [
    "diff-tree",
    {
      options: /^--(name-only|no-renames|diff-filter=[A-Za-z]+)$|^-[rz]$/,
      always: ["--no-ext-diff", "--no-textconv"],
      readsFiles: false,
    },
  ],
  [
    // The index against a tree: no file of the work tree is read.
    "diff-index",
    {
      options: /^--(name-only|no-renames|diff-filter=[A-Za-z]+)$|^-z$/,
      always: ["--cached", "--no-ext-diff", "--no-textconv"],
      readsFiles: false,
    },
  ],
  ["fsck", plain(/^--(unreachable|connectivity-only|no-progress)$/)],
  ["cat-file", plain(/^-[tesp]$/)],
  [
    "config",
    plain(
      /^--(get|get-all|get-regexp|list|null|name-only|show-origin|show-scope|local|global|system|worktree|bool|int|type=(bool|int|bool-or-int|path)|includes|no-includes)$|^-[zl]$/,
    ),
  ],
  [
    "diff",
    {
      options:
        /^--(name-only|name-status|cached|staged|quiet|exit-code|no-renames|diff-filter=[A-Za-z]+|merge-base|relative)$|^-[zR]$/,
      always: ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--no-color"],
      readsFiles: true,
    },
  ],
  [
    "status",
    {
      options:
        /^--(porcelain(=v?[12])?|branch|no-renames|untracked-files(=\w+)?|ignored(=\w+)?|no-ahead-behind|short)$|^-(z|s|b|u|uno|unormal|uall)$/,
      always: ["--porcelain", "--ignore-submodules=all"],
      readsFiles: true,
    },
  ],
]);

function plain(options: RegExp): Query {
  return { options, always: [], readsFiles: false };
}

/** Settings that empty every filter driver that any configuration names; undefined when one cannot be named here. */
function silenceFilters(git: Git, cwd: string): readonly string[] | undefined {
  const asked = git({
    cwd,
    args: ["config", "-z", "--name-only", "--get-regexp", "^filter\\."],
    statuses: [0, 1],
  });
  if (!asked.ok) return undefined;
  const names = decodeBytes(asked.out)
    .split("\0")
    .filter((name) => name !== "");
  // `-c` ends a name at its first "=".
  if (names.some((name) => /[=\n]|[\udc80-\udcff]/.test(name))) return undefined;
  return [...new Set(names.map((name) => name.slice(0, name.lastIndexOf("."))))].flatMap((driver) => [
    `${driver}.clean=`,
    `${driver}.smudge=`,
    `${driver}.process=`,
    `${driver}.required=false`,
  ]);
}
