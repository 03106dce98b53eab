import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "@lydell/node-pty";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");

/** Builds the little session of `relay-program.ts`; gives a folder of its own below the repository. */
export async function prepareSession(): Promise<{ readonly folder: string; remove(): void }> {
  const parent = join(root, "node_modules/.cache/holdpoint-test");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "relay-"));
  await build({
    entryPoints: [join(import.meta.dirname, "relay-program.ts")],
    outfile: join(folder, "program.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["@lydell/node-pty"],
    logLevel: "error",
  });
  for (const [name, sources] of Object.entries(natives))
    execFileSync("cc", [
      "-O1",
      "-o",
      join(folder, name),
      ...sources.map((source) => join(root, "shims", source)),
    ]);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

const natives = { leader: ["leader.c"], pump: ["pump.c", "plain.c"] };

export interface SessionOptions {
  readonly folder: string;
  /** What runs in the session; `$ASK` and `$ANSWER` are its FIFOs. */
  readonly script: string;
  readonly shell?: string;
  /** `relay`, or `shared`: on the terminal itself. */
  readonly door?: "relay" | "shared";
  readonly env?: Readonly<Record<string, string>>;
  /** As where there is no compiler. */
  readonly withoutCompiler?: boolean;
  /** Started from an interactive bash, which reads on. */
  readonly jobControl?: boolean;
  /** What is typed there, where it is not just the session. */
  readonly line?: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** A human's terminal with a session in it. */
export interface OuterTerminal {
  /** Of the session's own process. */
  sessionPid(): number;
  /** All that came out so far, as bytes. */
  output(): Buffer;
  text(): string;
  /** Waits until the text appears after the last match. */
  waitFor(text: string | RegExp): Promise<string>;
  send(keys: string | Buffer): void;
  /** Puts a question, as the session's own program does through `$ASK`. */
  ask(question: Readonly<Record<string, unknown>>): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  readonly ended: Promise<{ readonly status: number; readonly signal: number }>;
  kill(signal: string): void;
}

/** Starts the session from within its folder. */
export const sessionLine = "node ../program.mjs . relay sh agent.sh";

export function openTerminal(options: SessionOptions): OuterTerminal {
  const own = mkdtempSync(join(options.folder, "s-"));
  execFileSync(
    "mkfifo",
    ["ask", "answer"].map((name) => join(own, name)),
  );
  writeFileSync(join(own, "agent.sh"), options.script);
  const door = options.door === "shared" ? '"$(tty)"' : "relay";
  // The pause at its end: libuv takes a hang-up for the end of output that is still to be read.
  // The outer shell shows whether the terminal is afterwards what it was.
  const command = `export OUTER=$(tty); stty -g > before; node ../program.mjs . ${door} ${options.shell ?? "sh"} agent.sh; s=$?
    stty -g > after; cmp before after && echo SAME TERMINAL; sleep 0.3; exit $s`;
  const isInteractive = options.jobControl === true;
  const pty = spawn("bash", isInteractive ? ["--norc", "--noprofile", "-i"] : ["-c", command], {
    cols: options.columns ?? 80,
    rows: options.rows ?? 24,
    cwd: own,
    encoding: null,
    env: {
      PATH: process.env["PATH"],
      HOME: own,
      TERM: "xterm-256color",
      LC_ALL: "C.UTF-8",
      LEADER: options.withoutCompiler === true ? "" : join(options.folder, "leader"),
      PUMP: options.withoutCompiler === true ? "" : join(options.folder, "pump"),
      ASK: join(own, "ask"),
      ANSWER: join(own, "answer"),
      ...options.env,
    },
  });
  if (isInteractive) pty.write(`PS1='$ '; stty -g > before; ${options.line ?? sessionLine}\n`);
  // Takes bytes as well, whatever its types say.
  const keyboard: { write(data: string | Buffer): void } = pty;
  const chunks: Buffer[] = [];
  let seen = 0;
  pty.onData((chunk) => chunks.push(Buffer.from(chunk)));
  const text = () => Buffer.concat(chunks).toString("utf8");
  const ended = new Promise<{ status: number; signal: number }>((resolve) =>
    pty.onExit(({ exitCode, signal }) => resolve({ status: exitCode, signal: signal ?? 0 })),
  );
  return {
    sessionPid: () => Number(readFileSync(join(own, "pid"), "utf8")),
    output: () => Buffer.concat(chunks),
    text,
    waitFor: async (wanted) => {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const rest = text().slice(seen);
        const at = typeof wanted === "string" ? rest.indexOf(wanted) : rest.search(wanted);
        if (at >= 0) {
          const found = typeof wanted === "string" ? wanted : (wanted.exec(rest)?.[0] ?? "");
          seen += at + found.length;
          return found;
        }
        if (Date.now() > deadline) throw new Error(`no ${wanted} in:\n${JSON.stringify(rest.slice(-1500))}`);
        await sleep(15);
      }
    },
    send: (keys) => keyboard.write(keys),
    ask: (question) => writeFileSync(join(own, "ask"), `${JSON.stringify(question)}\n`),
    resize: (columns, rows) => pty.resize(columns, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    ended,
    kill: (signal) => pty.kill(signal),
  };
}

/** The program, if it is installed. */
export function findTool(name: string): string | undefined {
  try {
    return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
