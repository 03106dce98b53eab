import { parentPort } from "node:worker_threads";
import { lookThrough } from "../credentials/scan.js";
import type { SecondJob } from "../credentials/second-thread.js";

// One more thread of `holdpoint credentials`: files come in as messages, what was found in them goes back.
parentPort?.on("message", ({ files, since }: SecondJob) => {
  parentPort?.postMessage(lookThrough(files, since));
});
