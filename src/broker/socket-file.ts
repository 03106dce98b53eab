import { chmodSync } from "node:fs";
import type { Server } from "node:net";

/**
 * Listens on a unix socket. The folder around it is 0700 already; the mode of the socket itself is for systems that look at
 * it. Rejects when it cannot be made.
 */
export function listenAt(path: string, server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, backlog: 1024 }, () => {
      server.off("error", reject);
      // An accept that fails (too many open files) costs that one caller its answer, not the others theirs.
      server.on("error", () => {});
      chmodSync(path, 0o600);
      resolve();
    });
  });
}
