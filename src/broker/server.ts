import { chmodSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { Conversation, type Handle } from "./conversation.js";
import { Visitors } from "./visitors.js";

export interface Listening {
  /** Conversations whose shim waits for a reply. */
  readonly open: ReadonlySet<Conversation>;
  close(): Promise<void>;
}

/**
 * Serves shims on a unix socket. The folder around it is 0700 already; the mode of the socket itself is for systems that
 * look at it. Rejects when the socket cannot be made.
 */
export function listenSocket(path: string, handle: Handle): Promise<Listening> {
  const open = new Set<Conversation>();
  const sockets = new Set<Socket>();
  const visitors = new Visitors();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, handle, open, visitors);
    socket.on("close", () => sockets.delete(socket));
  });
  const stopHeart = startHeart(open, () => visitors.beat());
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, backlog: 1024 }, () => {
      server.off("error", reject);
      // An accept that fails (too many open files) costs that one shim its verdict, not the others theirs.
      server.on("error", () => {});
      chmodSync(path, 0o600);
      resolve({
        open,
        close: () =>
          new Promise((done) => {
            stopHeart();
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
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

function serve(socket: Socket, handle: Handle, open: Set<Conversation>, visitors: Visitors): void {
  const conversation = new Conversation(handle, (frame, last) => {
    if (last) socket.end(frame);
    else socket.write(frame);
    if (!last) return;
    // Closed as soon as all is on its way; who never reads a long answer is dropped later.
    socket.destroySoon();
    visitors.note(conversation);
  });
  open.add(conversation);
  visitors.come(conversation, () => socket.destroy());
  const end = () => {
    open.delete(conversation);
    visitors.leave(conversation);
    conversation.close();
  };
  socket.on("data", (chunk) => {
    conversation.push(chunk);
    visitors.note(conversation);
  });
  socket.on("error", end);
  socket.on("end", end);
  socket.on("close", end);
}
