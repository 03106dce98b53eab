import { expect, test } from "vitest";
import { LateJudge } from "../../src/commands/late-judge.js";
import { envFrom } from "../../src/model/env.js";
import type { Request } from "../../src/model/judgement.js";
import { readsOf } from "../../src/readers/reach/reads.js";
import { judgeExample } from "../example-judge.js";
import { fakeWorld } from "../fake-world.js";

const world = fakeWorld();
const request: Request = {
  ...{ door: "line", text: "ls", shell: "bash", args: [], cwd: "/" },
  ...{ env: envFrom([]), stdin: { kind: "none" } },
};

test("it is made once, with the first call, however many come at a time", async () => {
  const judgement = await judgeExample("ls");
  let made = 0;
  const late = new LateJudge(async () => {
    made += 1;
    return { judge: async () => judgement, readsOf };
  });
  expect(made).toBe(0);
  const answers = await Promise.all([1, 2, 3].map(() => late.judge(request, world)));
  expect(answers).toEqual([judgement, judgement, judgement]);
  await late.judge(request, world);
  expect(made).toBe(1);
});

test("where it cannot be made, the call hears of it, and the next one tries again", async () => {
  const judgement = await judgeExample("ls");
  let isBroken = true;
  const late = new LateJudge(async () => {
    if (isBroken) throw new Error("too many open files");
    return { judge: async () => judgement, readsOf };
  });
  await expect(late.judge(request, world)).rejects.toThrow("too many open files");
  isBroken = false;
  await expect(late.judge(request, world)).resolves.toBe(judgement);
});

test("nothing is said of what a call reads before any was judged", async () => {
  const late = new LateJudge(() => Promise.reject(new Error("never")));
  const { calls } = await judgeExample("cat a");
  expect(calls).toHaveLength(1);
  for (const call of calls) expect(() => late.readsOf(call, world)).toThrow("nothing was judged yet");
});
