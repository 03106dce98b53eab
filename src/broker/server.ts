import { createServer, type Server, type Socket } from "node:net";
import { Conversation, type Handle, waitFrame } from "./conversation.js";
import { type Limits, systemLimits } from "./limits.js";
import { encodeReply } from "./protocol.js";
import { listenAt } from "./socket-file.js";
import { type VisitorLimits, Visitors } from "./visitors.js";

export interface Listening {
  /** Conversations whose shim waits for a reply. */
  readonly open: ReadonlySet<Conversation>;
  close(): Promise<void>;
}

/** How many callers are borne; left out, what the system allows. */
export interface ListenOptions {
  /** Asked for when many come at once. */
  readonly limits?: () => Limits;
  readonly visitors?: VisitorLimits;
  /** Hears of each caller that was refused because of too many others. */
  readonly onTurnedAway?: () => void;
}

/** Serves shims on a unix socket. Rejects when the socket cannot be made. */
export async function listenSocket(
  path: string,
  handle: Handle,
  options: ListenOptions = {},
): Promise<Listening & { again(): Promise<void>; readonly visitors: Visitors }> {
  const desk = new Desk(handle, options);
  await listenAt(path, desk.server);
  const stopHeart = startHeart(desk.open, () => desk.visitors.beat());
  return {
    open: desk.open,
    visitors: desk.visitors,
    again: () => {
      // Node removes the socket's name with it, so the old one goes first.
      desk.server.close();
      return listenAt(path, desk.renew());
    },
    close: () =>
      new Promise((done) => {
        stopHeart();
        desk.hangUp();
        desk.server.close(() => done());
      }),
  };
}

/** One beat a second for all who wait. */
export function startHeart(open: ReadonlySet<Conversation>, onBeat = () => {}): () => void {
  const heart = setInterval(() => {
    for (const conversation of open) conversation.beat();
    onBeat();
  }, 1000);
  heart.unref();
  return () => clearInterval(heart);
}

/** All who are connected, and how many may be. */
class Desk {
  readonly open = new Set<Conversation>();
  readonly visitors: Visitors;
  server: Server;
  private readonly sockets = new Set<Socket>();
  private limits: Limits | undefined;

  constructor(
    private readonly handle: Handle,
    private readonly options: ListenOptions,
  ) {
    this.visitors = new Visitors(options.visitors, () => options.onTurnedAway?.());
    this.server = this.renew();
  }

  /** A server to listen with, where somebody removed the socket of the one before. Those who are connected go on. */
  renew(): Server {
    this.server = createServer((socket) => this.take(socket));
    this.server.on("drop", () => this.options.onTurnedAway?.());
    return this.server;
  }

  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private take(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    if (this.isFull()) {
      this.turnAway(socket);
      return;
    }
    const conversation = new Conversation(this.handle, (frame, last) => {
      // A caller that reads nothing (stopped, or on purpose) is not written to without end.
      if (last || frame !== waitFrame || socket.writableLength < unread) socket.write(frame);
      if (!last) return;
      hangUp(socket);
      this.visitors.note(conversation);
    });
    this.open.add(conversation);
    this.visitors.come(conversation, () => socket.destroy());
    const end = () => {
      this.open.delete(conversation);
      this.visitors.leave(conversation);
      conversation.close();
    };
    socket.on("data", (chunk) => {
      conversation.push(chunk);
      this.visitors.note(conversation);
    });
    socket.on("error", end);
    socket.on("end", end);
    socket.on("close", end);
  }

  private isFull(): boolean {
    if (this.open.size < few) return false;
    this.limits ??= this.options.limits?.() ?? systemLimits();
    // Past these not even a word is said: the system's own limit is near.
    this.server.maxConnections = this.limits.callers + Math.max(8, Math.floor(this.limits.callers / 8));
    return this.open.size >= this.limits.callers && !this.visitors.makeRoom();
  }

  /** Its call is read and dropped, or it would end on a broken pipe instead of our word. */
  private turnAway(socket: Socket): void {
    this.options.onTurnedAway?.();
    const late = setTimeout(() => socket.destroy(), 2000);
    late.unref();
    socket.on("close", () => clearTimeout(late));
    socket.resume();
    const message =
      "holdpoint: denied: too many commands of this session wait for an answer at once; answer what waits, or run fewer side by side";
    socket.end(encodeReply({ verb: "exit", status: 126, message }));
  }
}

/**
 * What the system has taken the shim will read, whether this end is still open or not. To wait until the shim hangs up as well
 * would keep a descriptor for each that does not, and cost as much again as reading the call.
 */
function hangUp(socket: Socket): void {
  if (socket.writableLength === 0) socket.destroy();
  else socket.destroySoon();
}

/** Below this many callers nobody looks at the limits. */
const few = 8;
/** Bytes that a caller may leave unread before it hears no more beats. */
const unread = 65_536;
