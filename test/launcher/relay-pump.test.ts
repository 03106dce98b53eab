import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Pump } from "../../src/launcher/relay-pump.js";
import { TerminalModes } from "../../src/launcher/terminal-modes.js";
import { canSanitize } from "../shims/fuzz.js";

// What the pump tells of the output is enough to know the terminal as if all of it had been read.

let folder = "";
let program = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hp-pump-"));
  program = join(folder, "pump");
  const flags = canSanitize("cc") ? ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] : [];
  const sources = ["pump.c", "plain.c"].map((name) => join(import.meta.dirname, "../../shims", name));
  execFileSync("cc", ["-std=c11", "-g", ...flags, "-o", program, ...sources]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const e = "\u001b";
const pieces = [
  ...[
    "plain",
    "é漢字😀",
    `${e}[1;31m`,
    `${e}[K`,
    `${e}[3`,
    e,
    `${e}[`,
    `${e}[38;2;1;2;3;48:2::4:5:6m`,
    "\u0018",
    "\u0007",
  ],
  ...[
    `${e}[?1049h`,
    `${e}[?25l`,
    `${e}[2;5r`,
    `${e}[>1u`,
    `${e}[>4;2m`,
    `${e}[4h`,
    `${e}[!p`,
    `${e}c`,
    "\u000e",
    "\u000f",
  ],
  ...[
    `${e}(0`,
    `${e}=`,
    `${e}]8;;http://x/`,
    `${e}\\`,
    `${e}]0;title`,
    `${e}P+q`,
    `${e}[${"1;".repeat(40)}`,
    "x".repeat(5000),
  ],
].map((text) => Buffer.from(text));
const piece = fc.oneof(fc.constantFrom(...pieces), fc.uint8Array({ maxLength: 5 }));

it("passes all on, and tells what matters, cut and stopped anywhere", async () => {
  const steps = fc.array(fc.tuple(piece, fc.nat(80), fc.boolean()), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, async (parts) => {
      const passed = await pass(parts.map(([bytes, cut, stops]) => ({ bytes, cut, stops })));
      const whole = Buffer.concat(parts.map(([bytes]) => bytes));
      expect(passed.output).toEqual(whole);
      const read = new TerminalModes();
      read.scan(whole);
      expect(stateOf(passed.modes)).toEqual(stateOf(read));
    }),
    // Each in a chunk of its own: only the two together show whether the second was told.
    {
      numRuns: 60,
      examples: [
        [
          [
            [Buffer.from("\u000e"), 0, false],
            [Buffer.from("\u000f"), 0, false],
          ],
        ],
      ],
    },
  );
}, 120_000);

it("says so where it cannot run", () => {
  const { status, stderr } = spawnSync(program, ["x"], { encoding: "utf8", timeout: 10_000 });
  expect([status, stderr]).toEqual([126, ""]);
});

function stateOf(modes: TerminalModes): readonly unknown[] {
  return [modes.takeOver(), modes.giveBack(), modes.park(), Buffer.from(modes.unfinished)];
}

interface Step {
  readonly bytes: Uint8Array;
  /** It comes in two parts. */
  readonly cut: number;
  /** The relay takes the terminal back behind it. */
  readonly stops: boolean;
}

/** From a FIFO to a file; what a stop leaves is written by the one who stopped it. */
async function pass(steps: readonly Step[]): Promise<{ output: Buffer; modes: TerminalModes }> {
  const own = mkdtempSync(join(folder, "p-"));
  const [from, to] = [join(own, "from"), join(own, "to")];
  execFileSync("mkfifo", [from]);
  writeFileSync(to, "");
  const inner = openSync(from, constants.O_RDWR | constants.O_NONBLOCK);
  const outer = openSync(to, constants.O_RDWR);
  const modes = new TerminalModes();
  let stopped = (_: Uint8Array): void => {};
  const pump = new Pump(program, inner, outer, {
    onTold: (bytes, isAnew) => {
      if (isAnew) modes.scanAnew(bytes);
      else modes.scan(bytes);
      return modes.begun;
    },
    onStopped: (unwritten) => stopped(unwritten),
    onLost: () => stopped(Buffer.from("LOST")),
  });
  const stop = async () => {
    await expect.poll(() => readFileSync(to).length, { timeout: 10_000, interval: 1 }).toBe(size);
    const left = new Promise<Uint8Array>((resolve) => {
      stopped = resolve;
    });
    pump.stop();
    expect(Buffer.from(await left).toString()).toBe("");
  };
  let size = 0;
  pump.go(0);
  for (const { bytes, cut, stops } of steps) {
    for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      if (part.length > 0) writeSync(inner, part);
      size += part.length;
      await sleep(1);
    }
    if (!stops) continue;
    await stop();
    pump.go(modes.begun);
  }
  await stop();
  pump.end();
  closeSync(inner);
  closeSync(outer);
  return { output: readFileSync(to), modes };
}
