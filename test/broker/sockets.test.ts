import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { listenControl } from "../../src/broker/control.js";
import { Conversation, type Handle } from "../../src/broker/conversation.js";
import { FrameReader } from "../../src/broker/protocol.js";
import { type Listening, listenSocket } from "../../src/broker/server.js";
import { sparing } from "../../src/broker/sparing.js";
import { Visitors } from "../../src/broker/visitors.js";
import { behindACall, callFrame, controlNonsense, nonsense, say } from "./attacks.js";

let dir: string;
let path: string;
let served: Listening;
const handled: string[] = [];
const sockets: Socket[] = [];

const handle: Handle = async (call) => {
  handled.push(call.name);
  return { verb: "exit", status: 7, message: "heard" };
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "hp-sock-"));
  path = join(dir, "sock");
  served = await listenSocket(path, handle);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  handled.length = 0;
});
afterAll(async () => {
  await served.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Verb and fields of each frame. */
function read(bytes: Buffer): readonly string[][] {
  return (new FrameReader().push(bytes) ?? []).map((frame) => frame.toString().split("\0").slice(0, -1));
}

/** What a shim does; the last frame that it got. */
function askHonestly(): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const socket = connect(path, () => socket.write(callFrame(["tool"])));
    socket.on("data", (chunk) => heard.push(chunk));
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(read(Buffer.concat(heard)).at(-1)));
  });
}
const honest = ["exit", "7", "heard"];

/** Of these the frame is whole and right, only what it says is odd: they come to be judged, and to nothing that is not their own. */
const judged = new Set([
  "a PATH of 8 MB",
  "a token that is a path",
  "tokens without an end",
  "a trail without an end",
  "names of prototypes",
]);
/** Waits for more, as for a slow caller; the next beats end it. */
const open = new Set(["nothing", "half of a length"]);

test.each(nonsense)("no call: %s", async (name, bytes) => {
  const frames = read(await say(path, [bytes], open.has(name) ? 300 : 20_000));
  if (judged.has(name)) expect(frames.at(-1)).toEqual(honest);
  else if (open.has(name)) expect(frames).toEqual([]);
  else expect(frames).toEqual([["exit", "126", expect.stringMatching(/^holdpoint: denied: /)]]);
  expect(handled.length).toBe(judged.has(name) ? 1 : 0);
  expect(await askHonestly()).toEqual(honest);
});

test.each(behindACall)("behind a call: %s: one answer, one judgement", async (_, bytes) => {
  const frames = read(await say(path, [callFrame(["tool"]), bytes], 20_000));
  expect(frames.filter(([verb]) => verb === "exec")).toEqual([]);
  expect(frames.filter(([verb]) => verb === "exit").length).toBeLessThanOrEqual(1);
  expect(handled.length).toBeLessThanOrEqual(1);
  expect(await askHonestly()).toEqual(honest);
});

test("connections without a word push out their like, and nobody else", async () => {
  const before = served.open.size;
  let closed = 0;
  for (let at = 0; at < 1300; at++) {
    const socket = connect(path);
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      closed += 1;
    });
    socket.resume();
    if (at % 100 === 0) expect(await askHonestly()).toEqual(honest);
  }
  await expect.poll(() => closed, { timeout: 20_000 }).toBeGreaterThanOrEqual(300);
  expect(served.open.size - before).toBeLessThanOrEqual(1000);
  expect(await askHonestly()).toEqual(honest);
});

test("who hangs up is forgotten, whatever was begun", async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from([0, 1, 0, 0, 1]), callFrame(["tool"])]) {
    const socket = connect(path);
    await new Promise((resolve) => socket.on("connect", resolve));
    socket.write(bytes);
    socket.destroy();
  }
  await expect.poll(() => served.open.size).toBe(0);
});

test("halves of huge calls: the largest goes, what is small stays", () => {
  const refused: string[] = [];
  const visitor = (name: string, held: number) => {
    let size = held;
    return {
      isHeard: false,
      isDone: false,
      get held() {
        return size;
      },
      refuse: () => {
        refused.push(name);
        size = 0;
      },
    };
  };
  const visitors = new Visitors({ unheard: 3, halves: 100, bytes: 100, beats: 2, farewell: 2 });
  const [small, large, other] = [visitor("small", 10), visitor("large", 60), visitor("other", 40)];
  for (const each of [small, large, other]) {
    visitors.come(each, () => {});
    visitors.note(each);
  }
  expect(refused).toEqual(["large"]);
  visitors.beat();
  visitors.beat();
  visitors.come(visitor("late", 0), () => {});
  visitors.beat();
  expect(refused).toEqual(["large", "small", "other"]);
});

test("calls that have not come whole have a budget of their own, together", () => {
  const refused: string[] = [];
  const visitor = (name: string, held: number, isHeard = false) => ({
    ...{ isHeard, isDone: false, held },
    refuse: () => refused.push(name),
  });
  const visitors = new Visitors({ unheard: 9, halves: 100, bytes: 1000, beats: 2, farewell: 2 });
  for (const each of [visitor("whole", 500, true), visitor("a", 40), visitor("b", 60), visitor("c", 10)]) {
    visitors.come(each, () => {});
    visitors.note(each);
  }
  expect(refused).toEqual(["b"]);
});

test("a call that comes in pieces of a byte weighs what it holds", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const weigh = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const reader = new FrameReader();
  reader.push(Buffer.from([0, 0xff, 0xff, 0xff]));
  const before = weigh();
  for (let at = 0; at < 300_000; at++) reader.push(Buffer.from(new ArrayBuffer(1)));
  expect(weigh() - before).toBeLessThan(5_000_000);
  expect(reader.push(Buffer.alloc(0))).toEqual([]);
});

test("an answer that nobody reads is dropped after some beats", () => {
  const dropped: string[] = [];
  const visitors = new Visitors({ unheard: 3, halves: 100, bytes: 100, beats: 2, farewell: 2 });
  const done = { isHeard: true, isDone: true, held: 0, refuse: () => {} };
  visitors.come(done, () => dropped.push("done"));
  visitors.note(done);
  for (let beat = 0; beat < 2; beat++) visitors.beat();
  expect(dropped).toEqual([]);
  visitors.beat();
  expect(dropped).toEqual(["done"]);
});

test("thousands are moved in parts, and a caller that lies about them ends them", async () => {
  const sent: string[][] = [];
  const answers: string[][] = [];
  const outcomes: (readonly number[] | undefined)[] = [];
  const conversation = new Conversation(
    async (_, caller) => {
      const names = Array.from({ length: 2500 }, (_, at) => ({ from: String(at), to: `/t/${at}` }));
      outcomes.push(await caller.move?.(names));
      return { verb: "exit", status: 0, message: "" };
    },
    (frame) => {
      const [fields = []] = read(frame);
      if (fields[0] !== "move") return;
      sent.push(fields);
      const answer = answers.shift() ?? ["moved", fields[1] ?? "", ...Array(Number(fields[1])).fill("0")];
      setImmediate(() => conversation.push(frameOf(answer)));
    },
  );
  conversation.push(callFrame(["tool"]));
  await expect.poll(() => outcomes.map((codes) => codes?.length)).toEqual([2500]);
  expect(sent.map(([, count, first]) => [count, first])).toEqual([
    ["1000", "0"],
    ["1000", "1000"],
    ["500", "2000"],
  ]);
});

/** What a watcher is told first. */
function watch(control: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(control, () => socket.write('{"do":"watch"}\n'));
    socket.once("data", (chunk) => {
      resolve(String(chunk));
      socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(""));
  });
}

function frameOf(fields: readonly string[]): Buffer {
  const text = Buffer.from(`${fields.join("\0")}\0`);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
}

test("refusals in a loop are said twenty times a minute", () => {
  const said: string[] = [];
  const say = sparing((text) => said.push(text));
  for (let at = 0; at < 500; at++) say(String(at));
  expect(said.length).toBe(20);
});

test("control: nonsense ends the connection, and only that; nobody inside is let in", async () => {
  const alerts: string[] = [];
  const control = join(dir, "control");
  const ended: string[] = [];
  const listening = await listenControl(control, undefined, {
    session: {
      id: "s",
      label: "",
      mode: "ask",
      command: [],
      cwd: "/",
      pid: 1,
      started: "",
      log: "",
      scope: [],
    },
    identify: async () => ({ ok: false, reason: "inside" }),
    show: {
      card: (question) => question,
      effects: () => [],
      command: (text) => text,
      found: () => [],
      makeWord: () => "word",
      phrase: () => undefined,
    },
    by: "test",
    end: () => ended.push("end"),
    alert: (reason) => alerts.push(reason),
  });
  for (const [name, bytes] of controlNonsense) {
    const said = (await say(control, [bytes], 20_000)).toString();
    expect([name, said]).toEqual([name, ""]);
    expect(await watch(control)).toContain('"is":"session"');
  }
  const loud = await say(
    control,
    [Buffer.from('{"do":"end"}\n{"do":"allow","question":"q","grant":"session","phrase":""}\n'.repeat(20))],
    20_000,
  );
  expect(
    loud
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .every((line) => line.includes('"refused"')),
  ).toBe(true);
  expect([ended, alerts.length <= 20]).toEqual([[], true]);
  expect((await say(control, [Buffer.from('{"do":"knock"}\n'.repeat(500))], 20_000)).length).toBeLessThan(
    5000,
  );
  expect(alerts.length).toBeLessThanOrEqual(20);
  const many = Array.from({ length: 400 }, () => connect(control));
  for (const socket of many) socket.on("error", () => {});
  sockets.push(...many);
  await expect
    .poll(() => many.filter((socket) => socket.closed).length, { timeout: 20_000 })
    .toBeGreaterThan(100);
  expect(await watch(control)).toContain('"is":"session"');
  await listening.close();
  expect(readdirSync(dir)).toEqual(["sock"]);
});
