import { expect, test } from "vitest";
import { createHandle } from "../../src/broker/handle.js";
import type { Evidence, PreviewPort } from "../../src/model/preview.js";
import type { Asker } from "../../src/model/question.js";
import {
  allowOnce,
  fakeBench,
  fakeCaller,
  fakeClock,
  fileDelete,
  judged,
  memoryLog,
  scriptedAsker,
  settle,
  shimCall,
} from "./fakes.js";

// Whatever stands between a verdict and its question may throw, hang or come late: a question or a denial, and the next call goes on.

const rm = shimCall(["rm", "/keep/a"]);
const fail = (): never => {
  throw new Error("broken");
};
const never = new Promise<never>(() => {});
const quiet: Evidence = {
  now: () => ({ found: [], isLooking: false }),
  done: Promise.resolve(),
  stop: () => {},
};

const looks: Readonly<Record<string, PreviewPort["look"]>> = {
  "look throws": fail,
  "now throws": () => ({ ...quiet, now: fail }),
  "stop throws": () => ({ ...quiet, stop: fail }),
  "done rejects": () => ({ ...quiet, done: Promise.reject(new Error("broken")) }),
  "done never comes": () => ({ ...quiet, now: () => ({ found: [], isLooking: true }), done: never }),
};

test.each(Object.entries(looks))(
  "a preview whose %s: the question is put, and its answer counts",
  async (_, look) => {
    const asker = scriptedAsker([allowOnce]);
    const handle = createHandle(fakeBench({ asker, previews: { look } }));
    expect((await handle(rm, fakeCaller())).verb).toBe("exec");
    expect(asker.asked).toHaveLength(1);
    expect((await handle(shimCall(["ls"]), fakeCaller())).verb).toBe("exec");
  },
);

test("a preview that tells of news when all is over", async () => {
  const late: (() => void)[] = [];
  const look: PreviewPort["look"] = (_judgement, onNews) => {
    late.push(onNews);
    return quiet;
  };
  const handle = createHandle(fakeBench({ asker: scriptedAsker([allowOnce]), previews: { look } }));
  expect((await handle(rm, fakeCaller())).verb).toBe("exec");
  for (const tell of late) expect(tell).not.toThrow();
});

const noBackup = { previews: [], missing: undefined };

test.each([
  ["throws", fail],
  ["rejects", () => Promise.reject(new Error("broken"))],
])("evidence of a backup that %s is a denial", async (_, look) => {
  const asker = scriptedAsker([allowOnce]);
  const handle = createHandle(fakeBench({ asker, backups: { look } }));
  expect(await handle(rm, fakeCaller())).toMatchObject({ verb: "exit", status: 126 });
  expect(asker.asked).toEqual([]);
  expect((await handle(shimCall(["ls"]), fakeCaller())).verb).toBe("exec");
});

test("evidence of a backup that never comes is a denial, and one that comes later changes nothing", async () => {
  const clock = fakeClock();
  const asker = scriptedAsker([allowOnce]);
  let come = (_: typeof noBackup) => {};
  const look = () => new Promise<typeof noBackup>((resolve) => (come = resolve));
  const reply = createHandle(fakeBench({ asker, backups: { look }, clock }))(rm, fakeCaller());
  await settle();
  await clock.advance(61_000);
  expect(await reply).toMatchObject({ verb: "exit", status: 126 });
  come(noBackup);
  await settle();
  expect(asker.asked).toEqual([]);
});

test.each([
  ["throws", fail, "exit"],
  ["rejects", () => Promise.reject(new Error("broken")), "exit"],
  ["never comes back", () => never, "exec"],
] as const)("an alert that %s: denied, or asked all the same", async (_, tell, verb) => {
  const clock = fakeClock();
  const asker = scriptedAsker([allowOnce]);
  const alerts = { unsettled: undefined, tell };
  const judge = () => judged("ask", [fileDelete("/keep/a", { bounds: "outside" })]);
  const reply = createHandle(fakeBench({ asker, alerts, clock, judge }))(rm, fakeCaller());
  await settle();
  await clock.advance(6000);
  await settle();
  await clock.advance(6000);
  expect((await reply).verb).toBe(verb);
});

test("a terminal that throws at once is a denial, and the next question is put", async () => {
  const log = memoryLog();
  const answers: Asker["ask"][] = [fail, async () => allowOnce];
  const asker: Asker = { ask: (...all) => (answers.shift() ?? fail)(...all) };
  const handle = createHandle(fakeBench({ asker, log }));
  expect((await handle(rm, fakeCaller())).verb).toBe("exit");
  expect((await handle(shimCall(["rm", "/keep/b"]), fakeCaller())).verb).toBe("exec");
});
