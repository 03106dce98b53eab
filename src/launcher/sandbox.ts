import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path/posix";
import type { SandboxPort } from "../model/sandbox-port.js";
import type { Forward } from "../model/wire.js";
import { bubblewrapArguments } from "../sandbox/bubblewrap.js";
import { closedBy } from "../sandbox/closed.js";
import type { PlanInput } from "../sandbox/input.js";
import { mountSteps } from "../sandbox/inside-steps.js";
import { isWritable, planSandbox, type SandboxPlan } from "../sandbox/plan.js";
import * as files from "../world/file-system.js";
import { type Sight, sightOf } from "../world/view.js";
import { Covered } from "./covered.js";
import { openHandOut } from "./hand-out.js";
import { type Interior, openInterior } from "./interior.js";
import { openOwnWork } from "./own-work.js";
import { systemProcesses } from "./processes.js";
import { foldersBehind, namesToCover, programFolders } from "./program-folders.js";

/** What a sandbox is planned from, and where its own files lie. All paths are absolute. */
export interface SandboxOptions extends Omit<PlanInput, "look" | "sessionDirectory"> {
  /** Of the session: its directory, and the shims in it. */
  readonly directory: string;
  readonly bin: string;
  /** Where what is private to sandboxes lies, on disk. */
  readonly store: string;
  readonly id: string;
  readonly bubblewrap: string;
  /** What was compiled for this system. */
  readonly build: string;
}

/** A sandbox that is planned; nothing runs in it yet. */
export interface Sandbox {
  readonly notes: readonly string[];
  readonly sight: Sight;
  readonly interior: Interior;
  /** Whether nobody inside can change what lies at a real path. */
  readonly isClosed: (path: string) => boolean;
  /** Puts the session's shims over the programs of a PATH's folders, and hands those out. `onLost`: nothing is handed out any more. */
  cover(path: readonly string[], isShimmed: (name: string) => boolean, onLost: () => void): SandboxPort;
  /** Whether a path leads to a shim inside. */
  covers(path: string): boolean;
  /** Tries all of it once. Rejects with the reason where it cannot be had. */
  prepare(forwards: readonly Forward[], env: Readonly<Record<string, string>>): Promise<void>;
  /** What is started in the command's place. */
  wrap(words: readonly string[]): readonly string[];
  close(): void;
}

/** Throws with the reason where the machine or the scope allows none. */
export function openSandbox(options: SandboxOptions): Sandbox {
  const { directory, bin, store, id, build, bubblewrap, hasNet } = options;
  mkdirSync(store, { recursive: true, mode: 0o700 });
  // What other sessions have in their temporary folders and caches is theirs.
  const setting = { ...options.setting, hide: [...options.setting.hide, store] };
  const planned = planSandbox({ ...options, setting, sessionDirectory: directory, look: files });
  if ("refused" in planned) throw new Error(planned.refused);
  for (const path of planned.make) mkdirSync(path, { recursive: true });
  // Never over one that came meanwhile.
  for (const { path, text } of planned.makeFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  }
  const own = join(store, id);
  dropOld(store, id);
  makePrivate(own, planned);
  const interior = openInterior();
  const sight = sightOf({ ...viewOf(planned), root: interior.root });
  const covered = new Covered(join(directory, "links"), bin, sight);
  let steps: readonly string[] = [];
  let close = () => {};
  const usual = { privateFolder: own, hasNet, inside: join(build, "inside") };
  const start = (last: readonly string[]) =>
    bubblewrapArguments({ ...usual, plan: planned, insideSteps: steps, last });
  // The same view without shims and upper layers, for who hands programs out of it.
  const bare = () => {
    const plan = { ...planned, scratches: [] };
    return bubblewrapArguments({ ...usual, plan, insideSteps: mountSteps(plan, own), last: ["--"] });
  };
  return {
    notes: planned.notes,
    sight,
    interior,
    isClosed: closedBy(planned),
    cover(path, isShimmed, onLost) {
      const folders = new Set(programFolders(path));
      for (const folder of folders) {
        // Links would keep a build from its own `node_modules/.bin`; what can be written has other programs put there anyway.
        if (isWritable(planned, folder)) continue;
        const names = namesToCover(folder, isShimmed);
        covered.add(folder, names);
        for (const behind of foldersBehind(folder, names)) folders.add(behind);
      }
      const handOut = openHandOut({
        ...{ server: join(build, "programs"), around: [bubblewrap, ...bare()] },
        ...{ folder: directory, covered, sight, onLost },
      });
      close = handOut.close;
      const { isAlive, isShell, root } = interior;
      const isOwnWork = openOwnWork([...folders], () => `${root() ?? ""}/proc`);
      return { isAlive, isShell, covers: (at) => covered.covers(at), handOut: handOut.of, isOwnWork };
    },
    covers: (path) => covered.covers(path),
    async prepare(forwards, env) {
      steps = [
        ...covered.steps,
        ...mountSteps({ ...planned, overlays: covered.overlays }, own),
        ...forwards.flatMap(({ port, socket, preface }) => ["forward", `${port}`, socket, preface ?? "-"]),
      ];
      await tryOnce(bubblewrap, start(["check"]), env);
    },
    // The shell has bubblewrap ignore what `inside` passes on, and Ctrl-C.
    wrap: (words) => ["/bin/sh", "-c", ignoring, bubblewrap, ...start(["--", ...words])],
    close() {
      close();
      remove(own);
    },
  };
}

const ignoring = 'trap \'\' HUP INT QUIT TERM USR1 USR2; exec "$0" "$@"';

/**
 * Folders that are the sandbox's own, by the names that they have inside. And what is hidden there: read from out here, a word of it
 * would stand in an answer (`psql -f ~/.aws/credentials` names what that would drop).
 */
function viewOf({ mounts, scratches }: SandboxPlan): {
  readonly folders: readonly string[];
  readonly shared: readonly string[];
} {
  const isOwn = (kind: string) => /^(private|tmpfs|dev|proc|empty-folder|empty-file)$/.test(kind);
  return {
    folders: [
      ...mounts.filter(({ kind }) => isOwn(kind)).map(({ path }) => path),
      ...scratches.map(({ target }) => target),
    ],
    shared: mounts.filter(({ kind }) => kind === "read" || kind === "write").map(({ path }) => path),
  };
}

function makePrivate(own: string, { scratches }: SandboxPlan): void {
  mkdirSync(own, { recursive: true, mode: 0o700 });
  writeFileSync(join(own, "holder"), `${process.pid} ${startOf(process.pid)}`);
  for (const name of ["tmp", "var-tmp"]) {
    mkdirSync(join(own, name));
    chmodSync(join(own, name), 0o1777);
  }
  writeFileSync(join(own, "nothing"), "", { mode: 0o000 });
  mkdirSync(join(own, "scratch"));
  scratches.forEach((_, at) => {
    mkdirSync(join(own, "scratch", `${at}`, "upper"), { recursive: true });
    mkdirSync(join(own, "scratch", `${at}`, "work"));
  });
}

/** What brokers that were killed left behind: nothing there is anybody's any more. */
function dropOld(store: string, id: string): void {
  if (!existsSync(store)) return;
  for (const name of readdirSync(store))
    if (name !== id && !isHeld(join(store, name))) remove(join(store, name));
}

function isHeld(own: string): boolean {
  try {
    const [pid, start] = readFileSync(join(own, "holder"), "latin1").split(" ");
    return start === String(startOf(Number(pid)));
  } catch {
    // Another session may have made it just now, and not written yet whose it is.
    const made = files.lstat(own);
    return made.exists && Date.now() - made.modified < 60_000;
  }
}

/** A process's number is used again. */
function startOf(pid: number): number | undefined {
  return systemProcesses.read(pid)?.startedAt;
}

/** What cannot be removed is left: an agent's program may not keep the next session from beginning. */
function remove(own: string): void {
  removeTree(Buffer.from(own));
}

/** Also folders that are closed (the module cache of Go, `chmod 0`), and names that are no text. Follows no link. */
function removeTree(folder: Buffer): void {
  try {
    chmodSync(folder, 0o700);
    for (const entry of readdirSync(folder, { withFileTypes: true, encoding: "buffer" })) {
      const path = Buffer.concat([folder, Buffer.from("/"), entry.name]);
      if (entry.isDirectory()) removeTree(path);
      else rmSync(path, { force: true });
    }
    rmdirSync(folder);
  } catch {
    // Something that is not ours, or lies too deep.
  }
}

/** Runs `inside` with `check` in the place of a program. */
function tryOnce(
  bubblewrap: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(bubblewrap, [...args], { stdio: ["ignore", "ignore", "pipe"], env, timeout: 30_000 });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4096);
    });
    child.once("error", (cause) => reject(cause));
    child.once("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(said.trim().split("\n").at(-1) || `it ended with status ${status}`));
    });
  });
}
