import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  /** All that it gets: nothing of the caller's own may speak for somebody else. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
}

export interface Ran {
  /** Undefined where it was ended, or never started. */
  readonly status: number | undefined;
  readonly out: string;
  /** For telling one failure from another; it is not to be shown. */
  readonly errors: string;
}

/** A client on PATH. Folders that are not absolute lead to what lies in the folder of the day. */
export function findProgram(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A secret goes in by the environment or the input, never by argv, which every user of a machine can read. */
export function runProgram({ program, args, env, input }: Run, signal: AbortSignal): Promise<Ran> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(nothing);
    const child = spawn(program, args, { env, cwd: "/", stdio: ["pipe", "pipe", "pipe"], detached: true });
    const texts = { out: "", errors: "" };
    const end = (status: number | undefined) => {
      signal.removeEventListener("abort", stop);
      resolve({ status, ...texts });
    };
    const stop = () => {
      killGroup(child);
      end(undefined);
    };
    signal.addEventListener("abort", stop);
    const gather = (name: keyof typeof texts) => (chunk: Buffer) => {
      texts[name] += chunk.toString("utf8");
      if (texts[name].length > most) stop();
    };
    child.stdout.on("data", gather("out"));
    child.stderr.on("data", gather("errors"));
    child.stdin.on("error", () => {});
    child.on("error", () => end(undefined));
    child.on("close", (status) => end(status ?? undefined));
    child.stdin.end(input);
  });
}

const most = 256 * 1024;
const nothing: Ran = { status: undefined, out: "", errors: "" };

/** It leads a group of its own, so that a wrapper's child ends with it. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Gone by now.
  }
}
