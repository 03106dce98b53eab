/**
 * A piece of the stream of messages that both sides send once a session has begun (a letter, a length, a body; PostgreSQL's manual,
 * chapter "Frontend/Backend Protocol"). Pieces joined are the stream.
 */
export interface Piece {
  /** The message's letter, also of its later pieces. */
  readonly type: string;
  readonly bytes: Buffer;
  /** It begins with the message's head. */
  readonly isStart: boolean;
  /** The message is over with it. */
  readonly isEnd: boolean;
}

/** Thrown where what comes is no stream of messages: no server would take it, either. */
export class BrokenStream extends Error {}

/** Cuts the stream. Messages up to `keep(letter)` bytes come in one piece; of longer ones the first piece has as many. */
export class Cutter {
  private parts: Buffer[] = [];
  private size = 0;
  private current: { type: string; left: number } | undefined;

  constructor(private readonly keep: (type: string) => number) {}

  push(chunk: Buffer): void {
    this.parts.push(chunk);
    this.size += chunk.length;
  }

  /** Undefined: more has to come first. */
  next(): Piece | undefined {
    if (this.size === 0) return undefined;
    if (this.current !== undefined) {
      const { type, left } = this.current;
      const bytes = this.take(Math.min(left, this.size));
      this.current = bytes.length === left ? undefined : { type, left: left - bytes.length };
      return { type, bytes, isStart: false, isEnd: this.current === undefined };
    }
    if (this.size < headSize) return undefined;
    const head = this.look(headSize);
    const type = String.fromCharCode(head.readUInt8(0));
    const length = head.readUInt32BE(1);
    if (length < 4 || length > longestMessage) throw new BrokenStream(`a message of ${length} bytes`);
    const whole = 1 + length;
    if (this.size < Math.min(whole, Math.max(headSize, this.keep(type)))) return undefined;
    const bytes = this.take(Math.min(whole, this.size));
    if (bytes.length < whole) this.current = { type, left: whole - bytes.length };
    return { type, bytes, isStart: true, isEnd: bytes.length === whole };
  }

  private look(count: number): Buffer {
    if ((this.parts[0]?.length ?? 0) < count) this.parts = [Buffer.concat(this.parts)];
    return this.parts[0] ?? Buffer.alloc(0);
  }

  private take(count: number): Buffer {
    const first = this.look(count);
    this.size -= count;
    if (first.length === count) this.parts.shift();
    else this.parts[0] = first.subarray(count);
    return first.subarray(0, count);
  }
}

const headSize = 5;
/** As the server itself bounds them. */
const longestMessage = 0x3fffffff;

/**
 * A message of the protocol: its type, its length, its parts; strings get no NUL of their own.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function message(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const head = Buffer.alloc(headSize);
  head.write(type, "latin1");
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** `ERROR`: the session goes on; `FATAL`: it is over. */
export function errorResponse(
  severity: "ERROR" | "FATAL",
  code: string,
  text: string,
  hint: string | undefined,
): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`];
  if (hint !== undefined) fields.push(`H${hint}`);
  return message("E", ...fields.map((field) => `${field.replaceAll("\0", " ")}\0`), "\0");
}

/** Strings that end with a NUL, from the start of a body; undefined where there are not so many. */
export function readStrings(body: Buffer, count: number): readonly Buffer[] | undefined {
  const found: Buffer[] = [];
  for (let at = 0; found.length < count; ) {
    const end = body.indexOf(0, at);
    if (end < 0) return undefined;
    found.push(body.subarray(at, end));
    at = end + 1;
  }
  return found;
}

/** Without the letter and the length. */
export function bodyOf(piece: Piece): Buffer {
  return piece.bytes.subarray(headSize);
}
