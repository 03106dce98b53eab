import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { Conversation, type Handle, waitFrame } from "./conversation.js";
import { encodePackets, PacketReader } from "./packets.js";
import { type Listening, startHeart } from "./server.js";
import { Visitors } from "./visitors.js";

/** Serves shims that a sandbox keeps from opening a unix socket. The FIFOs `N.in` and `N.out` exist already. */
export function listenFifos(
  directory: string,
  pairs: number,
  handle: Handle,
  visitors = new Visitors(),
): Listening {
  const open = new Set<Conversation>();
  const stopHeart = startHeart(open);
  const list = Array.from(
    { length: pairs },
    (_, at) => new FifoPair(join(directory, String(at)), handle, open, visitors),
  );
  return {
    open,
    close: async () => {
      stopHeart();
      for (const pair of list) pair.close();
    },
  };
}

/** One pair of FIFOs: one shim after another. */
class FifoPair {
  /** Open for reading too: so a shim may open its end first, and none meets an end of file while the broker lives. */
  private readonly outDescriptor: number;
  /** Made with the first answer: most sessions never need one. */
  private outSocket: Socket | undefined;
  /** A reader that stays, while the one in use is renewed: a shim that finds none gives up. */
  private readonly keeper: number;
  private readonly start: NodeJS.Timeout;
  private in: Socket | undefined;
  private current: { readonly tag: string; readonly conversation: Conversation } | undefined;
  private isClosed = false;

  constructor(
    private readonly path: string,
    private readonly handle: Handle,
    private readonly openOnes: Set<Conversation>,
    private readonly visitors: Visitors,
  ) {
    this.outDescriptor = openSync(`${path}.out`, constants.O_RDWR | constants.O_NONBLOCK);
    this.keeper = openSync(`${path}.in`, constants.O_RDONLY | constants.O_NONBLOCK);
    // What comes meanwhile stays in the pipe: the session's command need not wait for eight readers, and may end before them.
    this.start = setTimeout(() => this.listen(), readersDelay);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.start);
    this.endConversation();
    this.in?.destroy();
    if (this.outSocket === undefined) closeSync(this.outDescriptor);
    else this.outSocket.destroy();
    closeSync(this.keeper);
  }

  /** A FIFO's end of file comes when its last writer is gone; then it is opened again for the next one. */
  private listen(): void {
    if (this.isClosed) return;
    const fd = openSync(`${this.path}.in`, constants.O_RDONLY | constants.O_NONBLOCK);
    const socket = new Socket({ fd, readable: true, writable: false });
    const packets = new PacketReader();
    this.in = socket;
    socket.on("data", (chunk) => {
      const list = packets.push(chunk);
      // No shim writes that; what follows cannot be trusted to begin with a packet. Who comes later is not to suffer for it.
      if (list === undefined) socket.destroy();
      else for (const { tag, payload } of list) this.take(tag, payload);
      // Whoever asks on and never reads is heard again once somebody has read.
      if ((this.outSocket?.writableLength ?? 0) > unread) socket.pause();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.endConversation();
      this.listen();
    });
  }

  /** Another tag is another shim: the one before is gone, even if no end of file lay between them. */
  private take(tag: string, payload: Buffer): void {
    if (this.current?.tag !== tag) {
      this.endConversation();
      this.current = { tag, conversation: this.startConversation(tag) };
    }
    const { conversation } = this.current;
    conversation.push(payload);
    this.visitors.note(conversation);
  }

  private startConversation(tag: string): Conversation {
    const conversation = new Conversation(this.handle, (frame, last) => {
      if (this.current?.tag !== tag || this.isClosed) return;
      const out = this.out();
      if (last || frame !== waitFrame || out.writableLength < unread) out.write(encodePackets(tag, frame));
      if (last) this.visitors.note(conversation);
    });
    this.openOnes.add(conversation);
    this.visitors.come(conversation, () => {
      if (this.current?.conversation === conversation) this.endConversation();
    });
    return conversation;
  }

  private out(): Socket {
    if (this.outSocket === undefined) {
      this.outSocket = new Socket({ fd: this.outDescriptor, readable: false, writable: true });
      this.outSocket.on("error", () => this.close());
      this.outSocket.on("drain", () => this.in?.resume());
    }
    return this.outSocket;
  }

  private endConversation(): void {
    const conversation = this.current?.conversation;
    this.current = undefined;
    if (conversation === undefined) return;
    this.openOnes.delete(conversation);
    this.visitors.leave(conversation);
    conversation.close();
  }
}

/** Milliseconds. */
const readersDelay = 15;

/** Bytes of answers that nobody has read. */
const unread = 65_536;
