import { normalize } from "node:path/posix";
import { isWithin } from "../scope/globs.js";
import type { PlanInput } from "./input.js";
import { isFolder, joinPath, kindOf, type Look, namesIn, parentOf, textOf } from "./look.js";

/** What git needs of the repositories in the workspace. */
export interface GitPlaces {
  /** Git's own folders; each becomes a mount of its own, so that nobody moves it away and puts another in its place. */
  readonly folders: readonly string[];
  /** What a person's git runs, or is told what to run by: read-only. */
  readonly held: readonly string[];
  /** Missing folders that would be such, made empty before the start. */
  readonly make: readonly string[];
  /** Missing files of settings that git reads as soon as they are there, likewise. */
  readonly makeFiles: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The repository of the workspace, where anything of it may be written, those of the folders in it, two levels deep, and those
 * that begin in any other writable folder.
 */
export function findGit({ workspace, home, look }: PlanInput, writable: readonly string[]): GitPlaces {
  const own = [".gitconfig", ".config/git/config"]
    .flatMap((name) => settingsOf(joinPath(home, name), look))
    .filter(({ key }) => key === "core.hookspath");
  const isWritable = (path: string) => writable.some((one) => isWithin(path, one));
  const tops = [
    ...(writable.some((path) => isWithin(path, workspace)) || isWritable(workspace) ? [workspace] : []),
    ...foldersIn(workspace, look).filter(isWritable),
    ...writable.filter((path) => isFolder(path, look)),
  ];
  const all = [...new Set(tops)].map((top) => repositoryAt(top, own, look));
  return {
    folders: [...new Set(all.flatMap(({ folders }) => folders))],
    held: [...new Set(all.flatMap(({ held }) => held))],
    make: [...new Set(all.flatMap(({ make }) => make))],
    makeFiles: [...new Set(all.flatMap(({ makeFiles }) => makeFiles))],
    notes: all.flatMap(({ notes }) => notes),
  };
}

/** As many as one lists in a moment. */
const mostFolders = 1_000;

function foldersIn(workspace: string, look: Look): readonly string[] {
  const below = (folder: string) =>
    namesIn(folder, look)
      .filter((name) => name !== ".git" && name !== "node_modules")
      .map((name) => joinPath(folder, name))
      .filter((path) => isFolder(path, look));
  const near = below(workspace).slice(0, mostFolders);
  return [...near, ...near.slice(0, 100).flatMap(below)].slice(0, mostFolders);
}

const none: GitPlaces = { folders: [], held: [], make: [], makeFiles: [], notes: [] };

/** `own`: settings of the user's that count in each repository. */
function repositoryAt(top: string, own: readonly GitSetting[], look: Look): GitPlaces {
  const path = joinPath(top, ".git");
  switch (kindOf(path, look)) {
    case "folder":
      return placesOf(path, top, own, look);
    case "file":
      return linked(path, top, own, look);
    case "link":
      return {
        ...none,
        notes: [`${path} is a link: what it leads to is not opened, and what git runs there not held`],
      };
    default:
      return none;
  }
}

/**
 * A worktree or a submodule: `.git` is a file that says where git's folder is. The file is an agent's to write: `gitdir: /home/me` would
 * open the home in the next session. So that folder must know this one: git writes down the way back, where no agent writes.
 */
function linked(file: string, top: string, own: readonly GitSetting[], look: Look): GitPlaces {
  const [, written = ""] = /^gitdir: *(.+?)\s*$/m.exec(textOf(file, look)) ?? [];
  const folder = written === "" ? "" : look.realpath(from(top, written));
  const common = commonFolder(folder, file, top, look);
  if (common === undefined) {
    const note = `${file} leads to ${folder || "nowhere"}, which does not lead back: it stays read-only`;
    return { ...none, held: [file], notes: isWithin(folder, top) ? [] : [note] };
  }
  const places = placesOf(common, top, own, look);
  return {
    ...places,
    folders: [...places.folders, folder],
    held: [...places.held, file, ...heldIn(folder, look)],
  };
}

function commonFolder(folder: string, file: string, top: string, look: Look): string | undefined {
  if (folder === "" || kindOf(joinPath(folder, "HEAD"), look) !== "file") return undefined;
  const [, common] = /^(.+)\/worktrees\/[^/]+$/s.exec(folder) ?? [];
  if (common !== undefined) {
    const back = textOf(joinPath(folder, "gitdir"), look).trim();
    const isGit = isFolder(joinPath(common, "objects"), look) && isFolder(joinPath(common, "refs"), look);
    return isGit && back !== "" && look.realpath(from(folder, back)) === look.realpath(file)
      ? common
      : undefined;
  }
  const tree = settingsOf(joinPath(folder, "config"), look).find(({ key }) => key === "core.worktree")?.value;
  return tree !== undefined && look.realpath(from(folder, tree)) === top ? folder : undefined;
}

function placesOf(folder: string, top: string, own: readonly GitSetting[], look: Look): GitPlaces {
  const hooks = joinPath(folder, "hooks");
  const kind = kindOf(hooks, look);
  const modules = modulesIn(joinPath(folder, "modules"), look, 0);
  const trees = namesIn(joinPath(folder, "worktrees"), look).map((name) =>
    joinPath(joinPath(folder, "worktrees"), name),
  );
  const settings = settingsOf(joinPath(folder, "config"), look);
  const named = [...own, ...settings].flatMap((one) => namedBy(one, folder, top, look));
  const perTree = settings.some((one) => one.key === "extensions.worktreeconfig" && one.value !== "false")
    ? [folder, ...trees].map((one) => joinPath(one, "config.worktree"))
    : [];
  const isMissing = (path: string) => kindOf(path, look) === undefined;
  return {
    folders: [folder],
    held: [
      ...[folder, ...modules, ...trees].flatMap((one) => heldIn(one, look)),
      ...[...named.map(({ path }) => path), ...perTree],
    ],
    make: [
      ...[folder, ...modules].map((one) => joinPath(one, "hooks")),
      ...named.filter(({ isFile }) => !isFile).map(({ path }) => path),
    ].filter(isMissing),
    makeFiles: [...named.filter(({ isFile }) => isFile).map(({ path }) => path), ...perTree].filter(
      isMissing,
    ),
    notes:
      kind === "link"
        ? [`${hooks} is a link: what it leads to is read-only, the link itself can be replaced`]
        : [],
  };
}

/** `commondir` and `gitdir` lead git to other settings; a missing one cannot be held: an empty one would break git. */
const heldNames = ["hooks", "config", "config.worktree", "commondir", "gitdir", "info/attributes"];

function heldIn(folder: string, look: Look): readonly string[] {
  return heldNames
    .map((name) => joinPath(folder, name))
    .flatMap((path) => {
      const kind = kindOf(path, look);
      if (kind === undefined)
        return path.endsWith("/hooks") && isFolder(joinPath(folder, "objects"), look) ? [path] : [];
      return [kind === "link" ? look.realpath(path) : path];
    });
}

/** Submodules may lie in submodules, under names with slashes. */
function modulesIn(folder: string, look: Look, depth: number): readonly string[] {
  if (depth > 6) return [];
  return namesIn(folder, look)
    .map((name) => joinPath(folder, name))
    .filter((path) => isFolder(path, look))
    .flatMap((path) =>
      kindOf(joinPath(path, "HEAD"), look) === "file"
        ? [path, ...modulesIn(joinPath(path, "modules"), look, depth + 1)]
        : modulesIn(path, look, depth + 1),
    );
}

interface GitSetting {
  /** `core.hookspath`, in lower case; of a section with a name, without it. */
  readonly key: string;
  readonly value: string;
}

/** As much of git's syntax as is needed to find paths: a value may stand in quotes. */
function settingsOf(file: string, look: Look): readonly GitSetting[] {
  const found: GitSetting[] = [];
  let section = "";
  for (const line of textOf(file, look).split("\n")) {
    section = /^\s*\[\s*([\w.-]+)/.exec(line)?.[1]?.toLowerCase() ?? section;
    const [, key, value] =
      /^(?:\s*\[[^\]]*\])?\s*([A-Za-z][\w-]*)\s*=\s*"?([^"#;]*?)"?\s*(?:[#;].*)?$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined)
      found.push({ key: `${section}.${key.toLowerCase()}`, value });
  }
  return found;
}

interface Named {
  readonly path: string;
  readonly isFile: boolean;
}

/** `core.hooksPath = .husky/_` runs what lies there, and that runs its neighbours; `include.path` is read as settings. */
function namedBy({ key, value }: GitSetting, folder: string, top: string, look: Look): readonly Named[] {
  if (value === "" || value.startsWith("~")) return [];
  if (key === "include.path" || key === "includeif.path")
    return [{ path: look.realpath(from(folder, value)), isFile: true }];
  if (key !== "core.hookspath") return [];
  const path = look.realpath(from(top, value));
  const around = parentOf(path);
  return [{ path: path.endsWith("/_") && around !== top ? around : path, isFile: false }];
}

function from(folder: string, path: string): string {
  return normalize(path.startsWith("/") ? path : `${folder}/${path}`).replace(/(?<=.)\/$/, "");
}
