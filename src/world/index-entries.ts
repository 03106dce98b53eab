import { decodeBytes, encodeBytes } from "../model/bytes.js";
import { lstat } from "./file-system.js";
import type { Git } from "./git-process.js";
import { type Repository, repositoryAt } from "./repository.js";

export type Tracked = ReadonlyMap<string, string> | { readonly reason: string };

/** The answers of `tracked`: git is asked once for each state of the index, however many paths are asked about. */
export function openIndexes(git: Git): (top: string, relative: string) => Tracked {
  const indexes = new Map<string, Index>();
  return (top, relative) => {
    const repository = repositoryAt(top);
    if (repository === undefined) return { reason: `no git work tree at "${top}"` };
    const stamp = stampOf(`${repository.gitDir}/index`);
    let index = indexes.get(repository.gitDir);
    if (index === undefined || index.stamp !== stamp) {
      const read = readIndex(git, repository, stamp, index?.present);
      if ("reason" in read) return read;
      index = read;
      indexes.set(repository.gitDir, index);
    }
    return select(git, repository, index, relative);
  };
}

interface Index {
  readonly stamp: string;
  /** One character a byte, so that JavaScript's order of strings is git's order of paths. */
  readonly paths: readonly string[];
  readonly ids: readonly string[];
  /** Ids whose objects were found in the store. */
  readonly present: Set<string>;
  /** Chunks of `ids` that were looked up. */
  readonly checked: Set<number>;
}

function stampOf(path: string): string {
  const stat = lstat(path);
  return stat.exists ? `${stat.inode} ${stat.size} ${stat.modified} ${stat.changed}` : "none";
}

function readIndex(
  git: Git,
  { top }: Repository,
  stamp: string,
  present: Set<string> = new Set(),
): Index | { readonly reason: string } {
  const listed = git({ cwd: top, args: ["ls-files", "--stage", "-z"], workTree: top });
  if (!listed.ok) return { reason: listed.reason };
  const paths: string[] = [];
  const ids: string[] = [];
  for (const entry of listed.out.toString("latin1").split("\0")) {
    const tab = entry.indexOf("\t");
    const [mode, id] = entry.slice(0, Math.max(tab, 0)).split(" ");
    // 160000 is a submodule: its id is a commit of another repository.
    if (mode === "160000" || id === undefined) continue;
    paths.push(entry.slice(tab + 1));
    ids.push(id);
  }
  return { stamp, paths, ids, present, checked: new Set() };
}

function select(git: Git, repository: Repository, index: Index, relative: string): Tracked {
  const { paths, ids } = index;
  const name = encodeBytes(relative).toString("latin1");
  const selected = new Map<string, string>();
  const take = (at: number): void => {
    const id = ids[at] ?? "";
    if (hasObject(git, repository, index, at, id)) selected.set(decodePath(paths[at] ?? ""), id);
  };
  // A path in conflict stands there up to three times.
  for (let at = lowerBound(paths, name); paths[at] === name; at += 1) take(at);
  const prefix = name === "" ? "" : `${name}/`;
  for (let at = lowerBound(paths, prefix); paths[at]?.startsWith(prefix); at += 1) take(at);
  return selected;
}

const chunkSize = 1024;

/**
 * An entry can name an object that is nowhere (`update-index --cacheinfo`, a partial clone): then nothing could be had
 * back. Looked up by the chunk, since who asks about one path asks about its neighbours.
 */
function hasObject(git: Git, { top }: Repository, index: Index, at: number, id: string): boolean {
  const chunk = Math.floor(at / chunkSize);
  if (!index.checked.has(chunk)) {
    index.checked.add(chunk);
    const ids = index.ids.slice(chunk * chunkSize, (chunk + 1) * chunkSize);
    const asked = [...new Set(ids.filter((each) => !index.present.has(each)))];
    for (const found of presentOf(git, top, asked)) index.present.add(found);
  }
  return index.present.has(id);
}

function presentOf(git: Git, top: string, ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return [];
  const args = ["cat-file", "--batch-check=%(objectname) %(objecttype)"];
  const looked = git({ cwd: top, args, workTree: top, input: Buffer.from(`${ids.join("\n")}\n`) });
  if (!looked.ok) return [];
  const lines = looked.out.toString("latin1").split("\n");
  return lines.filter((line) => line.endsWith(" blob")).map((line) => line.slice(0, line.indexOf(" ")));
}

function lowerBound(sorted: readonly string[], value: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function decodePath(path: string): string {
  return /[\x80-\xff]/.test(path) ? decodeBytes(Buffer.from(path, "latin1")) : path;
}
