import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { LastOutput } from "./last-output.js";

/** A program in a pseudo-terminal of its own. */
export interface InnerPty {
  readonly pid: number;
  /** Its terminal's path: `/dev/pts/5`. */
  readonly path: string;
  /** Of the outer end. */
  readonly descriptor: number;
  /** Takes what goes in; `pause` and `resume` are for what comes out. */
  readonly stream: ReadStream;
  /** `pid` is the leader's, which passes signals on and stops when the program stops; not the program's own. */
  readonly hasLeader: boolean;
  resize(columns: number, rows: number): void;
  /** The program has ended: tells when the last of its output has come out. */
  expectEnd(): void;
}

export interface PtyOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
  /** `shims/leader.c`, compiled; undefined where it could not be. */
  readonly leader: string | undefined;
  /** Of the human's terminal, as `stty -g` prints them: the program finds the same. Only a leader can set them in time. */
  readonly modes: string;
  /** Of the human's terminal, for a leader that outlives us; empty when it is not known. */
  readonly outerPath: string;
  /** The bytes are only lent. */
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Status, or 128+n when signal n ended it. Output may still be on the way. */
  readonly onExit: (status: number) => void;
  /** All that the program wrote has come out. */
  readonly onDrained: () => void;
}

/**
 * Starts it. A string is the reason why there are no pseudo-terminals here.
 *
 * This is the native half of node-pty. Its JavaScript half throws away what was not read 200 ms after the program ended:
 * the last lines before a slow terminal, or behind a card. For those see also `LastOutput`.
 */
export function startPty(options: PtyOptions): InnerPty | string {
  if (!isRunnable(options.program, options.env["PATH"] ?? "")) return `no program "${options.program}"`;
  const native = loadNative();
  if (typeof native === "string") return native;
  const { fork, resize, helper } = native;
  const env = Object.entries(options.env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const { program, args, cwd, columns, rows, leader, modes, outerPath } = options;
  const [file, words] =
    leader === undefined ? [program, args] : [leader, [modes, outerPath, program, ...args]];
  const onExit = (code: number, signal: number) => options.onExit(signal > 0 ? 128 + signal : code);
  const forked = fork(file, [...words], env, cwd, columns, rows, -1, -1, true, helper, onExit);
  if (!isForked(forked)) return "node-pty did not start a terminal";
  const { fd, pid, pty } = forked;
  // Into one buffer for all: else Node makes, and clears, 64 kB for each 4 kB that a terminal gives at a time.
  const buffer = Buffer.alloc(readSize);
  const callback = (size: number) => {
    last.take(buffer.subarray(0, size));
    return true;
  };
  const reading = { readable: true, onread: { buffer, callback } };
  const stream = new ReadStream(fd, reading).on("error", () => {});
  const last = new LastOutput(pty, stream, options.onOutput, options.onDrained);
  stream.resume();
  return {
    pid,
    path: pty,
    descriptor: fd,
    stream,
    hasLeader: leader !== undefined,
    resize: (newColumns, newRows) => void resize(fd, newColumns, newRows),
    expectEnd: () => last.expectEnd(),
  };
}

/** Linux gives less at a time. */
const readSize = 16_384;

function isRunnable(program: string, path: string): boolean {
  const candidates = program.includes("/")
    ? [program]
    : path.split(":").map((folder) => join(folder, program));
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

type Native = (...args: readonly unknown[]) => unknown;

function loadNative(): { readonly fork: Native; readonly resize: Native; readonly helper: string } | string {
  const name = `@lydell/node-pty-${process.platform}-${process.arch}`;
  try {
    // The binary package is a dependency of node-pty, so it is looked for from there.
    const require = createRequire(createRequire(import.meta.url).resolve("@lydell/node-pty"));
    const binding: unknown = require(`${name}/pty.node`);
    if (!hasNative(binding)) return `"${name}" is not what was expected`;
    const helper = process.platform === "darwin" ? require.resolve(`${name}/spawn-helper`) : "";
    return { fork: binding.fork, resize: binding.resize, helper };
  } catch (error) {
    return `no "${name}" here: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

function hasNative(binding: unknown): binding is { readonly fork: Native; readonly resize: Native } {
  return (
    typeof binding === "object" &&
    binding !== null &&
    "fork" in binding &&
    typeof binding.fork === "function" &&
    "resize" in binding &&
    typeof binding.resize === "function"
  );
}

function isForked(
  value: unknown,
): value is { readonly fd: number; readonly pid: number; readonly pty: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "fd" in value &&
    typeof value.fd === "number" &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "pty" in value &&
    typeof value.pty === "string"
  );
}
