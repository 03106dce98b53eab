import * as v from "valibot";
import { createJudge, type Judge } from "../judge.js";
import { jsonText } from "../model/json-text.js";
import type { World } from "../model/world.js";
import { rememberBriefly } from "../world/brief-memory.js";
import type { Lane } from "./batch.js";
import { judgementJson } from "./judgement-json.js";
import type { Loaded } from "./knowledge.js";
import { lineRequest } from "./line-request.js";

const batchLine = v.object({
  line: v.string(),
  id: v.optional(v.union([v.string(), v.number()])),
  cwd: v.optional(v.string()),
  env: v.optional(v.record(v.string(), v.string())),
  stdin: v.optional(v.string()),
});

/** What a request leaves out. */
export interface LaneDefaults {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Judges on this thread. A request that is none gets `{"error"}` in its place. */
export function openLane(loaded: Loaded, world: World, defaults: LaneDefaults): Lane {
  const judge = createJudge(loaded.policy, loaded.table);
  const memory = rememberBriefly(world);
  // Histories and corpora repeat themselves: one line in six of those in `bench`.
  const answered = new Map<string, string>();
  let since = Date.now();
  return {
    async answer(requests, isNewMoment) {
      if (isNewMoment || Date.now() - since > longestMoment) {
        memory.forget();
        answered.clear();
        since = Date.now();
      }
      const answers: string[] = [];
      for (const request of requests) {
        const answer =
          answered.get(request) ?? jsonText(await answerOne(request, judge, memory.world, defaults));
        answered.set(request, answer);
        answers.push(answer);
      }
      return answers;
    },
    close: async () => {},
  };
}

/** Milliseconds that many requests are about what one moment looks like, not about thousands of looks at the same folders. */
const longestMoment = 5000;

async function answerOne(text: string, judge: Judge, world: World, defaults: LaneDefaults): Promise<unknown> {
  const request = readRequest(text);
  if ("error" in request) return request;
  const { line, id, cwd, env, stdin } = request;
  const named = id === undefined ? undefined : String(id);
  try {
    const judgement = await judge(
      lineRequest({ line, cwd: cwd ?? defaults.cwd, env: env ?? defaults.env, stdin }),
      world,
    );
    return judgementJson(judgement, line, named);
  } catch (cause) {
    // One line that is too much for the judge is no answer for all the others.
    const error = `it could not be judged: ${cause instanceof Error ? cause.message : cause}`;
    return { ...(named === undefined ? {} : { id: named }), error };
  }
}

function readRequest(text: string): v.InferOutput<typeof batchLine> | { readonly error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: "not JSON" };
  }
  const checked = v.safeParse(batchLine, value);
  return checked.success
    ? checked.output
    : { error: v.flatten(checked.issues).root?.[0] ?? checked.issues[0].message };
}
