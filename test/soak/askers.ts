import { connect, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { FrameReader } from "../../src/broker/protocol.js";
import { callFrame } from "../broker/attacks.js";

// Runs inside a session, bundled by questions.soak.ts: `COUNT FOLDER ROUNDS`. Each caller asks to delete a file of its own, all at
// once; when the last has its answer the next round begins. Prints a line of JSON for each round.

const [, , count = "0", folder = "", rounds = "1"] = process.argv;
const socketPath = join(dirname((process.env["PATH"] ?? "").split(":")[0] ?? ""), "sock");
const env = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);

for (let round = 0; round < Number(rounds); round++) {
  const came = { denied: 0, other: 0, lost: 0 };
  const begun = performance.now();
  let first = 0;
  const all: Promise<void>[] = [];
  for (let at = 0; at < Number(count); at++) {
    const socket = await arrive();
    all.push(
      ask(socket, join(folder, String(round), String(at))).then((said) => {
        first ||= performance.now() - begun;
        if (said === undefined) came.lost += 1;
        else if (said[1] === "126" && said[2]?.includes("nobody answered in time")) came.denied += 1;
        else {
          came.other += 1;
          console.error(said.slice(1).join(" "));
        }
      }),
    );
  }
  const sent = performance.now() - begun;
  await Promise.all(all);
  const seconds = (ms: number) => Math.round(ms / 100) / 10;
  const last = performance.now() - begun;
  console.log(JSON.stringify({ ...came, sent: seconds(sent), first: seconds(first), last: seconds(last) }));
}

/** A shim waits where the queue is full; Node gives up, so that it has to come again. */
async function arrive(): Promise<Socket> {
  for (;;) {
    const socket = connect(socketPath);
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    if (isThere) return socket;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What it was answered; undefined when it was hung up on. */
function ask(socket: Socket, file: string): Promise<readonly string[] | undefined> {
  const frames = new FrameReader();
  socket.write(callFrame(["rm", file], env));
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      for (const frame of frames.push(chunk) ?? []) {
        const fields = frame.toString().split("\0");
        if (fields[0] !== "wait") resolve(fields);
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(undefined));
  });
}
