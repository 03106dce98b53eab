import { connect, type Socket } from "node:net";
import { encodeFrame } from "../../src/model/frame.js";

// What a program inside the session may do to its two sockets. Each goes on until it is told to stop, and never answers.

export type Attack = (path: string, stop: AbortSignal) => Promise<void>;

export function callFrame(argv: readonly string[], env: readonly string[] = [], cwd = "/"): Buffer {
  const [name = ""] = argv;
  return encodeFrame([
    ...["holdpoint/1", "call", name, "1", "1", cwd, "null", String(argv.length), ...argv],
    ...[String(env.length), ...env],
  ]);
}

const body = (...fields: readonly string[]) => encodeFrame(fields);
const length = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const call = callFrame(["rm", "-f", "/nonexistent"]);
const megabytes = 1024 * 1024;

/** What no shim says. */
export const nonsense: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["nothing", Buffer.alloc(0)],
  ["a frame of nothing", length(0)],
  ["a length of 4 GB", Buffer.concat([length(0xffffffff), Buffer.from("x")])],
  ["a length above the limit", length(16 * megabytes + 1)],
  ["half of a length", Buffer.from([0, 0])],
  ["another version", body("holdpoint/2", "call", "rm")],
  ["another verb", body("holdpoint/1", "exec", "rm")],
  ["an answer first", body("moved", "1", "0")],
  ["stdin first", body("stdin", "eof", "DROP TABLE x")],
  ["a reply", body("exec", "/bin/rm", "0", "-")],
  ["no end", Buffer.concat([length(4), Buffer.from("wait")])],
  ["not UTF-8", Buffer.concat([length(3), Buffer.from([0xff, 0xfe, 0])])],
  ["counts that do not fit", body("holdpoint/1", "call", "rm", "1", "1", "/", "null", "9", "rm", "0")],
  ["a count of 10^10", body("holdpoint/1", "call", "rm", "1", "1", "/", "null", "9999999999", "rm", "0")],
  ["a name with a slash", callFrame(["../../bin/rm"])],
  ["a name without an end", callFrame(["r".repeat(100_000)])],
  ["a folder of 8 MB", callFrame(["rm", "x"], [], `/${"d".repeat(8 * megabytes)}`)],
  ["a PATH of 8 MB", callFrame(["rm", "x"], [`PATH=${":/a".repeat((8 * megabytes) / 3)}`])],
  ["a token that is a path", callFrame(["rm", "x"], ["HOLDPOINT_LINE=/../../../../tmp/x"])],
  ["tokens without an end", callFrame(["rm", "x"], [`HOLDPOINT_LINE=${"stdin.1.1.1.".repeat(10_000)}`])],
  [
    "a trail without an end",
    callFrame(["rm", "x"], [`HOLDPOINT_VIA=${"rm\t1\t1\t/bin/rm\n".repeat(50_000)}`]),
  ],
  ["names of prototypes", callFrame(["__proto__"], ["__proto__=1", "constructor=2", "hasOwnProperty=3"])],
  ["16 MB of NULs", Buffer.concat([length(16 * megabytes), Buffer.alloc(16 * megabytes)])],
];

/** Behind a whole call, which is answered all the same. */
export const behindACall: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["another call", call],
  ["answers that nobody asked for", Buffer.concat([body("moved", "1", "0"), body("stdin", "eof", "x")])],
  ["an endless frame", Buffer.concat([length(0xffffffff), Buffer.from("x")])],
  ["a million empty frames", Buffer.alloc(4 * megabytes)],
];

/** Lines that no approver says. */
export const controlNonsense: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["no JSON", Buffer.from("hello\n")],
  ["deep JSON", Buffer.from(`{"do":${"[".repeat(60_000)}\n`)],
  ["deep and whole", Buffer.from(`{"do":${"[".repeat(30_000)}${"]".repeat(30_000)}}\n`)],
  ["a long line", Buffer.alloc(megabytes, "x")],
  ["a prototype's name", Buffer.from('{"do":"__proto__"}\n')],
  ["a prototype", Buffer.from('{"__proto__":{"do":"end"}}\n')],
  ["another type", Buffer.from('{"do":"open","question":{"toString":1}}\n')],
  ["not UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a])],
  ["a number", Buffer.from("1e999\n")],
];

export const socketAttacks: Readonly<Record<string, Attack>> = {
  "random bytes": loop((path) =>
    say(path, [Buffer.from(Array.from({ length: 1 + random(400) }, () => random(256)))]),
  ),
  nonsense: loop((path) => say(path, [pick(nonsense)[1]])),
  "behind a call": loop((path) => say(path, [call, pick(behindACall)[1]])),
  "idle connections": hold(3000, () => undefined),
  "half a call": hold(300, (socket) => {
    socket.write(length(15 * megabytes));
    socket.write(Buffer.alloc(14 * megabytes));
  }),
  "a byte at a time": hold(
    500,
    (socket, at) => void socket.write(call.subarray(at % 40, (at % 40) + 1)),
    100,
  ),
  "whole calls, answers unread": hold(200, (socket) => {
    socket.write(call);
    socket.pause();
  }),
};

export const controlAttacks: Readonly<Record<string, Attack>> = {
  nonsense: loop((path) => say(path, [pick(controlNonsense)[1]])),
  "watchers that never read": hold(
    400,
    (socket) => {
      socket.write('{"do":"watch"}\n'.repeat(40));
      socket.pause();
    },
    50,
  ),
  "knocks without an end": loop((path) => say(path, [Buffer.from('{"do":"knock"}\n'.repeat(60))])),
  "answers from inside": loop((path) =>
    say(path, [
      Buffer.from(
        '{"do":"open","question":"q1"}\n{"do":"allow","question":"q1","grant":"session","phrase":"abcd"}\n{"do":"deny","question":"q1"}\n{"do":"end"}\n',
      ),
    ]),
  ),
};

/** One after the other, without a pause. */
function loop(once: (path: string) => Promise<unknown>): Attack {
  return async (path, stop) => {
    while (!stop.aborted) await once(path);
  };
}

/** Many at once, each opened again when it is closed. */
function hold(count: number, act: (socket: Socket, turn: number) => void, every?: number): Attack {
  return async (path, stop) => {
    const sockets = new Set<Socket>();
    let turn = 0;
    const open = () => {
      if (stop.aborted) return;
      const socket = connect(path);
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("connect", () => act(socket, 0));
      socket.on("close", () => {
        sockets.delete(socket);
        setTimeout(open, 5);
      });
    };
    for (let at = 0; at < count; at++) open();
    const timer = setInterval(() => {
      turn += 1;
      if (every !== undefined) for (const socket of sockets) if (socket.writable) act(socket, turn);
    }, every ?? 1000);
    await new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve()));
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  };
}

/** Says it, and waits for the other side to close, a moment at most. Returns what came back. */
export function say(path: string, parts: readonly Buffer[], moment = 300): Promise<Buffer> {
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const socket = connect(path, () => {
      for (const part of parts) if (part.length > 0) socket.write(part);
    });
    const late = setTimeout(() => socket.destroy(), moment);
    socket.on("data", (chunk) => heard.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(late);
      resolve(Buffer.concat(heard));
    });
  });
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

function pick<T>(list: readonly T[]): T {
  const one = list[random(list.length)];
  if (one === undefined) throw new Error("an empty list");
  return one;
}
