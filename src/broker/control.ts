import { createServer, type Socket } from "node:net";
import type { ControlDesk, ControlOptions } from "./control-desk.js";
import type { Questions } from "./questions.js";
import { listenAt } from "./socket-file.js";
import { sparing } from "./sparing.js";

/**
 * Serves other terminals on a socket of its own: they see what waits, and answer. Rejects when the socket cannot be made.
 * What it takes is loaded when the first one comes: most sessions never see any. `again`: on a new socket.
 */
export async function listenControl(
  path: string,
  questions: Questions | undefined,
  options: ControlOptions,
): Promise<{ again(): Promise<void>; close(): Promise<void> }> {
  /** In the order in which they came. */
  const sockets = new Map<Socket, ControlDesk | undefined>();
  const alert = sparing(options.alert);
  const take = (socket: Socket) => {
    sockets.set(socket, undefined);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    if (sockets.size > mostSockets) [...sockets].find(([, desk]) => desk?.isWelcome !== true)?.[0].destroy();
    import("./control-desk.js").then(
      ({ ControlDesk }) => {
        if (!socket.destroyed) sockets.set(socket, new ControlDesk(socket, questions, { ...options, alert }));
      },
      () => socket.destroy(),
    );
  };
  let server = createServer(take);
  await listenAt(path, server);
  return {
    again: () => {
      // Node removes the socket's name with it, so the old one goes first.
      server.close();
      server = createServer(take);
      return listenAt(path, server);
    },
    close: () =>
      new Promise((done) => {
        for (const socket of sockets.keys()) socket.destroy();
        server.close(() => done());
      }),
  };
}

/** More than anybody has terminals. An agent's program that opens many pushes out others that were not let in, its own first. */
const mostSockets = 256;
