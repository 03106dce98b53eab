import { execFileSync, spawn } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Handle } from "../../src/broker/conversation.js";
import { listenFifos } from "../../src/broker/fifo.js";
import { encodePackets } from "../../src/broker/packets.js";
import type { Listening } from "../../src/broker/server.js";
import { Visitors } from "../../src/broker/visitors.js";
import { callFrame } from "./attacks.js";

let folder: string;
let served: Listening | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hp-fifo-"));
  execFileSync("mkfifo", [join(folder, "0.in"), join(folder, "0.out")]);
});

afterEach(async () => {
  await served?.close();
  rmSync(folder, { recursive: true });
});

const tag = (at: number) => String(at).padStart(12, "0");

test("callers that never read are not heard without end: as much as is unread, and the rest once somebody reads", async () => {
  const message = "x".repeat(4000);
  let heard = 0;
  const handle: Handle = async () => {
    heard += 1;
    return { verb: "exit", status: 126, message };
  };
  served = listenFifos(folder, 1, handle);
  const calls = 5000;
  const all = Array.from({ length: calls }, (_, at) => encodePackets(tag(at), callFrame(["rm", message])));
  const file = join(folder, "calls");
  writeFileSync(file, Buffer.concat(all));
  const writer = spawn("sh", ["-c", `cat ${file} > ${join(folder, "0.in")}`]);
  for (let before = -1; before !== heard || heard === 0; ) {
    before = heard;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  // One read brings 16 calls, of which the last is answered: until the pipe and the limit are full, of 128 KiB together.
  expect(heard).toBeLessThan(1000);
  const out = createReadStream(join(folder, "0.out"));
  out.resume();
  await vi.waitFor(() => expect(heard).toBe(calls), 30_000);
  out.destroy();
  writer.kill();
});

test("half a call through a FIFO counts with those on the socket, and has an end", async () => {
  const visitors = new Visitors({ unheard: 10, halves: 10_000, bytes: 1 << 20, beats: 1, farewell: 1 });
  served = listenFifos(folder, 1, async () => ({ verb: "exit", status: 0, message: "" }), visitors);
  const half = encodePackets(tag(1), callFrame(["rm", "x".repeat(20_000)]).subarray(0, 9000));
  writeFileSync(join(folder, "call"), half);
  // Stays open.
  const writer = spawn("sh", [
    "-c",
    `exec 3> ${join(folder, "0.in")}; cat ${join(folder, "call")} >&3; read x`,
  ]);
  const { open } = served;
  await vi.waitFor(() => expect([...open].map(({ held }) => held)).toEqual([9000]), 20_000);
  for (let beat = 0; beat < 2; beat++) visitors.beat();
  expect([...open].map(({ isDone, held }) => [isDone, held])).toEqual([[true, 0]]);
  writer.stdin.end();
  await vi.waitFor(() => expect(open.size).toBe(0), 20_000);
});
