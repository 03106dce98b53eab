import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { WireAnswer } from "../../model/wire.js";
import type { Backend } from "./backend.js";
import { denial } from "./denial.js";
import { BrokenStream, bodyOf, Cutter, message, type Piece, readStrings } from "./frame.js";
import type { Inbound } from "./inbound.js";
import type { Replies } from "./replies.js";
import { changesReading, readsOtherwise } from "./spelling.js";
import { Names, type Text } from "./statements.js";

/** The client's side of one session, after its greeting. */
export interface FrontendOptions {
  readonly inbound: Inbound;
  readonly server: Duplex;
  readonly replies: Replies;
  readonly backend: Backend;
  /** `unread`: why the text is not known, or not all of what the server would make of it. */
  readonly judge: (text: Buffer, unread: string | undefined) => Promise<Verdict>;
}

/** `cancelled`: the client itself withdrew the statement while it waited for the verdict. */
export type Verdict = WireAnswer & { readonly cancelled?: boolean };

/** What a client says in a session, on the way to the server: each statement is judged when it would run, and goes on only then. */
export class Frontend {
  private readonly cutter = new Cutter((type) => keep.get(type) ?? 0);
  private readonly statements = new Names();
  private readonly portals = new Names();
  private out: Buffer[] = [];
  /** The batch was refused: nothing of it goes on before its Sync. */
  private isSkipping = false;
  /** The rest of a refused message is not passed on. */
  private isDropping = false;
  private isInBatch = false;
  /** What ran may have changed how texts are read; the server has not told yet. */
  private isUnsettled = false;

  constructor(private readonly options: FrontendOptions) {}

  /** Until the client is over. Throws where what it says is no stream of messages. */
  async run(): Promise<void> {
    const { inbound, server } = this.options;
    for (let chunk = await inbound.next(); chunk !== undefined; chunk = await inbound.next()) {
      this.cutter.push(chunk);
      for (let piece = this.cutter.next(); piece !== undefined; piece = this.cutter.next()) {
        const work = this.read(piece);
        if (work !== undefined) await work;
      }
      await this.flush();
    }
    server.end();
  }

  private read(piece: Piece): Promise<void> | undefined {
    const { replies } = this.options;
    const { type } = piece;
    if (!piece.isStart) {
      if (!this.isDropping) this.out.push(piece.bytes);
      return undefined;
    }
    this.isDropping = false;
    if (this.isSkipping && type !== "S" && type !== "X") {
      this.isDropping = true;
      return undefined;
    }
    switch (type) {
      case "Q":
        return this.query(piece);
      case "E":
        return this.execute(piece);
      case "F":
        return this.call(piece);
      case "P":
        this.parse(piece);
        break;
      case "B":
        this.bind(piece);
        break;
      case "C":
        this.close(piece);
        break;
      case "S":
        this.isSkipping = false;
        this.isInBatch = false;
        this.statements.endBatch();
        this.portals.endBatch();
        replies.sent({ type });
        break;
      case "D":
      case "c":
      case "f":
        replies.sent({ type });
        break;
      default:
      // COPY's rows, passwords, Flush, the end: nothing of it runs.
    }
    this.out.push(piece.bytes);
    return undefined;
  }

  private async query(piece: Piece): Promise<void> {
    const text = textOf(bodyOf(piece), piece);
    const runs = text === undefined ? [] : this.statements.mentioned(text.toString("latin1"));
    const verdict = await this.judgeAll([textFrom(text), ...runs], piece);
    if (verdict.allowed) this.pass(piece);
    else await this.refuse(piece, verdict, true);
  }

  private async execute(piece: Piece): Promise<void> {
    this.isInBatch = true;
    const [name] = stringsOf(piece, 1);
    const texts = this.portals.find(name);
    const runs = texts.flatMap((text) => (text === undefined ? [] : this.statements.mentioned(text)));
    const verdict = await this.judgeAll([...texts, ...runs], piece);
    if (verdict.allowed) {
      this.pass(piece);
      return;
    }
    this.isSkipping = true;
    await this.refuse(piece, verdict, false);
  }

  private async call(piece: Piece): Promise<void> {
    const verdict = await this.options.judge(none, "it calls a function by its number");
    if (verdict.allowed) this.pass(piece);
    else await this.refuse(piece, verdict, true);
  }

  private parse(piece: Piece): void {
    const body = bodyOf(piece);
    const strings = readStrings(body, 2);
    // Of one that is too long to be read no name is known but the first.
    const [name] = strings === undefined ? stringsOf(piece, 1) : [latin(strings[0])];
    const text = strings === undefined || !piece.isEnd ? undefined : latin(strings[1]);
    this.propose(this.statements, "P", name, [text]);
  }

  private bind(piece: Piece): void {
    const [portal, statement] = stringsOf(piece, 2);
    this.propose(this.portals, "B", portal, this.statements.find(statement));
  }

  private close(piece: Piece): void {
    const [name] = stringsOf(piece, 1, 1);
    const names = bodyOf(piece)[0] === statementKind ? this.statements : this.portals;
    this.options.replies.sent({ type: "C", settle: (isDone) => isDone && names.remove(name) });
  }

  private propose(names: Names, type: string, name: string, texts: readonly Text[]): void {
    names.propose(name, texts);
    this.options.replies.sent({ type, settle: (isDone) => names.settle(name, isDone) });
  }

  private pass(piece: Piece): void {
    this.options.replies.sent({ type: piece.type });
    this.out.push(piece.bytes);
  }

  /** The strictest of what may run. */
  private async judgeAll(texts: readonly Text[], piece: Piece): Promise<Verdict> {
    // What came before may have to be answered first, whoever is asked about this.
    await this.flush();
    if (this.isUnsettled) this.isUnsettled = await this.settle();
    const doubt = this.doubt(piece);
    for (const text of new Set(texts)) {
      const verdict =
        text === undefined
          ? await this.options.judge(none, doubt ?? "it runs what was prepared out of sight")
          : await this.options.judge(Buffer.from(text, "latin1"), doubt);
      if (!verdict.allowed) return verdict;
      if (text !== undefined && changesReading.test(text)) this.isUnsettled = true;
    }
    return { allowed: true };
  }

  /** Waits for all that the server owes. Whether it is within a batch: only at its end it tells what its settings became. */
  private async settle(): Promise<boolean> {
    const { replies } = this.options;
    if (replies.wantsFlush) this.out.push(message("H"));
    await this.flush();
    await replies.done();
    return this.isInBatch;
  }

  /** Why the text alone does not say what runs. */
  private doubt(piece: Piece): string | undefined {
    if (piece.type === "Q" && !piece.isEnd) return "it is longer than 64 MiB";
    if (this.isUnsettled) return "what ran before it may have changed how it is read";
    return readsOtherwise(this.options.backend.settings);
  }

  /** An answer in the server's place, behind all that it owes. `isWhole`: what was refused is answered to its end. */
  private async refuse(
    piece: Piece,
    verdict: Verdict & { readonly allowed: false },
    isWhole: boolean,
  ): Promise<void> {
    const { replies, backend } = this.options;
    this.isDropping = !piece.isEnd;
    await this.settle();
    // It failed before that, and the client hears of one error.
    if (replies.isOverlooking) return;
    const parts = [denial(verdict)];
    if (isWhole) parts.push(message("Z", replies.status));
    backend.insert(Buffer.concat(parts));
  }

  private async flush(): Promise<void> {
    const { server } = this.options;
    if (this.out.length === 0) return;
    const [only] = this.out;
    const bytes = this.out.length === 1 && only !== undefined ? only : Buffer.concat(this.out);
    this.out = [];
    if (!server.write(bytes) && !server.destroyed) await once(server, "drain");
  }
}

const none = Buffer.alloc(0);
const statementKind = "S".charCodeAt(0);
const megabyte = 1024 * 1024;

/** Bytes of the messages that are looked into. Of Bind the names, and its parameters pass as they come. */
const keep: ReadonlyMap<string, number> = new Map([
  ["Q", 64 * megabyte],
  ["P", 64 * megabyte],
  ["B", 64 * 1024],
  ["C", 64 * 1024],
  ["E", 64 * 1024],
]);

/** Bytes are kept one by one: names and texts are compared, and turned back. */
function latin(bytes: Buffer | undefined): string {
  return bytes?.toString("latin1") ?? "";
}

function stringsOf(piece: Piece, count: number, from = 0): readonly [string, string] {
  const strings = readStrings(bodyOf(piece).subarray(from), count);
  if (strings === undefined) throw new BrokenStream(`a message ${piece.type} without its names`);
  return [latin(strings[0]), latin(strings[1])];
}

/** Just what the server would take: a text, its end, and nothing behind it. Undefined: not all of it is there. */
function textOf(body: Buffer, piece: Piece): Buffer | undefined {
  if (!piece.isEnd) return undefined;
  if (body.indexOf(0) !== body.length - 1) throw new BrokenStream("a query without its end");
  return body.subarray(0, -1);
}

function textFrom(text: Buffer | undefined): Text {
  return text?.toString("latin1");
}
