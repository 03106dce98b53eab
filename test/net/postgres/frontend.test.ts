import { Duplex, PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BrokenStream, Cutter, message, readStrings } from "../../../src/net/postgres/frame.js";
import { Frontend } from "../../../src/net/postgres/frontend.js";
import { Inbound } from "../../../src/net/postgres/inbound.js";
import { Replies } from "../../../src/net/postgres/replies.js";
import { isStartup, readStartup } from "../../../src/net/postgres/startup.js";

// Whatever a client says, in whatever pieces: what a server makes of that never runs a text that was not judged.

/** As a server takes it: names that are taken are refused, after an error all is overlooked until the next Sync. */
class Server {
  readonly ran: string[] = [];
  private readonly statements = new Map<string, string>();
  private readonly portals = new Map<string, string>();
  private isOverlooking = false;
  private rest = Buffer.alloc(0);

  constructor(private readonly answer: (type: string) => void) {}

  take(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 5) {
      const size = 1 + this.rest.readUInt32BE(1);
      if (size < 5) throw new Error("what no server takes was passed on");
      if (this.rest.length < size) return;
      this.read(String.fromCharCode(this.rest[0] ?? 0), this.rest.subarray(5, size));
      this.rest = this.rest.subarray(size);
    }
  }

  private read(type: string, body: Buffer): void {
    if (type === "S") {
      this.isOverlooking = false;
      this.answer("Z");
      return;
    }
    if (this.isOverlooking) return;
    const [one = "", two = ""] = (readStrings(body, 2) ?? readStrings(body, 1) ?? []).map(String);
    switch (type) {
      case "Q": {
        const [, name] = /^EXECUTE (.*)$/.exec(one) ?? [];
        this.ran.push(name === undefined ? one : (this.statements.get(name) ?? "nothing"));
        this.answer("Z");
        return;
      }
      case "F":
        this.ran.push("bad function");
        this.answer("Z");
        return;
      case "P":
        if (two.includes("wrong") || (one !== "" && this.statements.has(one))) {
          this.fail();
          return;
        }
        this.statements.set(one, two);
        this.answer("1");
        return;
      case "B": {
        const text = this.statements.get(two);
        if (text === undefined || (one !== "" && this.portals.has(one))) {
          this.fail();
          return;
        }
        this.portals.set(one, text);
        this.answer("2");
        return;
      }
      case "E": {
        const text = this.portals.get(one);
        if (text === undefined) {
          this.fail();
          return;
        }
        this.ran.push(text);
        this.answer("C");
        return;
      }
      case "C":
        (body[0] === 0x53 ? this.statements : this.portals).delete(one.slice(1));
        this.answer("3");
        return;
      default:
    }
  }

  private fail(): void {
    this.isOverlooking = true;
    this.answer("E");
  }
}

const japanese = "SET client_encoding TO sjis";

/** `late`: the server's answers come only when somebody waits for them. */
async function talk(stream: Buffer, cuts: readonly number[], late: boolean) {
  const replies = new Replies();
  const said: Buffer[] = [];
  const settings = new Map<string, string>();
  const held: string[] = [];
  const give = () => {
    // It tells at the end of a batch alone.
    if (server.ran.includes(japanese) && held.includes("Z")) settings.set("client_encoding", "SJIS");
    for (const type of held.splice(0)) replies.got(type, "I");
  };
  const server = new Server((type) => {
    held.push(type);
    if (!late) give();
  });
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      server.take(chunk);
      if (late) setImmediate(give);
      done();
    },
  });
  const client = new PassThrough();
  const judged = new Set<string>();
  const frontend = new Frontend({
    inbound: new Inbound(client),
    server: socket,
    replies,
    backend: {
      settings,
      begun: Promise.resolve(true),
      insert: (bytes) => said.push(bytes),
      run: async () => {},
    },
    judge: async (text, unread) => {
      const shown = text.toString();
      judged.add(shown);
      return unread === undefined && !shown.includes("bad")
        ? { allowed: true }
        : { allowed: false, message: "holdpoint: denied." };
    },
  });
  const run = frontend.run().catch((cause: unknown) => {
    if (!(cause instanceof BrokenStream)) throw cause;
  });
  let at = 0;
  for (const cut of cuts) {
    client.write(stream.subarray(at, at + cut));
    at += cut;
  }
  client.end(stream.subarray(at));
  await run;
  return { ran: server.ran, judged, said: Buffer.concat(said) };
}

const names = fc.constantFrom("", "a", "b", "A");
const texts = fc.constantFrom(
  "good 1",
  "good 2",
  "bad 1",
  "wrong good",
  "wrong bad",
  "EXECUTE a",
  "EXECUTE A",
  "",
);
const messages = fc.oneof(
  { weight: 3, arbitrary: texts.map((text) => message("Q", `${text}\0`)) },
  {
    weight: 6,
    arbitrary: fc.tuple(names, texts).map(([name, text]) => message("P", `${name}\0${text}\0`, "\0\0")),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(names, names).map(([p, s]) => message("B", `${p}\0${s}\0`, "\0\0\0\0\0\0")),
  },
  { weight: 6, arbitrary: names.map((name) => message("E", `${name}\0`, "\0\0\0\0")) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom("S", "P"), names).map(([k, n]) => message("C", `${k}${n}\0`)),
  },
  { weight: 4, arbitrary: fc.constant(message("S")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      message("H"),
      message("F", "\0\0\0\x01"),
      message("d", "Q\0\0\0\x05\0"),
      message("c"),
    ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)) },
);
const stream = fc.array(messages, { maxLength: 25 }).map((all) => Buffer.concat(all));
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });

test("nothing runs that was not judged and let through", async () => {
  await fc.assert(
    fc.asyncProperty(stream, cuts, fc.boolean(), async (bytes, pieces, late) => {
      const { ran, judged } = await talk(bytes, pieces, late);
      for (const text of ran.filter((one) => one !== "nothing")) {
        expect(text).not.toContain("bad");
        expect([...judged]).toContain(text);
      }
    }),
    // It is the hang that the limit finds.
    { numRuns: 3000, timeout: 30_000 },
  );
});

test("bytes cut anyhow are the same messages", () => {
  fc.assert(
    fc.property(stream, cuts, fc.integer({ min: 0, max: 50 }), (bytes, pieces, keep) => {
      const cutter = new Cutter(() => keep);
      const out: Buffer[] = [];
      let at = 0;
      try {
        for (const size of [...pieces, bytes.length]) {
          cutter.push(bytes.subarray(at, at + size));
          at += size;
          for (let piece = cutter.next(); piece !== undefined; piece = cutter.next()) out.push(piece.bytes);
        }
      } catch (cause) {
        expect(cause).toBeInstanceOf(BrokenStream);
      }
      const joined = Buffer.concat(out);
      expect(bytes.subarray(0, joined.length).equals(joined)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("what a connection begins with never breaks the reader", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (random) => {
      const bytes = Buffer.from(random);
      isStartup(bytes);
      const client = new PassThrough();
      client.end(bytes);
      const startup = await readStartup(client);
      if (startup !== undefined) expect(bytes.indexOf(startup.bytes)).toBe(0);
    }),
  );
});

const batch = (...texts: readonly string[]) =>
  texts.flatMap((text) => [
    message("P", `\0${text}\0`, "\0\0"),
    message("B", "\0\0", "\0\0\0\0\0\0"),
    message("E", "\0", "\0\0\0\0"),
  ]);

test.each<[string, readonly Buffer[], readonly string[], number]>([
  ["a query", [message("Q", "bad\0"), message("Q", "good\0")], ["good"], 1],
  [
    "a batch from there on",
    [...batch("good 1", "bad", "good 2"), message("S"), ...batch("good 3"), message("S")],
    ["good 1", "good 3"],
    1,
  ],
  [
    "a name that the server kept for another text",
    [
      message("P", "a\0bad\0", "\0\0"),
      message("S"),
      message("P", "a\0good\0", "\0\0"),
      message("S"),
      message("B", "\0a\0", "\0\0\0\0\0\0"),
      message("E", "\0", "\0\0\0\0"),
      message("S"),
    ],
    [],
    1,
  ],
  [
    "a name that SQL runs",
    [message("P", "a\0bad\0", "\0\0"), message("S"), message("Q", "EXECUTE a\0")],
    [],
    1,
  ],
  [
    "what is read in another way since then",
    [message("Q", `${japanese}\0`), message("Q", "good\0")],
    [japanese],
    1,
  ],
  ["the same in one batch", [...batch(japanese, "good"), message("S")], [japanese], 1],
  ["a name that nobody gave", [message("E", "x\0", "\0\0\0\0"), message("S")], [], 1],
  ["a function by its number", [message("F", "\0\0\0\x01"), message("Q", "good\0")], ["good"], 1],
  ["two in one batch, told of once", [...batch("bad 1", "bad 2"), message("S")], [], 1],
])("refused: %s", async (_name, messages, ran, errors) => {
  for (const late of [false, true]) {
    const outcome = await talk(Buffer.concat(messages), [], late);
    expect(outcome.ran).toEqual(ran);
    expect(outcome.said.toString("latin1").split("C42501\0").length - 1).toBe(errors);
  }
});
