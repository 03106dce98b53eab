import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer, type Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { assertNever } from "../../src/model/assert-never.js";

/** What a shim sent, bytes as latin1 strings. */
export interface SeenCall {
  readonly name: string;
  readonly pid: number;
  readonly ppid: number;
  readonly cwd: string;
  readonly stdin: string;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** The answer to a `stdin` frame: state and bytes. */
  readonly spool: { readonly state: string; readonly bytes: string } | undefined;
  /** The answer to a `move` frame: 0 or errno for each. */
  readonly moved?: readonly number[];
}

export type Step =
  | { readonly verb: "wait" }
  | { readonly verb: "stdin"; readonly cap: number; readonly ms: number }
  | {
      readonly verb: "exec";
      readonly program: string;
      readonly env?: readonly string[];
      readonly argv?: readonly string[];
    }
  | { readonly verb: "exit"; readonly status: number; readonly message: string }
  | { readonly verb: "raw"; readonly bytes: Buffer }
  | { readonly verb: "hang-up" }
  | { readonly verb: "silence" };

/** What the stand-in answers; called again with the spool after a `stdin` step, with the codes after a `move`. */
export type Behaviour = (call: SeenCall) => Step | readonly Step[];

export interface Session {
  readonly dir: string;
  readonly calls: SeenCall[];
  /** Calls whose shim hung up before it had an answer. */
  readonly gone: SeenCall[];
  behave: Behaviour;
  program(name: string): string;
  close(): Promise<void>;
}

export async function openSession(
  shim: string,
  names: readonly string[],
  behave: Behaviour,
): Promise<Session> {
  const dir = mkdtempSync(join(tmpdir(), "hp-"));
  mkdirSync(join(dir, "bin"));
  mkdirSync(join(dir, "fifo"));
  cpSync(new URL("../../shims/rc", import.meta.url), join(dir, "rc"), { recursive: true });
  copyFileSync(shim, join(dir, "shim"));
  for (const name of names) linkSync(join(dir, "shim"), join(dir, "bin", name));
  const sockets = new Set<Socket>();
  const session: Session = {
    dir,
    calls: [],
    gone: [],
    behave,
    program: (name) => join(dir, "bin", name),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const talk = new Talk(
      session,
      (bytes) => socket.write(bytes),
      () => socket.destroy(),
    );
    socket.on("data", (chunk) => talk.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      talk.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(join(dir, "sock"), resolve));
  return session;
}

/** Undefined when the caller has ended meanwhile: nobody reads an answer then. */
function openWriter(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** The second transport: one pair of FIFOs, packets with tags. Returns what ends it. */
export function serveFifo(session: Session, number: number): () => void {
  const path = join(session.dir, "fifo", String(number));
  spawnSync("mkfifo", [`${path}.in`, `${path}.out`]);
  // As the broker does: between one caller and the next somebody reads there, too.
  const spare = openSync(`${path}.in`, constants.O_RDONLY | constants.O_NONBLOCK);
  let isOver = false;
  let current: { readonly tag: string; readonly talk: Talk; readonly out: number } | undefined;
  let input: Socket;
  let pending: Buffer = Buffer.alloc(0);
  const drop = () => {
    current?.talk.end();
    if (current) closeSync(current.out);
    current = undefined;
  };
  const take = (tag: string, payload: Buffer) => {
    if (current?.tag !== tag) {
      drop();
      const out = openWriter(`${path}.out`);
      if (out === undefined) return;
      const send = (bytes: Buffer) => {
        try {
          for (let at = 0; at < bytes.length; at += 4080)
            writeSync(out, packet(tag, bytes.subarray(at, at + 4080)));
        } catch {
          // Its caller has ended: what it closes is noticed below.
        }
      };
      current = { tag, out, talk: new Talk(session, send, drop) };
    }
    current.talk.push(payload);
  };
  const listen = () => {
    const descriptor = openSync(`${path}.in`, constants.O_RDONLY | constants.O_NONBLOCK);
    const socket = new Socket({ fd: descriptor, readable: true, writable: false });
    input = socket;
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 16 && pending.length >= 16 + pending.readUInt32BE(0)) {
        const size = pending.readUInt32BE(0);
        take(pending.toString("latin1", 4, 16), pending.subarray(16, 16 + size));
        pending = pending.subarray(16 + size);
      }
    });
    socket.on("end", () => {
      drop();
      if (!isOver) listen();
    });
  };
  listen();
  const end = () => {
    if (!isOver) closeSync(spare);
    isOver = true;
    drop();
    input.destroy();
  };
  // A test that fails half way leaves nobody behind who would answer the next one's calls.
  onTestFinished(end);
  return end;
}

export function packet(tag: string, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, Buffer.from(tag, "latin1"), payload]);
}

export function frame(...fields: readonly (string | number)[]): Buffer {
  const body = Buffer.from(`${fields.join("\0")}\0`, "latin1");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

class Talk {
  private pending: Buffer = Buffer.alloc(0);
  private call: SeenCall | undefined;
  private isAnswered = false;

  constructor(
    private readonly session: Session,
    private readonly send: (bytes: Buffer) => void,
    private readonly hangUp: () => void,
  ) {}

  push(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    while (this.pending.length >= 4 && this.pending.length >= 4 + this.pending.readUInt32BE(0)) {
      const size = this.pending.readUInt32BE(0);
      this.take(this.pending.subarray(4, 4 + size));
      this.pending = this.pending.subarray(4 + size);
    }
  }

  end(): void {
    if (this.call !== undefined && !this.isAnswered) this.session.gone.push(this.call);
    this.isAnswered = true;
  }

  private take(body: Buffer): void {
    if (this.call === undefined) {
      this.call = parseCall(body);
    } else if (body.toString("latin1", 0, 6) === "moved\0") {
      const [, count, ...codes] = body.toString("latin1").split("\0").slice(0, -1).map(Number);
      if (count !== codes.length) throw new Error("counts do not fit");
      this.call = { ...this.call, moved: codes };
      this.session.calls.pop();
    } else {
      const [, state = ""] = body.toString("latin1", 0, 16).split("\0");
      const bytes = body.toString("latin1", "stdin".length + state.length + 2);
      this.call = { ...this.call, spool: { state, bytes } };
      this.session.calls.pop();
    }
    this.session.calls.push(this.call);
    for (const step of [this.session.behave(this.call)].flat()) this.perform(step);
  }

  private perform(step: Step): void {
    if (step.verb === "hang-up") this.hangUp();
    if (step.verb === "hang-up" || step.verb === "silence") return;
    this.isAnswered ||= step.verb === "exec" || step.verb === "exit";
    this.send(encode(step));
  }
}

function encode(step: Exclude<Step, { readonly verb: "hang-up" | "silence" }>): Buffer {
  switch (step.verb) {
    case "wait":
      return frame("wait");
    case "stdin":
      return frame("stdin", step.cap, step.ms);
    case "exec":
      return frame(
        "exec",
        step.program,
        step.env?.length ?? 0,
        ...(step.env ?? []),
        step.argv?.length ?? "-",
        ...(step.argv ?? []),
      );
    case "exit":
      return frame("exit", step.status, step.message);
    case "raw":
      return step.bytes;
    default:
      return assertNever(step);
  }
}

function parseCall(body: Buffer): SeenCall {
  const fields = body.toString("latin1").split("\0").slice(0, -1);
  const [version, verb, name = "", pid, ppid, cwd = "", stdin = "", argc] = fields;
  if (version !== "holdpoint/1" || verb !== "call") throw new Error(`not a call: ${version} ${verb}`);
  const argv = fields.slice(8, 8 + Number(argc));
  const entries = fields.slice(9 + Number(argc));
  if (entries.length !== Number(fields[8 + Number(argc)])) throw new Error("counts do not fit");
  const env = new Map(
    entries.map(
      (entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)] as const,
    ),
  );
  return { name, pid: Number(pid), ppid: Number(ppid), cwd, stdin, argv, env, spool: undefined };
}

export interface Outcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly argv0?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
  /** A descriptor for stdin instead of a pipe. */
  readonly stdin?: number | "ignore";
  readonly started?: (pid: number) => void;
}

/** Runs a program to its end; output as latin1. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      // Without SHLVL a bash with a socket on descriptor 0 takes itself for a remote one and reads ~/.bashrc.
      env: { SHLVL: "1", HOME: "/nonexistent", PATH: "/usr/bin:/bin", ...options.env },
      cwd: options.cwd ?? "/",
      timeout: 20_000,
      stdio: [options.stdin ?? "pipe", "pipe", "pipe"],
      ...(options.argv0 === undefined ? {} : { argv0: options.argv0 }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (status, signal) =>
      resolve({
        status,
        signal,
        stdout: Buffer.concat(out).toString("latin1"),
        stderr: Buffer.concat(err).toString("latin1"),
      }),
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
    if (child.pid !== undefined) options.started?.(child.pid);
  });
}

/** Compiles a C text beside the test's own files. */
export function compile(dir: string, name: string, source: string): string {
  const path = join(dir, name);
  writeFileSync(`${path}.c`, source);
  const { status, stderr } = spawnSync("cc", ["-O1", "-o", path, `${path}.c`], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return path;
}

/** Runs its arguments with socket(AF_UNIX) answered by EPERM, as the sandboxes of some agents do. */
export const noSocketsSource = `
#include <errno.h>
#include <stddef.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
int main(int argc, char **argv) {
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 99;
  (void)argc;
  execv(argv[1], argv + 1);
  return 98;
}`;
