import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyLog } from "../soak/guarded.js";
import { cli, execute, makePlace, type Place } from "./session.js";

// A bomb counts against all processes of its user, the broker among them: it gets a user and a table of processes of its own.

const user = "54321";
const apart = (processes: number) => [
  ...["--pid", "--fork", "--mount-proc", "--kill-child", "--"],
  ...["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--"],
  ...["prlimit", `--nproc=${processes}`, "--nofile=180", "--", process.execPath, cli],
];

const canBomb = (): boolean => {
  try {
    execFileSync("unshare", [...apart(100), "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** Every process of it starts more of its kind, and guarded calls, until none can be started for a while; then it makes two calls. */
const bomb = `
import os, random, subprocess, sys, time
first, since = os.getpid(), time.time()
while not (os.path.exists("stop")):
    if time.time() - since > 4 and os.path.exists("full"): open("stop", "w").close()
    try: pid = os.fork()
    except OSError:
        open("full", "w").close()
        time.sleep(0.01)
        pid = -1
    if pid == 0 and random.random() < 0.5: os.execvp("rm", ["rm", "-f", "none"])
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except OSError: pass
if os.getpid() != first: os._exit(0)
try:
    while True: os.wait()
except OSError: pass
for words in (["rm", "-f", "none"], ["rm", "-rf", sys.argv[1]]):
    print(subprocess.run(words, stderr=subprocess.DEVNULL).returncode, flush=True)
`;

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});

afterEach(() => place.remove());

test.skipIf(!canBomb()).each([60, 400])(
  "a fork bomb of guarded calls, %i processes: whoever finds no room is refused, and the session goes on",
  async (processes) => {
    writeFileSync(join(place.outside, "file"), "stays\n");
    const program = join(place.base, "bomb.py");
    writeFileSync(program, bomb);
    chmodSync(place.base, 0o755);
    execFileSync("chown", ["-R", `${user}:${user}`, place.base]);
    const { status, stdout } = await execute(
      "unshare",
      [...apart(processes), "run", "-q", "--mode", "deny", "--", "python3", program, place.outside],
      { cwd: place.workspace, env: place.env, limit: 110_000 },
    );
    expect([status, stdout, existsSync(join(place.workspace, "full"))]).toEqual([0, "0\n126\n", true]);
    expect(existsSync(join(place.outside, "file"))).toBe(true);
    expect(verifyLog(place, place.logs()[0] ?? "")).toMatchObject({
      ...{ status: 0, text: expect.stringMatching(/: whole, \d{2,} records\n$/) },
    });
  },
  120_000,
);
