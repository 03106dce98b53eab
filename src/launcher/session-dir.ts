import { spawn } from "node:child_process";
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./folder.js";
import { type Steward, startSteward } from "./steward.js";

/** A session's own folder, 0700, furnished: all that its shims and shells need. Paths are absolute. */
export interface SessionDirectory {
  readonly id: string;
  readonly path: string;
  /** Where shims come in. */
  readonly socket: string;
  /** The folder of the shims, first on PATH. */
  readonly bin: string;
  /** Start-up files for bash and zsh. */
  readonly rc: string;
  /** The folder of the FIFOs, for shims that a sandbox forbids sockets. */
  readonly fifos: string;
  /** How many pairs of FIFOs there are; 0 when they could not be made. */
  readonly pairs: number;
  /** Every shim is a hard link of this file. */
  readonly shim: string;
  /** Undefined where nothing could be compiled: all is done without it, slower. */
  readonly steward: Steward | undefined;
  /** Takes all of it away. */
  remove(): Promise<void>;
}

export interface SessionDirectoryOptions {
  /** Folders to try, in this order; `prefix` stands before the id. */
  readonly places: readonly Place[];
  readonly shim: Shim;
  readonly rc: string;
  /** `shims/steward.c`, compiled; for a native shim. */
  readonly steward?: string;
}

/** The compiled program, or the script that does its job on this Node. */
export type Shim =
  | { readonly kind: "native"; readonly path: string }
  | { readonly kind: "node"; readonly node: string; readonly path: string };

/** Where session directories may lie: `FOLDER/PREFIX` and an id. */
export interface Place {
  readonly folder: string;
  readonly prefix: string;
}

/** Where session directories may lie: the runtime directory, the temporary one, the cache. */
export function sessionPlaces(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): readonly Place[] {
  const runtime = env["XDG_RUNTIME_DIR"];
  const temporary = env["TMPDIR"]?.startsWith("/") ? env["TMPDIR"] : "/tmp";
  return [
    ...(runtime?.startsWith("/") ? [{ folder: join(runtime, "holdpoint"), prefix: "" }] : []),
    { folder: temporary, prefix: "holdpoint-" },
    ...(temporary === "/tmp" ? [] : [{ folder: "/tmp", prefix: "holdpoint-" }]),
    { folder: join(home, ".cache", "holdpoint", "run"), prefix: "" },
  ];
}

/** The directories that are there, of this user's sessions: running ones, and what killed brokers left. `modified`: as `Date.now()`. */
export function listSessionDirectories(
  places: readonly Place[],
): readonly { readonly id: string; readonly path: string; readonly modified: number }[] {
  const found = places.flatMap(({ folder, prefix }) =>
    list(folder)
      .filter((name) => name.startsWith(prefix) && /^[a-z2-7]{7}$/.test(name.slice(prefix.length)))
      .map((name) => ({ id: name.slice(prefix.length), path: join(folder, name) })),
  );
  return found.flatMap((one) => {
    const stat = lstatSync(one.path, { throwIfNoEntry: false });
    const isOurs = stat?.isDirectory() === true && stat.uid === process.getuid?.();
    return isOurs ? [{ ...one, modified: stat.mtimeMs }] : [];
  });
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Makes the directory in the first place that allows it. Throws with every place's reason when none does. */
export async function makeSessionDirectory(options: SessionDirectoryOptions): Promise<SessionDirectory> {
  const reasons: string[] = [];
  for (const place of options.places) {
    const id = makeId();
    const path = join(place.folder, `${place.prefix}${id}`);
    try {
      return await fill(path, id, place, options);
    } catch (cause) {
      clear(path);
      reasons.push(`${place.folder}: ${cause instanceof Error ? cause.message : cause}`);
    }
  }
  throw new Error(`no place for the session's directory: ${reasons.join("; ")}`);
}

/** What was begun there, if anything could be. */
function clear(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // ENOTDIR and the like: there was no place to begin with.
  }
}

async function fill(
  path: string,
  id: string,
  place: Place,
  options: SessionDirectoryOptions,
): Promise<SessionDirectory> {
  const socket = join(path, "sock");
  // sun_path holds 108 bytes on Linux and 104 on macOS, its NUL included.
  if (Buffer.byteLength(socket) >= 100) throw new Error("the socket's path would be too long");
  // A folder of our own is made; a TMPDIR that is not there belongs to nobody who could be asked.
  if (place.prefix === "") makeFolder(place.folder);
  // Not recursive: a directory that somebody else prepared under this name is an error.
  mkdirSync(path, { mode: 0o700 });
  if (lstatSync(path).uid !== process.getuid?.()) throw new Error("the directory belongs to somebody else");
  const [bin, rc, fifos] = [join(path, "bin"), join(path, "rc"), join(path, "fifo")];
  const shim = join(bin, "holdpoint-ask");
  const { steward, hasFifos } = await furnish({ path, bin, rc, fifos, shim }, options);
  const remove = async () => {
    if ((await steward?.remove()) !== true) removeFolder(path);
  };
  return { id, path, socket, bin, rc, fifos, pairs: hasFifos ? pairs : 0, shim, steward, remove };
}

async function furnish(
  { path, bin, rc, fifos, shim }: Pick<SessionDirectory, "path" | "bin" | "rc" | "fifos" | "shim">,
  { shim: source, rc: rcSource, steward: program }: SessionDirectoryOptions,
): Promise<{ readonly steward: Steward | undefined; readonly hasFifos: boolean }> {
  if (source.kind === "native" && program !== undefined) {
    const made = await startSteward({ program, directory: path, shim: source.path, rc: rcSource, pairs });
    return { steward: made.steward, hasFifos: made.hasFifos || (await makeFifos(fifos)) };
  }
  mkdirSync(bin, { mode: 0o700 });
  mkdirSync(fifos, { mode: 0o700 });
  if (source.kind === "native") copyFileSync(source.path, shim);
  else writeFileSync(shim, nodeWrapper(source.node, source.path));
  chmodSync(shim, 0o500);
  // On Linux, access(2) knows of noexec mounts; what else forbids to execute shows when it is tried.
  accessSync(shim, constants.X_OK);
  linkSync(shim, join(bin, ".probe"));
  unlinkSync(join(bin, ".probe"));
  copyFolder(rcSource, rc);
  // What shells write themselves; in a sandbox the rest is read-only.
  mkdirSync(join(rc, "own"), { mode: 0o700 });
  return { steward: undefined, hasFifos: (await probe(shim)) || (await makeFifos(fifos)) };
}

/** What stands in it is ours, and mostly links: Node's own asks twice about each before it takes it away. */
function removeFolder(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) removeFolder(inner);
      else unlinkSync(inner);
    }
    rmdirSync(path);
  } catch {
    // Somebody else adds to it, or takes from it.
    clear(path);
  }
}

/** Plain files and folders, as the package has them. Node's own loads and checks more than it copies. */
export function copyFolder(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyFolder(source, target);
    else copyFileSync(source, target);
  }
}

const pairs = 8;

/** Seven letters and digits: 35 bits, no 0 or 1 to mistake. Node's own module for that would be loaded before the steward is at work. */
function makeId(): string {
  const bytes = Buffer.alloc(7);
  const random = openSync("/dev/urandom", "r");
  const count = readSync(random, bytes);
  closeSync(random);
  if (count < bytes.length) throw new Error("/dev/urandom gives nothing");
  return [...bytes].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");
}

/**
 * Runs the shim where it lies, which makes the FIFOs: Node cannot. False where it is one that cannot either (status 126).
 * Rejects with the reason why it does not run there.
 */
function probe(shim: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(shim, ["fifos", `${pairs}`], { stdio: "ignore", env: {} });
    child.once("error", reject);
    child.once("exit", (status) => {
      if (status === 0 || status === 126) resolve(status === 0);
      else reject(new Error(`the shim does not run there (status ${status})`));
    });
  });
}

/** As shims/shim.js wants to be started; NODE_OPTIONS of the caller are for the caller's programs. */
function nodeWrapper(node: string, script: string): string {
  return `#!/bin/sh
[ -z "\${NODE_OPTIONS+x}" ] || { export HOLDPOINT_NODE_OPTIONS="$NODE_OPTIONS"; unset NODE_OPTIONS; }
exec ${quote(node)} ${quote(script)} "$0" "$@"
`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function makeFifos(folder: string): Promise<boolean> {
  const names = Array.from({ length: pairs }, (_, at) => [`${at}.in`, `${at}.out`]).flat();
  return new Promise((resolve) => {
    const child = spawn("mkfifo", ["-m", "600", ...names], { cwd: folder, stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("exit", (status) => resolve(status === 0));
  });
}
