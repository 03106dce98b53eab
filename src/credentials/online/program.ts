import { runChild } from "../../world/child.js";
import { openPrograms } from "../../world/program.js";

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
  return programs.findProgram(name, env["PATH"] ?? "");
}

const programs = openPrograms(undefined, () => false);

/** A secret goes in by the environment or the input, never by argv, which every user of a machine can read. */
export async function runProgram(run: Run, signal: AbortSignal): Promise<Ran> {
  const ended = await runChild({ ...run, cwd: "/", out: most, err: most, endsWhenCut: true, signal });
  const status = ended.kind === "ended" ? ended.status : undefined;
  return { status, out: ended.out, errors: ended.err };
}

const most = 256 * 1024;
