import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TerminalModes } from "../../src/launcher/terminal-modes.js";
import { type OuterTerminal, openTerminal, prepareSession } from "./outer-terminal.js";

// Every byte, in both directions, unchanged and in order: what a terminal and a program say to each other is not the relay's.

let folder = "";
let remove = () => {};
beforeAll(async () => {
  ({ folder, remove } = await prepareSession());
});
afterAll(() => remove());

const e = "\u001b";
const spoken: Readonly<Record<string, string>> = {
  "mouse, SGR": `${e}[<35;12;7M${e}[<0;12;7m`,
  "mouse, X10": `${e}[M !!`,
  focus: `${e}[I${e}[O`,
  "kitty keyboard": `${e}[97;5u${e}[57441;2:3u${e}[?1u`,
  paste: `${e}[200~one\rtwo\ttabs ${e}[201~`,
  "OSC 52": `${e}]52;c;aGVsbG8=${e}\\`,
  hyperlink: `${e}]8;id=1;https://example.com/${e}\\x${e}]8;;${e}\\`,
  "colour query and reply": `${e}]11;?\u0007${e}]11;rgb:1e1e/1e1e/2e2e${e}\\`,
  "editors' shell integration": `${e}]633;A\u0007${e}]633;E;ls -la;nonce\u0007${e}]133;D;0\u0007`,
  "DA, DSR, XTVERSION, DECRQM": `${e}[c${e}[?64;1;2c${e}[6n${e}[12;40R${e}[>0q${e}P>|term 1.2${e}\\${e}[?2026$p${e}[?2026;2$y`,
  sixel: `${e}Pq#0;2;0;0;0#0~~@@vv@@~~$-${e}\\`,
  "kitty graphics": `${e}_Gf=24,s=1,v=1;AAAA${e}\\`,
  "true colour": `${e}[38;2;1;2;3;48:2::4:5:6mx${e}[m`,
  "UTF-8": "é漢字😀\u200d",
  controls: "\u0000\u0001\u0003\u000e\u000f\u0011\u0013\u0018\u001a\u001c\u007f",
};

it("keys, replies and output pass as they are, cut anywhere, before and after a card", async () => {
  const terminal = openTerminal({ folder, script: "stty raw -echo; printf READY; exec cat" });
  await terminal.waitFor("READY");
  const piece = fc.oneof(
    fc.constantFrom(...Object.values(spoken)).map((text) => Buffer.from(text)),
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  const messages = fc.tuple(
    fc.array(piece, { minLength: 1, maxLength: 8 }),
    fc.array(fc.nat(2000), { maxLength: 5 }),
  );
  const exchange = () =>
    fc.assert(
      fc.asyncProperty(messages, async ([pieces, cuts]) => {
        const bytes = Buffer.concat(pieces);
        const from = terminal.output().length;
        const places = [...cuts.map((cut) => cut % bytes.length), bytes.length].toSorted((a, b) => a - b);
        for (const [at, end] of places.entries()) {
          terminal.send(bytes.subarray(places[at - 1] ?? 0, end));
          await sleep(1);
        }
        await come(terminal, from + bytes.length);
        expect(terminal.output().subarray(from)).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  await exchange();
  // What is unfinished would be sent once more behind the card.
  terminal.send(`${e}\\${e}[m.`);
  await terminal.waitFor("[m.");
  terminal.ask({ seconds: 20 });
  await terminal.waitFor("Would");
  await sleep(400);
  terminal.send("d");
  await terminal.waitFor(/\[\?25[hl]$/);
  await exchange();
  terminal.kill("SIGKILL");
}, 60_000);

it("output that a card comes into the middle of is whole around it", async () => {
  for (let round = 0; round < 3; round++) {
    const texts = Object.values(spoken);
    const parts = Array.from({ length: 300 }, () => [
      randomBytes(Math.floor(Math.random() * 900)),
      Buffer.from(texts[Math.floor(Math.random() * texts.length)] ?? ""),
    ]).flat();
    const whole = Buffer.concat(parts.map((part) => quiet(part)));
    writeFileSync(join(folder, "whole"), whole);
    const cut = Math.floor(Math.random() * whole.length);
    const script = `stty raw -echo; printf READY; read -r go < ../go; head -c ${cut} ../whole; sleep 0.5
      echo '{"seconds":1}' > "$ASK"; sleep 0.5; tail -c +${cut + 1} ../whole; read -r answer < "$ANSWER"; printf END`;
    writeFileSync(join(folder, "go"), "\n");
    const terminal = openTerminal({ folder, script });
    await terminal.ended;
    const all = terminal.output();
    const from = all.indexOf("READY") + 5;
    const modes = new TerminalModes();
    modes.scan(whole.subarray(0, cut));
    const [took, gave] = [
      Buffer.from(modes.takeOver()),
      Buffer.concat([Buffer.from(modes.giveBack()), modes.unfinished]),
    ];
    const back = all.indexOf(gave, from + cut);
    const begin = all.subarray(from, from + cut + took.length);
    const end = all.subarray(back + gave.length, all.indexOf("END", back));
    expect([hash(begin), hash(end)]).toEqual([
      hash(Buffer.concat([whole.subarray(0, cut), took])),
      hash(whole.subarray(cut)),
    ]);
  }
}, 60_000);

it("output that waits for a slow terminal when a card comes is whole around it", async () => {
  const lines = Array.from(
    { length: 60_000 },
    (_, at) => `${at} é 漢字 😀 ${e}[3${at % 8}m${e}[?${at % 2 ? "25h" : "25l"}`,
  );
  const whole = Buffer.from(lines.join("\r\n"));
  writeFileSync(join(folder, "slow"), whole);
  const terminal = openTerminal({
    folder,
    script: "stty raw -echo; printf READY; cat ../slow; printf END; sleep 1",
  });
  await terminal.waitFor("READY");
  terminal.pause();
  await sleep(500);
  terminal.ask({ seconds: 3 });
  await sleep(1000);
  terminal.resume();
  await terminal.ended;
  const all = terminal.output();
  const modes = new TerminalModes();
  const from = all.indexOf("READY") + 5;
  const card = all.indexOf(`${e}[?1049h`);
  const cut = all[card - 1] === 0x18 ? card - 1 : card;
  modes.scan(all.subarray(from, cut));
  const gave = Buffer.concat([Buffer.from(modes.giveBack()), modes.unfinished]);
  const back = all.indexOf(gave, card) + gave.length;
  const passed = Buffer.concat([all.subarray(from, cut), all.subarray(back, all.indexOf("END", back))]);
  expect(cut - from).toBeLessThan(whole.length);
  expect(hash(passed)).toBe(hash(whole));
}, 30_000);

it("a megabyte pasted, while the program does not read yet", async () => {
  const pasted = Buffer.from(`${e}[200~${"words, é 漢字, more\r".repeat(50_000)}${e}[201~`);
  const script = `stty raw -echo; printf READY; sleep 1.5; head -c ${pasted.length} | sha256sum`;
  const terminal = openTerminal({ folder, script });
  await terminal.waitFor("READY");
  terminal.send(pasted);
  expect(await terminal.waitFor(/[0-9a-f]{64}/)).toBe(hash(pasted));
  terminal.kill("SIGKILL");
}, 30_000);

/** Without the words that the test looks for, and without the alternate screen: there nothing is to be compared. */
function quiet(bytes: Buffer): Buffer {
  return /END|READY|\[\?/.test(bytes.toString("latin1")) ? Buffer.alloc(0) : bytes;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function come(terminal: OuterTerminal, length: number): Promise<void> {
  for (const end = Date.now() + 10_000; terminal.output().length < length && Date.now() < end; )
    await sleep(2);
}
