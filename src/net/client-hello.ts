/** What the first message of TLS asks for; RFC 8446, section 4.1.2. */
export interface ClientHello {
  /** Lower case; undefined where the client names none. */
  readonly serverName: string | undefined;
  /** Protocols of ALPN, the client's favourite first. */
  readonly protocols: readonly string[];
}

/** `more`: not all of it is there yet. */
export function readClientHello(bytes: Buffer): ClientHello | "more" | "other" {
  if (bytes.length < 1) return "more";
  if (bytes[0] !== handshake) return "other";
  const message = joinRecords(bytes);
  if (typeof message === "string") return message;
  try {
    return parse(new Cursor(message));
  } catch {
    return "other";
  }
}

const handshake = 0x16;
const hello = 0x01;
/** Bytes; a hello with keys for quantum computers has two thousand. */
const longest = 64 * 1024;

/** The handshake message out of the records that it may be cut into. */
function joinRecords(bytes: Buffer): Buffer | "more" | "other" {
  const parts: Buffer[] = [];
  let have = 0;
  for (let at = 0; ; ) {
    if (have >= 4) {
      const message = Buffer.concat(parts);
      const size = 4 + message.readUIntBE(1, 3);
      if (message[0] !== hello || size > longest) return "other";
      if (have >= size) return message.subarray(4, size);
    }
    if (bytes.length < at + 5) return "more";
    if (bytes[at] !== handshake || bytes[at + 1] !== 3) return "other";
    const size = bytes.readUInt16BE(at + 3);
    if (size === 0) return "other";
    if (bytes.length < at + 5 + size) return "more";
    parts.push(bytes.subarray(at + 5, at + 5 + size));
    have += size;
    at += 5 + size;
  }
}

function parse(cursor: Cursor): ClientHello {
  cursor.take(2 + 32);
  cursor.vector(1);
  cursor.vector(2);
  cursor.vector(1);
  const hello: { serverName: string | undefined; protocols: string[] } = {
    serverName: undefined,
    protocols: [],
  };
  if (cursor.isAtEnd) return hello;
  const extensions = new Cursor(cursor.vector(2));
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    const content = new Cursor(extensions.vector(2));
    if (type === 0) {
      const names = new Cursor(content.vector(2));
      while (!names.isAtEnd) {
        const kind = names.number(1);
        const name = names.vector(2).toString("latin1");
        if (kind === 0) hello.serverName ??= name.toLowerCase().replace(/\.$/, "");
      }
    } else if (type === 16) {
      const list = new Cursor(content.vector(2));
      while (!list.isAtEnd) hello.protocols.push(list.vector(1).toString("latin1"));
    }
  }
  return hello;
}

/** Throws a RangeError past the end. */
class Cursor {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  take(size: number): Buffer {
    if (this.at + size > this.bytes.length) throw new RangeError("past the end");
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  number(size: number): number {
    return this.take(size).readUIntBE(0, size);
  }

  /** Bytes behind their length, which takes `size` bytes. */
  vector(size: number): Buffer {
    return this.take(this.number(size));
  }
}
