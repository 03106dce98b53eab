import { encodeFrame } from "../model/frame.js";
import {
  encodeReply,
  FrameReader,
  parseCall,
  parseMoved,
  parseStdin,
  type Reply,
  type ShimCall,
  type StdinAnswer,
} from "./protocol.js";

/** The shim at the other end, while its call is being decided. */
export interface Caller {
  /** Fires when the shim is gone: nobody is left to answer. */
  readonly gone: AbortSignal;
  /** Reads descriptor 0 of the shim, once a call; of a file once more, when a human has answered. */
  readStdin(capBytes: number, milliseconds: number): Promise<StdinAnswer>;
  /**
   * Has the caller rename things, with its own rights and from where it stands. For each 0, or the system's errno; undefined
   * when the caller went away meanwhile, and nobody knows. Left out: it cannot.
   */
  move?(moves: readonly Move[]): Promise<readonly number[] | undefined>;
  /** Has the caller print on its standard output. */
  print?(text: string): void;
  /** Tells it that someone is still at work on its call. */
  beat?(): void;
}

/** `from` as the caller names it. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Decides a call. One that rejects is a denial, too. */
export type Handle = (call: ShimCall, caller: Caller) => Promise<Reply>;

/** What both transports give: bytes out. `last`: nothing follows. */
export type Send = (frame: Buffer, last: boolean) => void;

/** One shim's call from its first byte to the reply. A class, for it lives as long as the connection. */
export class Conversation implements Caller {
  private readonly frames = new FrameReader();
  private said = 0;
  /** Made when somebody wants to know: most calls are answered at once, and a signal is dear. */
  private goneController: AbortController | undefined;
  private state: "calling" | "deciding" | "done" = "calling";
  private stdinWaiting: ((answer: StdinAnswer) => void) | undefined;
  private stdinAsked = 0;
  private moveWaiting: ((codes: readonly number[] | undefined) => void) | undefined;

  constructor(
    private readonly handle: Handle,
    private readonly send: Send,
  ) {}

  get gone(): AbortSignal {
    this.goneController ??= new AbortController();
    return this.goneController.signal;
  }

  get isDeciding(): boolean {
    return this.state === "deciding";
  }

  /** Whether its whole call has come. */
  get isHeard(): boolean {
    return this.state !== "calling";
  }

  /** The reply was given, or the caller is gone. */
  get isDone(): boolean {
    return this.state === "done";
  }

  /** Bytes that were said and are kept until the answer. */
  get held(): number {
    return this.isDone ? 0 : this.said;
  }

  push(chunk: Buffer): void {
    if (this.state === "done") return;
    this.said += chunk.length;
    const frames = this.frames.push(chunk);
    if (frames === undefined) this.refuse("a frame over the limit of 16 MB");
    else for (const frame of frames) this.take(frame);
  }

  /** The shim hung up. */
  close(): void {
    // After the reply it is the way every call ends, and an abort is dear.
    if (this.state === "done") return;
    this.leave();
    this.stdinWaiting?.({ state: "none", bytes: Buffer.alloc(0) });
    this.stdinWaiting = undefined;
    this.moveWaiting?.(undefined);
    this.moveWaiting = undefined;
  }

  /** Denies before there is a verdict. */
  refuse(reason: string): void {
    if (this.state === "done") return;
    this.leave();
    const message = `holdpoint: denied: ${reason}`.replaceAll("\0", "?");
    this.send(encodeReply({ verb: "exit", status: 126, message }), true);
  }

  /** Tells the shim that someone is still at work on it. */
  beat(): void {
    if (this.state === "deciding") this.send(waitFrame, false);
  }

  readStdin(capBytes: number, milliseconds: number): Promise<StdinAnswer> {
    if (this.stdinAsked === 2 || this.stdinWaiting !== undefined || this.state !== "deciding")
      return Promise.resolve({ state: "none", bytes: Buffer.alloc(0) });
    this.stdinAsked += 1;
    return new Promise((resolve) => {
      this.stdinWaiting = resolve;
      this.send(encodeFrame(["stdin", String(capBytes), String(milliseconds)]), false);
    });
  }

  async move(moves: readonly Move[]): Promise<readonly number[] | undefined> {
    const codes: number[] = [];
    for (const part of cutMoves(moves)) {
      const done = await this.movePart(part);
      if (done === undefined) return undefined;
      codes.push(...done);
      // What was not tried is where it was, too.
      if (done.length !== part.length || done.some((code) => code !== 0)) break;
    }
    return codes;
  }

  private movePart(moves: readonly Move[]): Promise<readonly number[] | undefined> {
    if (this.state !== "deciding" || this.moveWaiting !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.moveWaiting = resolve;
      const names = moves.flatMap(({ from, to }) => [from, to]);
      this.send(encodeFrame(["move", String(moves.length), ...names]), false);
    });
  }

  print(text: string): void {
    for (let at = 0; at < text.length && this.state === "deciding"; at += printed)
      this.send(encodeFrame(["print", text.slice(at, at + printed)]), false);
  }

  private leave(): void {
    this.state = "done";
    this.frames.stop();
    // Who asks from now on gets a signal that has fired.
    this.goneController ??= new AbortController();
    this.goneController.abort();
  }

  private take(frame: Buffer): void {
    if (this.state === "calling") this.begin(frame);
    else if (this.moveWaiting !== undefined) this.takeMoved(frame, this.moveWaiting);
    else if (this.state === "deciding") this.takeStdin(frame);
  }

  private takeMoved(frame: Buffer, resolve: (codes: readonly number[] | undefined) => void): void {
    this.moveWaiting = undefined;
    const codes = parseMoved(frame);
    if ("malformed" in codes) this.refuse(codes.malformed);
    resolve("malformed" in codes ? undefined : codes);
  }

  private takeStdin(frame: Buffer): void {
    const resolve = this.stdinWaiting;
    const answer = resolve === undefined ? { malformed: "a frame nobody asked for" } : parseStdin(frame);
    if ("malformed" in answer) {
      this.refuse(answer.malformed);
    } else {
      this.stdinWaiting = undefined;
      resolve?.(answer);
    }
  }

  private begin(frame: Buffer): void {
    const call = parseCall(frame);
    if ("malformed" in call) {
      this.refuse(call.malformed);
      return;
    }
    this.state = "deciding";
    // A long text takes its time even where nothing is looked at.
    if (frame.length > longCall) this.beat();
    this.handle(call, this).then(
      (reply) => this.reply(reply),
      (cause: unknown) => this.refuse(`the broker failed: ${describe(cause)}`),
    );
    // What is not answered by then waits for something.
    setImmediate(beatOf, this);
  }

  private reply(reply: Reply): void {
    if (this.state !== "deciding") return;
    try {
      const frame = encodeReply(reply);
      this.state = "done";
      this.frames.stop();
      this.send(frame, true);
    } catch (cause) {
      this.state = "deciding";
      this.refuse(`the reply cannot be written: ${describe(cause)}`);
    }
  }
}

/** A frame has its limit, and a caller that renames ten thousand things is to be heard of in between. */
function cutMoves(moves: readonly Move[]): readonly (readonly Move[])[] {
  return Array.from({ length: Math.ceil(moves.length / movedAtOnce) }, (_, at) =>
    moves.slice(at * movedAtOnce, (at + 1) * movedAtOnce),
  );
}

/** Each with two paths of at most 4096 bytes. */
const movedAtOnce = 1000;

/** Bytes; an environment alone is seldom half of that. */
const longCall = 64 * 1024;

function beatOf(conversation: Conversation): void {
  conversation.beat();
}

/** Characters: as bytes they stay below a frame's limit of 1 MiB. */
const printed = 256 * 1024;

/** The one frame that may be left out. */
export const waitFrame = encodeFrame(["wait"]);

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
