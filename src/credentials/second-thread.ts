import { Worker } from "node:worker_threads";
import type { Looked } from "./scan.js";
import type { WalkedFile } from "./walk.js";

/** A thread that looks through files for credentials. */
export interface Second {
  /** Rejects when the thread has ended. */
  look(files: readonly WalkedFile[], since: number | undefined): Promise<Looked>;
  close(): void;
}

export interface SecondJob {
  readonly files: readonly WalkedFile[];
  readonly since: number | undefined;
}

/** `program`: what the thread runs, built from `commands/credential-thread.ts`. It answers in the order of the questions. */
export function openSecond(program: string): Second {
  const thread = new Worker(program);
  const waiting: { readonly resolve: (looked: Looked) => void; readonly reject: (why: Error) => void }[] = [];
  let ended: Error | undefined;
  const end = (why: Error): void => {
    ended ??= why;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  thread.on("message", (looked: Looked) => waiting.shift()?.resolve(looked));
  thread.on("error", end);
  thread.on("exit", () => end(new Error("the thread has ended")));
  return {
    look: (files, since) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ resolve, reject });
        const job: SecondJob = { files, since };
        thread.postMessage(job);
      }),
    close: () => void thread.terminate(),
  };
}
