import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cli, type Outcome, type Place } from "../scripts/session.js";

/** A session that runs, seen from outside. */
export interface Guarded {
  /** The broker. */
  readonly pid: number;
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** What was printed until now. */
  stdout(): string;
  stderr(): string;
}

/** `holdpoint run FLAGS -- COMMAND`, without a terminal. Ends when all that holds its output has ended. */
export function startGuarded(
  place: Place,
  command: readonly string[],
  {
    flags = ["-q"],
    env = {},
    program = cli,
  }: { flags?: readonly string[]; env?: NodeJS.ProcessEnv; program?: string } = {},
): Guarded {
  const child = spawn(process.execPath, [program, "run", ...flags, "--", ...command], {
    cwd: place.workspace,
    env: { ...place.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ status: code ?? signal ?? "?", stdout: out, stderr: err }),
    );
  });
  return { pid: child.pid ?? 0, child, ended, stdout: () => out, stderr: () => err };
}

/** Megabytes of memory, and open descriptors; undefined once it has ended. */
export function sizeOf(
  pid: number,
): { readonly megabytes: number; readonly descriptors: number } | undefined {
  try {
    const [, kilobytes = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return {
      megabytes: Math.round(Number(kilobytes) / 1024),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
    };
  } catch {
    return undefined;
  }
}

/** The most of both, looked at every half second until stopped; `quarters`: the most megabytes in each quarter of that time. */
export function watchSize(pid: number): () => {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly quarters: readonly number[];
} {
  let most = { megabytes: 0, descriptors: 0 };
  const seen: number[] = [];
  const look = () => {
    const size = sizeOf(pid);
    if (size === undefined) return;
    seen.push(size.megabytes);
    most = {
      megabytes: Math.max(most.megabytes, size.megabytes),
      descriptors: Math.max(most.descriptors, size.descriptors),
    };
  };
  const timer = setInterval(look, 500);
  look();
  return () => {
    clearInterval(timer);
    const part = Math.ceil(seen.length / 4);
    const quarters = [0, 1, 2, 3].map((at) => Math.max(0, ...seen.slice(at * part, (at + 1) * part)));
    return { ...most, quarters };
  };
}

export interface LogRecord {
  readonly seq: number;
  readonly event: string;
  readonly verdict?: string;
  readonly argv?: readonly string[];
  readonly reason?: string;
  readonly question?: string;
  readonly trash?: string;
}

/** Each record of a log, one after the other: it may be larger than a string. A torn last line is passed over. */
export function* recordsOf(path: string): Generator<LogRecord> {
  const descriptor = openSync(path, "r");
  const chunk = Buffer.alloc(1 << 20);
  let rest = "";
  try {
    for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk)) {
      const lines = (rest + chunk.toString("utf8", 0, size)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** What `holdpoint log verify` says of a log. */
export function verifyLog(
  place: Place,
  path: string,
): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "log", "verify", path], {
    env: place.env,
    encoding: "utf8",
  });
  return { status, text: `${stdout}${stderr}` };
}

/** A program of this folder, compiled into the place. */
export function compileC(place: Place, name: string): string {
  const path = join(place.base, name);
  const source = new URL(`${name}.c`, import.meta.url).pathname;
  const { status, stderr } = spawnSync("cc", ["-O1", "-o", path, source], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return path;
}

/** The files that the clients ask about. */
export function clientsFolder(place: Place, clients: number): string {
  const folder = join(place.workspace, "load");
  for (const name of ["", "none", "keep", "scratch"]) mkdirSync(join(folder, name));
  for (let at = 0; at < clients; at++) writeFileSync(join(folder, "keep", String(at)), "kept\n");
  return folder;
}

/** A factor on the numbers of a soak. */
export const factor = Number(process.env["HOLDPOINT_SOAK"] ?? 1);

/** Waits for it, however slow the machine. */
export async function until(done: () => boolean, what: string, limit = 60_000): Promise<void> {
  for (const end = Date.now() + limit; Date.now() < end; ) {
    if (done()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never came: ${what}`);
}
