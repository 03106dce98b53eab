import { posix } from "node:path";
import { encodeBytes } from "../src/model/bytes.js";
import type { FileKind, Stat, World } from "../src/model/world.js";

/** One entry of the fake file system. Its parent directories exist by themselves. */
export type FakeFile =
  | { readonly text: string }
  | { readonly dir: true }
  | { readonly link: string }
  | { readonly kind: FileKind };

export interface FakeSettings {
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly home?: string;
  readonly workspace?: string;
  /** Names that a shim answers for; default: every name. */
  readonly shimmed?: readonly string[];
  /** Names that no program has; everything else is `/usr/bin/NAME`. */
  readonly missing?: readonly string[];
}

/** A `World` in memory. Git answers "no repository"; everything was born at 0 and belongs to user 1000. */
export function fakeWorld(settings: FakeSettings = {}): World {
  const home = settings.home ?? "/home/me";
  const workspace = settings.workspace ?? "/w";
  const files = grow(settings.files ?? {}, [home, workspace, "/tmp"]);
  const shimmed = settings.shimmed === undefined ? undefined : new Set(settings.shimmed);
  const missing = new Set(settings.missing ?? []);
  const names = listNames(files);
  const realpath = (path: string) => follow(files, path);
  return {
    user: { uid: 1000, home, homeOf: (name) => (name === "root" ? "/root" : undefined) },
    session: { startedAt: 1000, workspace, guardPaths: ["/run/holdpoint"], temporary: ["/tmp"] },
    lstat: (path) => statOf(files, posix.join(realpath(posix.dirname(path)), posix.basename(path))),
    realpath,
    readdir: (path, cap) => {
      const found = names.get(realpath(path));
      if (found === undefined) return { ok: false, reason: "no such directory" };
      return { ok: true, names: found.slice(0, cap), complete: found.length <= cap };
    },
    readFile: (path, cap) => {
      const file = files.get(realpath(path));
      if (file === undefined || !("text" in file)) return { ok: false, reason: "no such file" };
      const bytes = encodeBytes(file.text);
      return { ok: true, bytes: bytes.subarray(0, cap), complete: bytes.length <= cap };
    },
    git: {
      repository: () => undefined,
      tracked: () => new Map(),
      blobId: () => "0".repeat(40),
      ignoredSinceStart: () => false,
      query: () => ({ ok: false, reason: "no repository" }),
    },
    findProgram: (name) => (missing.has(name) ? undefined : `/usr/bin/${name}`),
    isShimmed: (name) => shimmed === undefined || shimmed.has(name),
    parseSql: () => ({ kind: "error", reason: "no parser here" }),
    fingerprint: (value) => `#${value.length}`,
  };
}

function grow(
  given: Readonly<Record<string, FakeFile>>,
  folders: readonly string[],
): ReadonlyMap<string, FakeFile> {
  const files = new Map<string, FakeFile>([["/", { dir: true }]]);
  const add = (path: string, file: FakeFile) => {
    for (let at = posix.dirname(path); at !== "/"; at = posix.dirname(at)) {
      if (!files.has(at)) files.set(at, { dir: true });
    }
    files.set(path, file);
  };
  for (const folder of folders) add(folder, { dir: true });
  for (const [path, file] of Object.entries(given)) add(path, file);
  return files;
}

function listNames(files: ReadonlyMap<string, FakeFile>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const [path, file] of files) {
    if ("dir" in file && !names.has(path)) names.set(path, []);
    if (path === "/") continue;
    const parent = posix.dirname(path);
    names.set(parent, [...(names.get(parent) ?? []), posix.basename(path)]);
  }
  return names;
}

function follow(files: ReadonlyMap<string, FakeFile>, path: string, hops = 0): string {
  let real = "";
  const parts = posix
    .normalize(path)
    .split("/")
    .filter((part) => part !== "");
  for (const [at, part] of parts.entries()) {
    real += `/${part}`;
    const file = files.get(real);
    if (file !== undefined && "link" in file && hops < 40) {
      const rest = parts.slice(at + 1).join("/");
      return follow(files, posix.join(posix.resolve(posix.dirname(real), file.link), rest), hops + 1);
    }
  }
  return real === "" ? "/" : real;
}

function statOf(files: ReadonlyMap<string, FakeFile>, path: string): Stat {
  const file = files.get(path);
  if (file === undefined) return { exists: false, reason: "missing" };
  return {
    exists: true,
    kind: kindOf(file),
    size: "text" in file ? encodeBytes(file.text).length : 0,
    uid: 1000,
    mode: 0o644,
    links: 1,
    device: 1,
    inode: [...files.keys()].indexOf(path) + 1,
    born: 0,
    modified: 0,
    changed: 0,
  };
}

function kindOf(file: FakeFile): FileKind {
  if ("text" in file) return "file";
  if ("dir" in file) return "directory";
  return "link" in file ? "symlink" : file.kind;
}
