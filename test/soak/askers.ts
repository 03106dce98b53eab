import { connect } from "node:net";
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
    const { connected, answered } = ask(join(folder, String(round), String(at)));
    await connected;
    all.push(
      answered.then((said) => {
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
  console.log(
    JSON.stringify({
      ...{ ...came, sent: seconds(sent), first: seconds(first), last: seconds(performance.now() - begun) },
    }),
  );
}

/** What is not answered within half an hour is lost. */
function ask(file: string): {
  readonly connected: Promise<void>;
  readonly answered: Promise<readonly string[] | undefined>;
} {
  const socket = connect(socketPath);
  const frames = new FrameReader();
  const connected = new Promise<void>((resolve) => {
    socket.on("connect", () => {
      socket.write(callFrame(["rm", file], env), () => resolve());
    });
    socket.on("close", () => resolve());
  });
  const answered = new Promise<readonly string[] | undefined>((resolve) => {
    socket.on("data", (chunk) => {
      for (const frame of frames.push(chunk) ?? []) {
        const fields = frame.toString().split("\0");
        if (fields[0] !== "wait") resolve(fields);
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(undefined));
    socket.setTimeout(1_800_000, () => socket.destroy());
  });
  return { connected, answered };
}
