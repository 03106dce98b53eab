import { chmodSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { ControlOptions } from "./control-desk.js";
import type { Questions } from "./questions.js";

/**
 * Serves other terminals on a socket of its own: they see what waits, and answer. Rejects when the socket cannot be made.
 * What it takes is loaded when the first one comes: most sessions never see any.
 */
export function listenControl(
  path: string,
  questions: Questions | undefined,
  options: ControlOptions,
): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    import("./control-desk.js").then(
      ({ ControlDesk }) => new ControlDesk(socket, questions, options),
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
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}
