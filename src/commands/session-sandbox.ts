import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { absolutePath } from "../broker/program.js";
import type { Judge } from "../judge.js";
import type { Sandbox } from "../launcher/sandbox.js";
import type { SessionDirectory } from "../launcher/session-dir.js";
import { withoutIdleQuestions } from "../sandbox/closed.js";
import { openPrograms } from "../world/program.js";
import { guardPaths } from "./guard-paths.js";
import type { Places } from "./places.js";
import { findBubblewrap, sandboxObstacle } from "./sandbox-obstacle.js";
import type { SessionKnowledge } from "./session-knowledge.js";
import { UsageError } from "./usage-error.js";

export interface SessionSandboxOptions {
  readonly directory: SessionDirectory;
  readonly knowledge: SessionKnowledge;
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly workspace: string;
  readonly command: readonly string[];
  readonly hasNet: boolean;
}

/** Loaded where it is wanted. Throws UsageError where none can be had. */
export async function openSessionSandbox(options: SessionSandboxOptions): Promise<Sandbox> {
  const { directory, knowledge, places, env, cwd, workspace, command, hasNet } = options;
  const { openSandbox } = await import("../launcher/sandbox.js");
  const programs = openPrograms(directory.bin, () => true);
  const path = absolutePath(env["PATH"] ?? usualPath, cwd);
  const find = (name: string) => programs.findProgram(name, path) ?? programs.findProgram(name, usualPath);
  const bubblewrap = findBubblewrap(env["PATH"]);
  if (bubblewrap === undefined || !existsSync(join(places.packageRoot, "shims", "build", "inside")))
    throw await noSandbox("it is not whole", places, env);
  const own = [find(command[0] ?? ""), process.execPath].filter((each) => each !== undefined);
  try {
    return openSandbox({
      ...{ home: places.home, cwd, workspace, uid: process.getuid?.() ?? 0, env, command, hasNet },
      ...{ programs: own, manifests: knowledge.manifests, setting: knowledge.sandbox, bubblewrap },
      guardPaths: [...guardPaths(places), ...knowledge.files],
      ...{ directory: directory.path, bin: directory.bin, id: basename(directory.path) },
      store: join(places.state, "sandbox"),
      packageRoot: places.packageRoot,
      build: join(places.packageRoot, "shims", "build"),
    });
  } catch (cause) {
    throw new UsageError([refusal(cause instanceof Error ? cause.message : String(cause))]);
  }
}

/** The PATH whose programs get shims laid over them: the one that the session starts with, and the usual one. */
export function coveredPath(startPath: string, cwd: string): readonly string[] {
  return [...absolutePath(startPath, cwd).split(":"), ...usualPath.split(":"), "/snap/bin"];
}

export function judgeInSandbox(judge: Judge, { isClosed }: Sandbox): Judge {
  return async (request, world) => withoutIdleQuestions(await judge(request, world), isClosed);
}

/** With the cause, where one is found, and what can be done about it; else with what was seen. */
export async function noSandbox(
  seen: string,
  places: Places,
  env: Readonly<Record<string, string | undefined>>,
): Promise<UsageError> {
  const obstacle = await sandboxObstacle(places, env);
  return new UsageError(
    obstacle === undefined ? [refusal(seen)] : [refusal(obstacle.reason), obstacle.remedy],
  );
}

function refusal(reason: string): string {
  return `--sandbox cannot be had: ${reason}`;
}

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
