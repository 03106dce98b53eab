import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ReadStream } from "node:tty";

/** A program in a pseudo-terminal of its own. */
export interface InnerPty {
  readonly pid: number;
  /** Its terminal's path: `/dev/pts/5`. */
  readonly path: string;
  /** Of the outer end. */
  readonly descriptor: number;
  /** Takes what goes in; `pause` and `resume` are for what comes out. Closes when nobody has the terminal open any more. */
  readonly stream: ReadStream;
  resize(columns: number, rows: number): void;
}

export interface PtyOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
  /** What comes out. Valid until it returns. */
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Status, or 128+n when signal n ended it. */
  readonly onExit: (status: number) => void;
}

/**
 * Starts it. A string is the reason why there are no pseudo-terminals here.
 *
 * This is the native half of node-pty. Its JavaScript half throws away what was not read 200 ms after the program ended:
 * the last lines before a slow terminal, or behind a card.
 */
export function startPty(options: PtyOptions): InnerPty | string {
  if (!isRunnable(options.program, options.env["PATH"] ?? "")) return `no program "${options.program}"`;
  const native = loadNative();
  if (typeof native === "string") return native;
  const { fork, resize, helper } = native;
  const env = Object.entries(options.env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const { program, args, cwd, columns, rows } = options;
  const onExit = (code: number, signal: number) => options.onExit(signal > 0 ? 128 + signal : code);
  const forked = fork(program, [...args], env, cwd, columns, rows, -1, -1, true, helper, onExit);
  if (!isForked(forked)) return "node-pty did not start a terminal";
  const { fd, pid, pty } = forked;
  return {
    pid,
    path: pty,
    descriptor: fd,
    stream: readInto(fd, options.onOutput),
    resize: (newColumns, newRows) => void resize(fd, newColumns, newRows),
  };
}

/**
 * Without a stream's own buffer: when the program ends, the kernel answers EIO, and Node then throws away what a paused
 * stream had read already.
 */
function readInto(descriptor: number, onOutput: (bytes: Uint8Array) => void): ReadStream {
  const buffer = Buffer.allocUnsafe(65_536);
  const callback = (length: number) => {
    onOutput(buffer.subarray(0, length));
    return true;
  };
  // `onread` is an option of every net.Socket; the types know it only for those that connect.
  const options = { readable: true, onread: { buffer, callback } };
  const stream = new ReadStream(descriptor, options);
  return stream.on("error", () => {}).resume();
}

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
