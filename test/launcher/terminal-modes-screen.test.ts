import headless from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import { TerminalModes } from "../../src/launcher/terminal-modes.js";

// A terminal emulator in memory is the judge: after a card it must be, cell for cell, as if there had been none.

const e = "\u001b";
const card = `${e}[1;1H${e}[2K${e}[1;31mWould delete${e}[0m${e}[4;3Hall of it${e}[0m`;
/** What a program on the main screen may send: text, colours, movements, and every mode that is followed. */
const parts: readonly string[] = [
  "plain words ",
  "é漢字😀\r\n",
  `${e}[1;38;2;12;200;99m`,
  `${e}[48;5;17;4m`,
  `${e}[7;9m`,
  `${e}[m`,
  `${e}[3;5H`,
  `${e}[K`,
  `${e}[2J`,
  "\r\n\n",
  `${e}[2;6r`,
  `${e}[r`,
  `${e}[?6h`,
  `${e}[?6l`,
  `${e}[4h`,
  `${e}[4l`,
  `${e}[?7l`,
  `${e}[?7h`,
  `${e}(0`,
  `${e}(B`,
  `${e})0`,
  "\u000e",
  "\u000fqx",
  `${e}[?1h${e}=`,
  `${e}[?1l${e}>`,
  `${e}[?25l`,
  `${e}[?25h`,
  `${e}[?2004h`,
  `${e}[?1002;1006h`,
  `${e}[?1002l`,
  `${e}[?1004h`,
  `${e}[5 q`,
  `${e}]0;a title\u0007`,
  `${e}]8;;https://example.com/a${e}\\link`,
  `${e}]8;;${e}\\`,
  `${e}P1$r0m${e}\\`,
];
const stream = fc
  .array(fc.constantFrom(...parts), { minLength: 1, maxLength: 12 })
  .map((some) => Buffer.from(some.join("")));

it("a card over the main screen leaves no trace, wherever it comes", async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.nat(), async (bytes, at) => {
      const cut = at % (bytes.length + 1);
      const [before, after] = [bytes.subarray(0, cut), bytes.subarray(cut)];
      const modes = new TerminalModes();
      modes.scan(before);
      const covered = Buffer.concat([
        before,
        Buffer.from(`${modes.takeOver()}${card}${modes.giveBack()}`),
        modes.unfinished,
        after,
      ]);
      expect(await drawn([covered])).toEqual(await drawn([bytes]));
    }),
    { numRuns: 200 },
  );
}, 60_000);

it("over the alternate screen, all but what the program draws anew", async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.nat(), async (bytes, at) => {
      const whole = Buffer.concat([Buffer.from(`${e}[?1049h`), bytes]);
      const cut = 8 + (at % (bytes.length + 1));
      const modes = new TerminalModes();
      modes.scan(whole.subarray(0, cut));
      const covered = [
        whole.subarray(0, cut),
        Buffer.from(`${modes.takeOver()}${card}${modes.giveBack()}`),
        modes.unfinished,
        whole.subarray(cut),
        Buffer.from(`${e}[?6l${e}[?7l${e}[H${e}[2J${"x".repeat(20)}`),
      ];
      expect(await drawn(covered)).toEqual(
        await drawn([whole, Buffer.from(`${e}[?6l${e}[?7l${e}[H${e}[2J${"x".repeat(20)}`)]),
      );
    }),
    { numRuns: 200 },
  );
}, 60_000);

it("after a stop or a crash the terminal is as a new one, and as before when the session goes on", async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.boolean(), async (bytes, isAlternate) => {
      const whole = Buffer.concat([Buffer.from(isAlternate ? `${e}[?1049h` : ""), bytes]);
      const modes = new TerminalModes();
      modes.scan(whole);
      const parked = await drawn([whole, Buffer.from(modes.park())]);
      const fresh = await drawn([Buffer.from("")]);
      const again = await drawn([whole, Buffer.from(modes.park()), Buffer.from(modes.unpark())]);
      const went = await drawn([whole, Buffer.from(cancelled(modes))]);
      expect([parked.modes, again.modes, again.active]).toEqual([fresh.modes, went.modes, went.active]);
    }),
    { numRuns: 200 },
  );
}, 60_000);

function cancelled(modes: TerminalModes): string {
  return modes.unfinished.length > 0 ? "\u0018" : "";
}

interface Drawn {
  readonly rows: readonly string[];
  readonly cursor: readonly number[];
  readonly modes: Readonly<Record<string, unknown>>;
  readonly active: string;
}

/** All that can be seen, and the attributes that the next character would get. */
async function drawn(pieces: readonly Uint8Array[]): Promise<Drawn> {
  const terminal = new headless.Terminal({ cols: 30, rows: 8, allowProposedApi: true });
  const written = (data: Uint8Array | string) =>
    new Promise<void>((resolve) => terminal.write(data, () => resolve()));
  for (const piece of pieces) await written(piece);
  const { active } = terminal.buffer;
  const cursor = [active.cursorX, active.cursorY];
  const modes = { ...terminal.modes };
  await written("q\u001b[1;1H");
  const rows = Array.from({ length: active.length }, (_, row) => {
    const line = active.getLine(row);
    return Array.from({ length: 30 }, (_unused, column) => {
      const cell = line?.getCell(column);
      const flags = [cell?.isBold(), cell?.isInverse(), cell?.isUnderline(), cell?.isStrikethrough()].map(
        Boolean,
      );
      return [cell?.getChars(), cell?.getFgColor(), cell?.getBgColor(), ...flags].join(",");
    }).join(" ");
  });
  const kind = active.type;
  terminal.dispose();
  return { rows, cursor, modes, active: kind };
}
