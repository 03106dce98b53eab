import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeProcess, findSessionProcesses, type Leftover } from "./leftovers.js";
import type { SessionDirectory } from "./session-dir.js";

/** What to do about processes that outlive the command: go on guarding them, end them, or leave them to the marker. */
export type Choice = "keep" | "end" | "leave";

/** What a session ends with; `stop` comes before `close`. */
export interface EndingOptions {
  readonly directory: SessionDirectory;
  /** Names with a shim. */
  readonly linked: () => readonly string[];
  readonly findReal: (name: string) => string | undefined;
  readonly say: (line: string) => void;
  /** Asks the human; undefined where there is none. */
  readonly choose: ((leftovers: readonly Leftover[]) => Promise<Choice>) | undefined;
  /** Stops serving shims. */
  readonly stop: () => Promise<void>;
  /** Ends the log. */
  readonly close: () => void;
}

/** The orderly end of a session, after its command has ended. */
export async function endSession(options: EndingOptions): Promise<void> {
  const { directory, say, choose, stop, close } = options;
  let left = await settled(directory);
  if (left.length > 0) {
    say(`still running in this session: ${left.map(({ pid, command }) => `${pid} (${command})`).join(", ")}`);
    const choice = choose === undefined ? "leave" : await choose(left);
    if (choice === "keep") await outlast(directory);
    if (choice === "end") await terminate(left);
    left = choice === "leave" ? left : await processesOf(directory);
  }
  await stop();
  // While another process takes the directory away.
  const removed = left.length === 0 ? directory.remove() : undefined;
  close();
  if (removed === undefined) {
    release(options);
    say("they go on without a guard that could ask: destructive commands are refused to them, the rest runs");
  }
  await removed;
}

async function processesOf({ id, steward }: SessionDirectory): Promise<readonly Leftover[]> {
  const pids = await steward?.left(id);
  return pids?.map(describeProcess) ?? findSessionProcesses()?.get(id) ?? [];
}

/** The last commands of a pipeline may be a moment behind. */
async function settled(directory: SessionDirectory): Promise<readonly Leftover[]> {
  for (let tries = 0; tries < 5; tries++) {
    const left = await processesOf(directory);
    if (left.length === 0) return left;
    await sleep(40);
  }
  return processesOf(directory);
}

async function outlast(directory: SessionDirectory): Promise<void> {
  while ((await processesOf(directory)).length > 0) await sleep(1000);
}

async function terminate(left: readonly Leftover[]): Promise<void> {
  const signal = (name: NodeJS.Signals) => {
    for (const { pid } of left) {
      try {
        process.kill(pid, name);
      } catch {
        // Gone by now.
      }
    }
  };
  signal("SIGTERM");
  for (let tries = 0; tries < 30 && left.some(({ pid }) => isThere(pid)); tries++) await sleep(100);
  if (left.some(({ pid }) => isThere(pid))) signal("SIGKILL");
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * The marker: a shim that finds no socket looks for its name in `after` and executes what is there, or denies. There stand
 * the programs that only start others; and the shells' hooks get `true` for an answer.
 */
function release({ directory, linked, findReal }: EndingOptions): void {
  const after = join(directory.path, "after");
  mkdirSync(after, { mode: 0o700 });
  for (const name of linked()) link(harmless.has(name) ? findReal(name) : undefined, join(after, name));
  link(findReal("true"), join(after, "holdpoint-ask"));
  rmSync(directory.socket, { force: true });
  rmSync(directory.fifos, { recursive: true, force: true });
}

function link(target: string | undefined, path: string): void {
  if (target !== undefined) symlinkSync(target, path);
}

const harmless: ReadonlySet<string> = new Set(
  "bash sh dash zsh fish env nice ionice nohup setsid stdbuf time timeout xargs parallel watch make gmake ninja npm npx pnpm yarn bun".split(
    " ",
  ),
);
