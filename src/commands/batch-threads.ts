import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
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
  return {
    async answer(requests, isNewMoment) {
      const job: ThreadJob = { requests, isNewMoment };
      thread.postMessage(job);
      const [answers] = await once(thread, "message");
      return answers;
    },
    close: () => thread.terminate(),
  };
}
