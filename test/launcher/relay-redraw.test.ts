import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findTool, prepareSession } from "./outer-terminal.js";

let folder = "";
let remove = () => {};
beforeAll(async () => {
  ({ folder, remove } = await prepareSession());
  writeFileSync(join(folder, "patient.mjs"), patient);
});
afterAll(() => remove());

const programs: readonly { readonly tool: string; readonly args: string }[] = [
  { tool: "vim", args: "-u NONE -i NONE -n" },
  { tool: "less", args: "" },
  { tool: "cat", args: "-" },
  { tool: "node", args: "../patient.mjs" },
];

/** Draws all only when its window has another size, and looks at that once it has been quiet, as opencode does. */
const patient = `
import { readFileSync } from "node:fs";
const lines = readFileSync(process.argv[2], "utf8").split("\\n");
let [drawn, timer] = [0, undefined];
const draw = () => {
  if (process.stdout.rows === drawn) return;
  drawn = process.stdout.rows;
  process.stdout.write("\\x1b[?1049h\\x1b[2J\\x1b[H" + lines.slice(0, drawn - 1).join("\\r\\n"));
};
process.stdin.setRawMode(true).on("data", () => {});
process.stdout.on("resize", () => {
  clearTimeout(timer);
  timer = setTimeout(draw, 150);
});
draw();
`;

/** tmux is the terminal here: it knows what a screen looks like after all sequences. */
describe.skipIf(findTool("tmux") === undefined)("what lies under a card comes back", () => {
  for (const { tool, args } of programs) {
    it.skipIf(findTool(tool) === undefined)(tool, async () => {
      const own = mkdtempSync(join(folder, "t-"));
      execFileSync("mkfifo", [join(own, "ask"), join(own, "answer")]);
      const lines = Array.from({ length: 60 }, (_, at) => `line ${at} of a text é 漢字`);
      writeFileSync(join(own, "text"), `${lines.join("\n")}\n`);
      const env = { PATH: process.env["PATH"], HOME: own, LC_ALL: "C.UTF-8", TERM: "xterm-256color" };
      const socket = join(own, "tmux");
      const tmux = (...words: readonly string[]) =>
        execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...words], {
          env,
          cwd: own,
          encoding: "utf8",
        });
      // The last line is where a full-screen program says `60 lines` and the like, until it draws anew.
      const screen = () => tmux("capture-pane", "-p", "-e").split("\n").slice(0, 23).join("\n");
      const until = async (isRight: (text: string) => boolean) => {
        for (let at = 0; at < 200 && !isRight(screen()); at++) await sleep(30);
        return screen();
      };
      const program = `seq 5; exec node ../program.mjs . relay ${tool} ${args.replace(/^-$/, "")} text`;
      tmux(
        "new-session",
        "-d",
        "-x",
        "80",
        "-y",
        "24",
        program.replace("cat  text", "sh -c 'cat text; cat'"),
      );
      try {
        const before = await until((text) => text.includes(tool === "cat" ? "line 59" : "line 20"));
        writeFileSync(join(own, "ask"), '{"seconds":10}\n');
        const card = await until((text) => text.includes("v whole plan") || text.includes("whole plan"));
        await sleep(400);
        tmux("send-keys", "d");
        await until((text) => !text.includes("whole plan"));
        // It is given another size for a moment, and then its own.
        await sleep(400);
        await until((text) => text === before);
        expect([card.includes("Would delete 14 files"), card.includes("line 5"), screen()]).toEqual([
          true,
          false,
          before,
        ]);
      } finally {
        tmux("kill-server");
      }
    });
  }
});
