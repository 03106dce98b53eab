import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { controlAttacks, socketAttacks } from "../broker/attacks.js";

// Runs inside a session, bundled by sockets.soak.ts: `attack SOCKET NAME`, or `RESULT SECONDS PROTECTED`, which attacks by each
// way in turn, makes honest calls meanwhile, and writes down what became of them.

export interface Round {
  readonly attack: string;
  readonly calls: number;
  /** Of a harmless call and of one that is to be refused: anything but 0 and 126. */
  readonly wrong: readonly string[];
  readonly medianMs: number;
  readonly slowestMs: number;
  /** The broker's, in MB, and how many descriptors it holds. */
  readonly memory: number;
  readonly descriptors: number;
}

const [, own = "", ...words] = process.argv;
const [first = "", second = "", third = ""] = words;
if (first === "attack") await attack(second, third);
else measure(first, Number(second), third);

async function attack(kind: string, name: string): Promise<void> {
  const session = sessionFolder();
  const all = kind === "control" ? controlAttacks : socketAttacks;
  await all[name]?.(join(session, kind), new AbortController().signal);
}

function measure(result: string, seconds: number, held: string): void {
  const rounds: Round[] = [round("none", undefined, seconds, held)];
  for (const [kind, attacks] of [
    ["sock", socketAttacks],
    ["control", controlAttacks],
  ] as const)
    for (const name of Object.keys(attacks)) {
      const args = [own, "attack", kind, name];
      rounds.push(round(`${kind}: ${name}`, [process.execPath, args], seconds, held));
    }
  rounds.push(
    round("descriptors sent", ["/usr/bin/python3", ["-c", sendDescriptors, sessionFolder()]], seconds, held),
  );
  rounds.push(
    round("peers that die", ["/usr/bin/python3", ["-c", dyingPeers, sessionFolder()]], seconds, held),
  );
  rounds.push(round("none, afterwards", undefined, seconds, held));
  writeFileSync(result, JSON.stringify(rounds));
}

function round(
  name: string,
  command: readonly [string, readonly string[]] | undefined,
  seconds: number,
  held: string,
): Round {
  const attackers =
    command === undefined ? [] : [1, 2].map(() => spawn(command[0], command[1], { stdio: "ignore" }));
  const times: number[] = [];
  const wrong: string[] = [];
  const ask = (args: readonly string[], expected: number) => {
    const begun = process.hrtime.bigint();
    const { status, stderr } = spawnSync("rm", args, { encoding: "utf8" });
    times.push(Number(process.hrtime.bigint() - begun) / 1e6);
    if (status !== expected) wrong.push(`${args.join(" ")}: ${status} ${stderr}`);
  };
  for (const end = Date.now() + seconds * 1000; Date.now() < end || times.length < 6; ) {
    ask(["-f", "/nonexistent/file"], 0);
    ask(["-rf", held], 126);
  }
  const broker = `/proc/${process.ppid}`;
  const memory = /VmRSS:\s*(\d+)/.exec(readFileSync(`${broker}/status`, "utf8"))?.[1];
  const descriptors = readdirSync(`${broker}/fd`).length;
  for (const attacker of attackers) attacker.kill("SIGKILL");
  const sorted = times.toSorted((a, b) => a - b);
  return {
    attack: name,
    calls: times.length,
    wrong,
    medianMs: Math.round((sorted[sorted.length >> 1] ?? 0) * 10) / 10,
    slowestMs: Math.round(sorted.at(-1) ?? 0),
    memory: Math.round(Number(memory) / 1024),
    descriptors,
  };
}

/** The session's shims come first on PATH. */
function sessionFolder(): string {
  return dirname((process.env["PATH"] ?? "").split(":")[0] ?? "");
}

const sendDescriptors = `
import array, socket, sys
files = [open("/dev/null") for _ in range(200)]
while True:
    for name in ("sock", "control"):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(sys.argv[1] + "/" + name)
            try: s.sendmsg([b"x" * 10], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [f.fileno() for f in files]))])
            except OSError: pass
`;

const dyingPeers = `
import os, signal, socket, struct, sys
body = b"\\0".join(b"holdpoint/1 call rm 1 1 / null 3 rm -f /x 0".split()) + b"\\0"
frame = struct.pack(">I", len(body)) + body
n = 0
while True:
    n += 1
    if os.fork() == 0:
        s = socket.socket(socket.AF_UNIX)
        s.connect(sys.argv[1] + "/sock")
        s.send(frame[: n % (len(frame) + 1)])
        os.kill(os.getpid(), signal.SIGKILL)
    os.wait()
`;
