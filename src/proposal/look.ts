import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Where a proposal looks: files alone, no program but git's plumbing, no network. */
export interface Place {
  /** Absolute path of the folder that the manifest is for. */
  readonly root: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const largest = 1 << 20;

/** A regular file's text; undefined where there is none, or it is too large to be what it is taken for. */
export function readText(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= largest ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** `~/.aws/config` */
export function shown(path: string, { home, root }: Place): string {
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** Files of the folder, relative to it, the nearest first; what is installed or built is passed by, links are not followed. */
export function listFiles(root: string): readonly string[] {
  const files: string[] = [];
  let folders = [""];
  for (let level = 0; level < levels && folders.length > 0; level++) {
    const below: string[] = [];
    for (const folder of folders) {
      if (files.length > mostFiles) return files;
      for (const entry of entriesOf(join(root, folder))) {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (entry.isFile()) files.push(path);
        else if (entry.isDirectory() && !passedBy.test(entry.name)) below.push(path);
      }
    }
    folders = below;
  }
  return files;
}

const levels = 5;
const mostFiles = 20_000;
const passedBy =
  /^(node_modules|\.git|\.hg|\.venv|venv|vendor|target|dist|build|out|\.next|\.cache|\.terraform|__pycache__)$/;

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
