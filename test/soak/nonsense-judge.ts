import { parentPort, workerData } from "node:worker_threads";
import * as v from "valibot";
import { judgeExample } from "../example-judge.js";
import type { Judged } from "./nonsense-watch.js";

// Runs in a thread of its own, which its owner ends when a text takes for ever.
const { progress } = v.parse(v.object({ progress: v.instance(Int32Array) }), workerData);
const texts = v.array(v.string());

parentPort?.on("message", async (message: unknown) => {
  const judged: Judged[] = [];
  for (const [at, text] of v.parse(texts, message).entries()) {
    Atomics.store(progress, 0, at);
    judged.push(await judgeOne(text));
  }
  parentPort?.postMessage(judged);
});

async function judgeOne(text: string): Promise<Judged> {
  const before = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  try {
    const { verdict, errors } = await judgeExample(text);
    return { verdict, errors: errors.length, ms: spent() };
  } catch (cause) {
    return { verdict: "threw", errors: 0, ms: spent(), thrown: String(cause) };
  }
}
