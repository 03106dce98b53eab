import fc from "fast-check";
import { expect, it } from "vitest";
import { TerminalModes } from "../../src/launcher/terminal-modes.js";

const e = "\u001b";
const back = `${e}[0m${e}[2J`;
const rest = `\u000f${e}[?2004l${e}[?7h${e}[?25h`;

const cases: readonly (readonly [name: string, output: string, isAlternate: boolean, giveBack: string])[] = [
  ["nothing", "plain é", false, `${back}${e}[?1049l${rest}`],
  ["alternate screen", `${e}[?1049h`, true, `${back}${e}8${rest}`],
  ["and back", `${e}[?1049h${e}[?1047l`, false, `${back}${e}[?1049l${rest}`],
  [
    "hidden cursor, paste, mouse",
    `${e}[?25l${e}[?2004;1006;1000h`,
    false,
    `${back}${e}[?1049l\u000f${e}[?1000;1006h${e}[?2004h${e}[?7h${e}[?25l`,
  ],
  ["kitty", `${e}[>1u`, false, `${back}${e}[<u${e}[?1049l${rest}`],
  ["margins and origin", `${e}[2;5r${e}[?6h`, false, `${back}${e}[2;5r${e}[?6h${e}[?1049l${rest}`],
  ["saved modes are no margins", `${e}[?25r`, false, `${back}${e}[?1049l${rest}`],
  ["line drawing", `${e})0\u000e`, false, `${back}${e}[?1049l${e})0\u000e${e}[?2004l${e}[?7h${e}[?25h`],
  ["inside a title", `${e}]0;${e}[?1049h`, true, `${back}${e}8${rest}`],
  ["a title", `${e}]0;[?1049h\u0007`, false, `${back}${e}[?1049l${rest}`],
  ["hard reset", `${e}[?1049h${e}[?25l${e}c`, false, `${back}${e}[?1049l${rest}`],
];

it.each(cases)("%s", (_, output, isAlternate, giveBack) => {
  const modes = new TerminalModes();
  modes.scan(Buffer.from(output));
  expect([modes.isAlternate, modes.giveBack()]).toEqual([isAlternate, giveBack]);
});

it("follows a stream the same however it is split, and keeps what is unfinished", () => {
  const part = fc.constantFrom(
    ...cases.map(([, output]) => output),
    "é",
    "漢",
    `${e}[3`,
    `${e}]52;c;abc`,
    "\u00e9".slice(0, 1),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.nat(80), { maxLength: 6 }), (parts, cuts) => {
      const bytes = Buffer.from(parts.join(""));
      const whole = new TerminalModes();
      whole.scan(bytes);
      const split = new TerminalModes();
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      for (const [at, end] of places.slice(1).entries()) split.scan(bytes.subarray(places[at], end));
      expect([split.takeOver(), split.giveBack(), Buffer.from(split.unfinished)]).toEqual([
        whole.takeOver(),
        whole.giveBack(),
        Buffer.from(whole.unfinished),
      ]);
    }),
  );
});

it.each([
  ["a sequence", `x${e}[3`, `${e}[3`],
  ["a character", Buffer.from("x漢").subarray(0, 3), Buffer.from("漢").subarray(0, 2)],
  ["a string too long to keep", `${e}]52;${"x".repeat(100_000)}`, `${e}]9999;`],
  ["nothing", "x漢", ""],
])("breaks off in %s", (_, output, unfinished) => {
  const modes = new TerminalModes();
  modes.scan(Buffer.from(output));
  expect(Buffer.from(modes.unfinished)).toEqual(Buffer.from(unfinished));
});

it("finds the end of a string too long to keep", () => {
  const modes = new TerminalModes();
  for (const part of [`${e}]52;${"x".repeat(100_000)}`, "y".repeat(10), e, `\\${e}[?1049h`])
    modes.scan(Buffer.from(part));
  expect([modes.isAlternate, modes.unfinished.length]).toEqual([true, 0]);
});
