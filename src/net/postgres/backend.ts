import { once } from "node:events";
import type { Duplex } from "node:stream";
import { bodyOf, Cutter, message, type Piece, readStrings } from "./frame.js";
import type { Replies } from "./replies.js";

/** What the server says of the session, on the way to the client. */
export interface Backend {
  /** What the server says of its settings, by name. */
  readonly settings: ReadonlyMap<string, string>;
  /** Puts messages of ours among the server's, between two of them. */
  insert(bytes: Buffer): void;
  /**
   * Whether the server answered as one of PostgreSQL. Another kind might take words within a statement or a password for commands of
   * its own: Redis obeys each line that it knows.
   */
  readonly begun: Promise<boolean>;
  /** Until either side is over. */
  run(): Promise<void>;
}

/** The server's side of one session, and the client that its answers go to. */
export interface BackendOptions {
  readonly server: Duplex;
  readonly client: Duplex;
  readonly replies: Replies;
  /** Our own TLS is between the two, so that a proof of the server's certificate would not fit. */
  readonly isEncrypted: boolean;
  /** The key by which a request to cancel names the session. */
  readonly onKey: (key: string) => void;
}

/** Passes the answers on as they come, and notes what they say of the session: its settings, its key, where a batch ends. */
export function openBackend({ server, client, replies, isEncrypted, onKey }: BackendOptions): Backend {
  const settings = new Map<string, string>();
  const cutter = new Cutter((type) => keep.get(type) ?? 0);
  let inserted: Buffer[] = [];
  let isBetween = true;
  let begin: (isServer: boolean) => void = () => {};
  const begun = new Promise<boolean>((resolve) => {
    begin = resolve;
  });

  function insertNow(): void {
    if (inserted.length === 0 || !isBetween) return;
    const bytes = Buffer.concat(inserted);
    inserted = [];
    client.write(bytes);
  }

  function read(piece: Piece): Buffer {
    isBetween = piece.isEnd;
    if (!piece.isStart || !piece.isEnd) {
      // Longer than such a message ever is: passed on, and nothing is made of it but that it came.
      if (piece.isStart) replies.got(piece.type, replies.status);
      return piece.bytes;
    }
    const body = bodyOf(piece);
    if (piece.type === "R") begin(true);
    if (piece.type === "S") {
      const [name, value] = readStrings(body, 2) ?? [];
      if (name !== undefined && value !== undefined) settings.set(name.toString(), value.toString());
    }
    if (piece.type === "K") onKey(body.toString("hex"));
    replies.got(piece.type, piece.type === "Z" ? body.toString("latin1", 0, 1) : "");
    return piece.type === "R" && isEncrypted ? withoutBinding(piece.bytes, body) : piece.bytes;
  }

  return {
    settings,
    begun,
    insert(bytes) {
      inserted.push(bytes);
      insertNow();
    },
    run: () => run().finally(() => begin(false)),
  };

  async function run(): Promise<void> {
    for await (const chunk of server) {
      cutter.push(chunk);
      let out: Buffer[] = [];
      for (let piece = cutter.next(); piece !== undefined; piece = cutter.next()) {
        out.push(read(piece));
        if (isBetween) out.push(...inserted);
        else continue;
        inserted = [];
      }
      const [only] = out;
      const bytes = out.length === 1 && only !== undefined ? only : Buffer.concat(out);
      out = [];
      if (bytes.length > 0 && !client.write(bytes)) await once(client, "drain");
    }
  }
}

/** Bytes of the messages that are looked into. */
const keep: ReadonlyMap<string, number> = new Map([
  ["R", 64 * 1024],
  ["S", 64 * 1024],
  ["K", 1024],
  ["Z", 1024],
]);

/** SCRAM-SHA-256-PLUS binds the login to the certificate that the client sees, which is ours: the server would refuse it. */
function withoutBinding(bytes: Buffer, body: Buffer): Buffer {
  if (body.length < 4 || body.readUInt32BE(0) !== saslMechanisms) return bytes;
  const names = body.toString("latin1", 4).split("\0");
  const kept = names.filter((name) => name !== "" && !name.endsWith("-PLUS"));
  return message("R", body.subarray(0, 4), ...kept.map((name) => `${name}\0`), "\0");
}

const saslMechanisms = 10;
