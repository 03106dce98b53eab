import { chmodSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { ControlDesk, ControlOptions } from "./control-desk.js";
import type { Questions } from "./questions.js";
import { sparing } from "./sparing.js";

/**
 * Serves other terminals on a socket of its own: they see what waits, and answer. Rejects when the socket cannot be made.
 * What it takes is loaded when the first one comes: most sessions never see any.
 */
export function listenControl(
  path: string,
  questions: Questions | undefined,
  options: ControlOptions,
): Promise<{ close(): Promise<void> }> {
  /** In the order in which they came. */
  const sockets = new Map<Socket, ControlDesk | undefined>();
  const alert = sparing(options.alert);
  const server = createServer((socket) => {
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
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      server.on("error", () => {});
      chmodSync(path, 0o600);
      resolve({
        close: () =>
          new Promise((done) => {
            for (const socket of sockets.keys()) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}

/** More than anybody has terminals. An agent's program that opens many pushes out others that were not let in, its own first. */
const mostSockets = 256;
