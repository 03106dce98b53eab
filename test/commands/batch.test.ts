import { on } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { answerBatch, type Lane } from "../../src/commands/batch.js";
import { serveJobs } from "../../src/commands/batch-threads.js";

/** Answers after a while with its own name behind each request. */
function fakeLane(name: string, milliseconds: number, closed: string[] = []): Lane {
  return {
    async answer(requests) {
      await sleep(milliseconds);
      return requests.map((request) => `${request}@${name}`);
    },
    close: async () => closed.push(name),
  };
}

async function run(input: AsyncIterable<string | Uint8Array>, openLane: () => Promise<Lane>, moreLanes = 1) {
  const written: string[] = [];
  const closed: string[] = [];
  const here = fakeLane("here", 0, closed);
  await answerBatch({ input, write: async (text) => void written.push(text), here, openLane, moreLanes });
  return { written, closed };
}

async function* chunks(...all: readonly (string | Uint8Array)[]) {
  yield* all;
}

const none = (): Promise<Lane> => Promise.reject(new Error("no lane was wanted"));
const bytes = Buffer.from("ä\n");

test.each<[string, readonly (string | Uint8Array)[], readonly string[]]>([
  ["whole lines", ["a\nb\n"], ["a@here\nb@here\n"]],
  ["each chunk is answered before the next is waited for", ["a\n", "b\n"], ["a@here\n", "b@here\n"]],
  ["a line in two chunks", ["a", "b\nc\n"], ["ab@here\nc@here\n"]],
  ["a character in two chunks", [bytes.subarray(0, 1), bytes.subarray(1)], ["ä@here\n"]],
  ["no line feed at the end", ["a\nb"], ["a@here\n", "b@here\n"]],
  ["empty lines", ["\n \na\n\r\n"], ["a@here\n"]],
  ["nothing", [], []],
])("%s", async (_, input, expected) => {
  expect((await run(chunks(...input), none)).written).toEqual(expected);
});

test("with much to do another lane joins; the order stays, and every lane is closed", async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `${index}`);
  const closed: string[] = [];
  async function* slowly() {
    for (let at = 0; at < lines.length; at += 500) {
      yield `${lines.slice(at, at + 500).join("\n")}\n`;
      await sleep(5);
    }
  }
  const ended = await run(slowly(), async () => fakeLane("there", 1, closed), 2);
  const answers = ended.written.join("").trimEnd().split("\n");
  expect(answers.map((answer) => answer.split("@")[0])).toEqual(lines);
  expect(new Set(answers.map((answer) => answer.split("@")[1]))).toEqual(new Set(["here", "there"]));
  expect([...ended.closed, ...closed]).toEqual(["here", "there", "there"]);
});

test("few requests at once are a moment of their own; many that come together need not be", async () => {
  const moments: (readonly [number, boolean])[] = [];
  const here: Lane = {
    answer(requests, isNewMoment) {
      moments.push([requests.length, isNewMoment]);
      return Promise.resolve(requests);
    },
    close: async () => {},
  };
  const input = chunks("a\n", "b\n".repeat(100), "c\n");
  await answerBatch({ input, write: async () => {}, here, openLane: none, moreLanes: 0 });
  expect(moments).toEqual([
    [1, true],
    [64, false],
    [36, false],
    [1, true],
  ]);
});

test("a lane that cannot be had is done without; one that breaks ends the batch", async () => {
  const input = () => chunks(...Array.from({ length: 20 }, () => `${"x\n".repeat(200)}`));
  expect((await run(input(), none)).written.join("").split("\n").length).toBe(4001);
  const broken: Lane = { answer: () => Promise.reject(new Error("broken")), close: async () => {} };
  await expect(run(input(), async () => broken)).rejects.toThrow("broken");
});

test("a thread gets through with one job before it begins the next, whatever that one waits for", async () => {
  const { port1, port2 } = new MessageChannel();
  const slowFirst: Lane = {
    async answer(requests) {
      if (requests[0] === "a") await sleep(50);
      return requests;
    },
    close: async () => {},
  };
  void serveJobs(port2, slowFirst);
  const said: unknown[] = [];
  for (const request of ["a", "b"]) port1.postMessage({ requests: [request], isNewMoment: false });
  for await (const [message] of on(port1, "message")) if (said.push(message) === 3) break;
  port1.close();
  expect(said).toEqual(["ready", ["a"], ["b"]]);
});

test("what comes while the lanes are at work is taken in; order stays where one lane is slower", async () => {
  let asked = 0;
  const input = (async function* () {
    for (let at = 0; at < 12; at++) {
      asked += 1;
      yield `${Array.from({ length: 100 }, (_, one) => `${at * 100 + one}\n`).join("")}`;
    }
  })();
  const aheads: number[] = [];
  const written: string[] = [];
  await answerBatch({
    input,
    write: async (text) => {
      aheads.push(asked);
      written.push(text);
    },
    here: fakeLane("here", 1),
    openLane: async () => fakeLane("there", 20),
    moreLanes: 1,
  });
  const ids = written
    .join("")
    .trimEnd()
    .split("\n")
    .map((answer) => answer.split("@")[0]);
  expect(ids).toEqual(Array.from({ length: 1200 }, (_, at) => `${at}`));
  // Read ahead, but no more than is worth it.
  expect(aheads[0]).toBe(4);
});
