import { spawn } from "node:child_process";
import { constants, openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { startRelay } from "../../src/launcher/relay.js";
import { terminalScreens } from "../../src/launcher/terminal-screen.js";
import { createAsker } from "../../src/prompt/asker.js";
import { questions } from "../prompt/sample-questions.js";

/**
 * A session in little, run in a real terminal by the tests: relays a program (or runs beside it) and puts a question each
 * time a line comes out of the FIFO `ask`. The line is JSON; the answer goes into the FIFO `answer`.
 */
const [folder = "", door = "relay", program = "", ...args] = process.argv.slice(2);

async function main(): Promise<void> {
  const relay =
    door === "relay"
      ? startRelay({
          program,
          args,
          env: process.env,
          cwd: process.cwd(),
          stdin: process.stdin,
          stdout: process.stdout,
          leader: process.env["LEADER"] || undefined,
          pump: process.env["PUMP"] || undefined,
        })
      : undefined;
  if (typeof relay === "string") throw new Error(relay);
  const challenge = process.env["CHALLENGE"] === "1" || door !== "relay";
  const openScreen = relay?.openScreen ?? terminalScreens(door);
  const asker = createAsker({
    openScreen,
    where: "test",
    by: "someone",
    colour: false,
    challenge,
    redact: (text) => text,
  });
  const descriptor = openSync(`${folder}/ask`, constants.O_RDWR | constants.O_NONBLOCK);
  const answers = openSync(`${folder}/answer`, constants.O_RDWR);
  const listen = () => {
    for (const line of readAvailable(descriptor).split("\n")) if (line !== "") put(line);
  };
  const put = (line: string) => {
    const { name = "folder", seconds = 20, abort = 0 } = JSON.parse(line);
    const gone = new AbortController();
    if (abort > 0) setTimeout(() => gone.abort(), abort);
    const sample = new Map(Object.entries(questions)).get(name) ?? questions.folder;
    asker.ask({ ...sample, deadline: Date.now() + seconds * 1000 }, gone.signal).then((answer) => {
      writeSync(answers, `${JSON.stringify(answer)}\n`);
    });
  };
  setInterval(listen, 20);
  writeFileSync(`${folder}/pid`, String(process.pid));
  if (relay === undefined) {
    spawn(program, args, { stdio: "inherit" }).on("exit", (status) => process.exit(status ?? 1));
    return;
  }
  if (process.env["CRASH"] === "1") setTimeout(() => fail(), 500);
  process.exit(await relay.exited);
}

function readAvailable(descriptor: number): string {
  const buffer = Buffer.alloc(4096);
  try {
    return buffer.toString("utf8", 0, readSync(descriptor, buffer));
  } catch {
    return "";
  }
}

function fail(): never {
  throw new Error("a bug");
}

void main();
