import { basename, dirname, join } from "node:path/posix";
import * as files from "../world/file-system.js";
import { isProgram } from "../world/program.js";
import { fileOf } from "./own-work.js";

/**
 * Where the same programs lie that a PATH names: packages keep them in folders of their own, and put links or wrappers on the PATH.
 * `path`: absolute folders. Answers real paths.
 */
export function programFolders(path: readonly string[]): readonly string[] {
  const folders = new Set(path.map(files.realpath));
  const prefixes = new Set([...folders].map(dirname));
  for (const prefix of prefixes)
    for (const beside of besides)
      for (const folder of expand(prefix, beside.split("/"))) folders.add(files.realpath(folder));
  return [...folders];
}

/** Below the folder that a `bin` lies in. */
const besides = [
  "lib/git-core",
  "libexec/git-core",
  "lib/*/bin",
  "lib/postgresql/*/bin",
  "pgsql-*/bin",
  "*/bin",
  "opt/*/bin",
];

function expand(folder: string, [segment, ...rest]: readonly string[]): readonly string[] {
  if (segment === undefined) return files.lstat(folder).exists ? [folder] : [];
  if (!segment.includes("*")) return expand(join(folder, segment), rest);
  const start = segment.slice(0, segment.indexOf("*"));
  return namesOf(folder)
    .filter((name) => name.startsWith(start))
    .flatMap((name) => expand(join(folder, name), rest));
}

/** The programs of a folder that are guarded, and those that are one of them by another name: nothing is there for these. */
export function namesToCover(folder: string, isShimmed: (name: string) => boolean): readonly string[] {
  const names = namesOf(folder);
  const guarded = names.filter((name) => isShimmed(name) && isProgram(join(folder, name)));
  return [...guarded, ...dashedGits(folder, names)];
}

/** Where links among these programs lead, if to guarded ones elsewhere: `/usr/local/bin/aws` to a folder of its version. */
export function foldersBehind(folder: string, names: readonly string[]): readonly string[] {
  const found = names.flatMap((name) => {
    const path = join(folder, name);
    const stat = files.lstat(path);
    const target = stat.exists && stat.kind === "symlink" ? files.realpath(path) : path;
    return basename(target) === name ? [dirname(target)] : [];
  });
  return [...new Set(found)].filter((each) => each !== folder);
}

/**
 * `/usr/lib/git-core/git-reset` is `git reset`: https://git-scm.com/docs/git, "GIT_EXEC_PATH". As a symbolic link it leads to git's shim,
 * which tells by what name it was called; a hard link would lead past that. git itself starts `git reset`, but for what the other end
 * of a connection runs.
 */
function dashedGits(folder: string, names: readonly string[]): readonly string[] {
  const git = fileOf(join(folder, "git"));
  if (git === undefined) return [];
  const isHardLink = (path: string) => {
    const stat = files.lstat(path);
    return stat.exists && stat.kind === "file" && `${stat.device}:${stat.inode}` === git;
  };
  return names.filter(
    (name) => name.startsWith("git-") && !servers.has(name) && isHardLink(join(folder, name)),
  );
}

const servers: ReadonlySet<string> = new Set(["git-upload-pack", "git-upload-archive", "git-receive-pack"]);

function namesOf(folder: string): readonly string[] {
  const listing = files.readdir(folder, mostNames);
  return listing.ok ? listing.names : [];
}

const mostNames = 100_000;
