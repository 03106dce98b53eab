import { isUtf8 } from "node:buffer";
import { decodeBytes } from "../model/bytes.js";
import { encodeFrame } from "../model/frame.js";
import { Environments } from "./environments.js";

/** What a shim says about the program it stands for. */
export interface ShimCall {
  /** Last component of the shim's own executable, whatever argv[0] says. */
  readonly name: string;
  readonly pid: number;
  readonly parentPid: number;
  /** Empty when the shim could not read it. */
  readonly cwd: string;
  readonly stdin: StdinKind;
  readonly argv: readonly string[];
  /** The first entry of a name wins, as with getenv(3). */
  readonly env: ReadonlyMap<string, string>;
}

/** What descriptor 0 of a shim is: `none`, it is closed; `other`, a device that is neither a terminal nor `/dev/null`. */
export type StdinKind = "none" | "file" | "pipe" | "tty" | "null" | "socket" | "other";

/** How a call ends: the shim becomes the program, or ends with a status and a message on its stderr. docs/inside/protocol.md */
export type Reply =
  /**
   * `env`: `NAME=value` sets, `NAME` unsets. `argv`: the whole, with argv[0]; without it, the shim's own. `token`: the program is
   * handed out for it, because its path leads to a shim.
   */
  | {
      readonly verb: "exec";
      readonly program: string;
      readonly env: readonly string[];
      readonly argv?: readonly string[];
      readonly token?: string;
    }
  | { readonly verb: "exit"; readonly status: number; readonly message: string };

/** What a shim read from descriptor 0 for the judge; it gives the program the same bytes first. */
export interface StdinAnswer {
  /** `more`: the cap or the time was over before the end. */
  readonly state: "eof" | "more" | "none";
  readonly bytes: Buffer;
}

/** Bytes that no shim of ours sends: lower case, no full stop. The call is denied. */
export interface Malformed {
  readonly malformed: string;
}

/** Bytes of a frame without its length: far above the words and the environment that a system lets a program have. */
export const frameLimit = 16 * 1024 * 1024;

/** A shim's first frame, after its length. Nothing of it is believed beyond its form: any program of the session may send one. */
export function parseCall(body: Buffer): ShimCall | Malformed {
  if (hasTooManyFields(body)) return { malformed: "more words than a system lets a program have" };
  const text = readText(body);
  if (text === undefined) return { malformed: "last field without its end" };
  const fields = new Fields(text);
  const head = fields.take(8);
  const [version, verb, name, pid, parentPid, cwd, stdin, count] = head;
  if (version !== "holdpoint/1") return { malformed: "not holdpoint/1" };
  if (verb !== "call") return { malformed: "not a call" };
  if (name === undefined || !isName(name)) return { malformed: "not a program's name" };
  const kind = stdinKinds.find((each) => each === stdin);
  const argc = parseCount(count);
  if (cwd === undefined || kind === undefined || argc === undefined) return { malformed: "bad head" };
  // Each relative word of a call is put behind it.
  if (cwd.length > longestPath) return { malformed: "a folder's name that no system has" };
  const argv = fields.take(argc);
  const envc = parseCount(fields.take(1)[0]);
  const env = environments.of(fields.rest());
  if (argv.length !== argc || envc !== env.entries) return { malformed: "counts do not fit" };
  const ids = { pid: parseCount(pid) ?? 0, parentPid: parseCount(parentPid) ?? 0 };
  return { name, ...ids, cwd, stdin: kind, argv, env: env.values };
}

/** The answer to an order to read descriptor 0. */
export function parseStdin(body: Buffer): StdinAnswer | Malformed {
  const first = body.indexOf(0);
  const second = body.indexOf(0, first + 1);
  if (first < 0 || second < 0 || body.toString("latin1", 0, first) !== "stdin")
    return { malformed: "not an answer to stdin" };
  const state = body.toString("latin1", first + 1, second);
  if (state !== "eof" && state !== "more" && state !== "none") return { malformed: "no state of stdin" };
  return { state, bytes: body.subarray(second + 1) };
}

/** What became of each move: 0, or the system's errno. */
export function parseMoved(body: Buffer): readonly number[] | Malformed {
  const [verb, count, ...codes] = splitFields(body) ?? [];
  if (verb !== "moved" || parseCount(count) !== codes.length) return { malformed: "not an answer to move" };
  return codes.map((code) => parseCount(code) ?? -1);
}

/** With its length in front; a frame with the token goes first where the program is handed out. */
export function encodeReply(reply: Reply): Buffer {
  if (reply.verb === "exit") return encodeFrame(["exit", String(reply.status), reply.message]);
  const { program, env, argv, token } = reply;
  const frame = encodeFrame(["exec", program, String(env.length), ...env, ...encodeArgv(argv)]);
  return token === undefined ? frame : Buffer.concat([encodeFrame(["program", token]), frame]);
}

function encodeArgv(argv: readonly string[] | undefined): readonly string[] {
  return argv === undefined ? ["-"] : [String(argv.length), ...argv];
}

/**
 * Cuts a stream into frames; `undefined` once a frame claims more than the limit, and for ever after. What is not whole yet is
 * copied together: a million pieces of a byte each would weigh two hundred times as much as they hold.
 */
export class FrameReader {
  private room: Buffer = Buffer.alloc(0);
  private size = 0;
  private broken = false;

  push(chunk: Buffer): readonly Buffer[] | undefined {
    if (this.broken) return undefined;
    let bytes = this.size === 0 ? chunk : this.keep(chunk);
    const frames: Buffer[] = [];
    while (bytes.length >= 4) {
      const wanted = 4 + bytes.readUInt32BE(0);
      if (wanted > 4 + frameLimit) {
        this.stop();
        return undefined;
      }
      if (bytes.length < wanted) break;
      frames.push(bytes.subarray(4, wanted));
      bytes = bytes.subarray(wanted);
    }
    if (frames.length === 0 && this.size > 0) return frames;
    // Elsewhere: the frames lie where they were.
    this.room = Buffer.alloc(0);
    this.size = 0;
    if (bytes.length > 0) this.keep(bytes);
    return frames;
  }

  /** Lets go of what it holds; takes nothing more. */
  stop(): void {
    this.broken = true;
    this.room = Buffer.alloc(0);
    this.size = 0;
  }

  private keep(chunk: Buffer): Buffer {
    const size = this.size + chunk.length;
    if (size > this.room.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.room.length));
      this.room.copy(room, 0, 0, this.size);
      this.room = room;
    }
    chunk.copy(this.room, this.size);
    this.size = size;
    return this.room.subarray(0, size);
  }
}

const environments = new Environments();
const stdinKinds = ["none", "file", "pipe", "tty", "null", "socket", "other"] as const;

function splitFields(body: Buffer): readonly string[] | undefined {
  return readText(body)?.split("\0");
}

/** The fields with a NUL between two; undefined without the NUL at the end. */
function readText(body: Buffer): string | undefined {
  if (body.length === 0 || body[body.length - 1] !== 0) return undefined;
  if (isUtf8(body)) return body.toString("utf8", 0, body.length - 1);
  const fields: string[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf(0, at);
    const field = body.subarray(at, end);
    fields.push(isUtf8(field) ? field.toString("utf8") : decodeBytes(field));
    at = end + 1;
  }
  return fields.join("\0");
}

/** Takes fields off the front of a text, so that the environment at its end need not be cut up. */
class Fields {
  private at = 0;

  constructor(private readonly text: string) {}

  /** So many, or as many as there are. */
  take(count: number): readonly string[] {
    const fields: string[] = [];
    while (fields.length < count && this.at <= this.text.length) {
      const end = this.text.indexOf("\0", this.at);
      const stop = end < 0 ? this.text.length : end;
      fields.push(this.text.slice(this.at, stop));
      this.at = stop + 1;
    }
    return fields;
  }

  /** All others as they stand; undefined where there is none. */
  rest(): string | undefined {
    return this.at > this.text.length ? undefined : this.text.slice(this.at);
  }
}

/**
 * 16 MiB of NULs are 16 million empty words: the list of them would take a second and a gigabyte. Linux gives a program at
 * most 6 MiB of words, and counts nine bytes for an empty one.
 */
function hasTooManyFields(body: Buffer): boolean {
  if (body.length <= fieldLimit) return false;
  let at = -1;
  for (let count = 0; count <= fieldLimit; count++) {
    at = body.indexOf(0, at + 1);
    if (at < 0) return false;
  }
  return true;
}

const fieldLimit = 1_000_000;

/** PATH_MAX is 4096 bytes on Linux, 1024 on macOS. */
const longestPath = 4096;

/** A name with a slash would be looked up as a path, not on PATH. */
function isName(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && text.length < 256 && !text.includes("/");
}

function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
