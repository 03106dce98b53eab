import { parentPort, workerData } from "node:worker_threads";
import * as v from "valibot";
import type { Decision } from "../../src/model/rule.js";
import { parseText } from "../../src/shell/parse.js";
import { judgeExample } from "../example-judge.js";
import type { Judged } from "./nonsense-watch.js";

// Runs in a thread of its own, which its owner ends when a text takes for ever.
const { progress } = v.parse(v.object({ progress: v.instance(Int32Array) }), workerData);
const asked = v.object({ texts: v.array(v.string()), parts: v.boolean() });

parentPort?.on("message", async (message: unknown) => {
  const judged: Judged[] = [];
  const { texts, parts } = v.parse(asked, message);
  for (const [at, text] of texts.entries()) {
    Atomics.store(progress, 0, at);
    judged.push(await judgeOne(text, parts));
  }
  parentPort?.postMessage(judged);
});

async function judgeOne(text: string, parts: boolean): Promise<Judged> {
  const before = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  try {
    const { verdict, errors } = await judgeExample(text);
    const ms = spent();
    const looser = parts ? await findLooser(text, verdict) : undefined;
    return { verdict, errors: errors.length, ms, ...(looser !== undefined && { looser }) };
  } catch (cause) {
    return { verdict: "threw", errors: 0, ms: spent(), thrown: String(cause) };
  }
}

/**
 * A part that is judged more strictly than the whole. Bash runs what stands on the lines before the damage, and of a text that it
 * reads to its end each statement: so neither may a destructive line in front of it, nor its own first statements.
 */
async function findLooser(text: string, verdict: Decision): Promise<string | undefined> {
  const below = `/bin/rm -rf /srv/data\n${text}`;
  if ((await judgeExample(below)).verdict === "allow") return below;
  const { commands } = parseText(text).script;
  // A here-document's lines stand behind its statement.
  if (commands.length < 2 || text.includes("<<")) return undefined;
  const part = text.slice(0, commands.at(-2)?.end);
  const alone = (await judgeExample(part)).verdict;
  return strictness[alone] > strictness[verdict] ? part : undefined;
}

const strictness: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 };
