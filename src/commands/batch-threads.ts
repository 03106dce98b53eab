import { on, once } from "node:events";
import { join } from "node:path";
import { type MessagePort, Worker } from "node:worker_threads";
import type { Lane } from "./batch.js";
import type { Places } from "./places.js";

export interface ThreadJob {
  readonly requests: readonly string[];
  readonly isNewMoment: boolean;
}

/** A lane on a thread of its own, once that is ready. Rejects when the thread ends before its answer. */
export async function openThread(
  places: Places,
  data: { readonly cwd: string; readonly config: string | undefined; readonly scope: string | undefined },
): Promise<Lane> {
  const thread = new Worker(join(places.packageRoot, "dist", "batch-thread.js"), { workerData: data });
  await once(thread, "message");
  // It answers in the order in which it is asked.
  const asked: {
    readonly done: (answers: readonly string[]) => void;
    readonly fail: (why: unknown) => void;
  }[] = [];
  const end = (why: unknown) => {
    for (const { fail } of asked.splice(0)) fail(why);
  };
  thread.on("message", (answers) => asked.shift()?.done(answers));
  thread.on("error", end);
  thread.on("exit", () => end(new Error("a thread ended before its answer")));
  return {
    answer: (requests, isNewMoment) =>
      new Promise((done, fail) => {
        asked.push({ done, fail });
        const job: ThreadJob = { requests, isNewMoment };
        thread.postMessage(job);
      }),
    close: () => thread.terminate(),
  };
}

/** The thread's side: says that it is ready, then answers job by job, for good. */
export async function serveJobs(port: MessagePort, lane: Lane): Promise<void> {
  // One after the other, also where a line waits for PostgreSQL's parser: the answers are told apart by their order alone.
  const jobs = on(port, "message");
  port.postMessage("ready");
  for await (const [job] of jobs) {
    const { requests, isNewMoment }: ThreadJob = job;
    port.postMessage(await lane.answer(requests, isNewMoment));
  }
}
