import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// Whatever breaks, a guarded command ends with 126 and says so in one clear line, at once.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
  writeFileSync(join(place.outside, "precious"), "precious\n");
});

afterAll(() => place.remove());

/** Node, which no shim stands before: what it starts is judged when it starts, not when the line was read. */
function act(before: string, meanwhile = ""): readonly string[] {
  const path = join(place.base, "act.cjs");
  const program = `const { spawnSync } = require("node:child_process");
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
${before};
let start = Date.now();
${meanwhile}
start = Date.now();
const { status } = spawnSync("rm", ["-f", ${JSON.stringify(join(place.outside, "precious"))}], { stdio: "inherit" });
console.log("status " + status);
console.log("ms " + (Date.now() - start));
`;
  writeFileSync(path, program);
  return [process.execPath, path];
}

function check(stdout: string, stderr: string): void {
  expect(stdout).toMatch(/^status 126$/m);
  expect(Number(/^ms (\d+)$/m.exec(stdout)?.[1])).toBeLessThan(4000);
  expect(stderr.match(/holdpoint: denied/g)?.length).toBe(1);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(existsSync(join(place.outside, "precious"))).toBe(true);
}

test("the broker is killed in mid-session", async () => {
  const outcome = await place.run({ command: act("process.kill(process.ppid, 9); sleep(100)") });
  expect(outcome.status).toBe("SIGKILL");
  check(outcome.stdout, outcome.stderr);
});

test("the socket is removed", async () => {
  const remove = 'require("node:fs").unlinkSync(process.env.PATH.split(":")[0] + "/../sock")';
  const outcome = await place.run({ command: act(remove), flags: ["-q", "--mode", "observe"] });
  check(outcome.stdout, outcome.stderr);
});

/** A session whose state lies on a small file system of its own; `damage` is done to it from outside, before or during. */
async function runOn(options: string, before: string, during?: string, meanwhile = ""): Promise<Outcome> {
  const state = join(place.base, "state");
  mkdirSync(state, { recursive: true });
  const guarded = [process.execPath, cli, "run", "-q", "--", ...act("sleep(2000)", meanwhile)].join(" ");
  const started =
    "for i in $(seq 200); do ls $S/holdpoint/sessions/*.jsonl >/dev/null 2>&1 && break; sleep 0.05; done";
  const damage = during === undefined ? "" : `(${started}; sleep 0.5; ${during}) &`;
  const line = `S=${state}; mount -t tmpfs -o ${options} state $S; ${before}; ${damage} ${guarded}`;
  const env = { ...place.env, XDG_STATE_HOME: state };
  return execute("unshare", ["-m", "bash", "-c", line], { cwd: place.workspace, env });
}

test("the disk under the log fills up in mid-session: even what is harmless ends with 126", async () => {
  // The last page of the log has room for a few records more.
  const again =
    'while (spawnSync("rm", ["-f", "none"], { stdio: "pipe" }).status === 0 && Date.now() < start + 20000);';
  const outcome = await runOn("size=64k", "true", "head -c 1000000 /dev/zero > $S/filler 2>/dev/null", again);
  expect(outcome.stderr).toContain("cannot write the audit log");
  check(
    outcome.stdout,
    outcome.stderr.replace(/^holdpoint: the record of "session.end" could not be written\n/m, ""),
  );
});

test("the log is on a read-only file system: nothing is started", async () => {
  const outcome = await runOn("size=1m", "mount -o remount,ro $S");
  expect(outcome).toMatchObject({ status: 1, stdout: "" });
  expect(outcome.stderr).toMatch(/^holdpoint: cannot make the folder ".*" for the audit log/);
});

test.each([
  ["no YAML", "rules: [", /config\.yaml:1:\d+: /],
  [
    "a rule with a field that is none",
    "version: 1\nrules:\n  - {id: a/b, when: {acton: delete}, then: deny, because: x}\n",
    /config\.yaml:3:\d+: .*"acton" is not a field/,
  ],
  ["a time-out that is none", "version: 1\ntimeout: 5 minutes\n", /config\.yaml: "timeout": a duration is/],
  [
    "longer than a config may be",
    `#${"x".repeat(1_100_000)}`,
    /config\.yaml: is longer than a config may be/,
  ],
  [
    "a locked rule loosened",
    "version: 1\nrules:\n  - {id: guard/own-files, then: allow}\n",
    /config\.yaml:3:\d+: "guard\/own-files" is locked/,
  ],
  [
    "an example that does not hold",
    "version: 1\nrules:\n  - {id: a/b, when: {action: delete, resource: sql}, then: deny, because: x, match: [ls]}\n",
    /config\.yaml:3:86: "a\/b" does not match its example: ls/,
  ],
])("a broken config starts nothing: %s", async (_name, text, message) => {
  const config = join(place.base, "config.yaml");
  writeFileSync(config, text);
  const outcome = await place.run({
    command: ["touch", join(place.base, "started")],
    flags: ["-q", "--config", config],
  });
  expect(outcome.status).toBe(2);
  expect(outcome.stderr).toMatch(message);
  expect(existsSync(join(place.base, "started"))).toBe(false);
});

test("a log that cannot be opened starts nothing", async () => {
  const state = join(place.base, "blocked");
  writeFileSync(state, "a file where a folder should be");
  const outcome = await place.run({
    command: ["touch", join(place.base, "started")],
    env: { XDG_STATE_HOME: state },
  });
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toMatch(/holdpoint: cannot .*log/);
  expect(existsSync(join(place.base, "started"))).toBe(false);
});

test.each<[string, readonly string[], number]>([
  ["unknown option", ["run", "--colour"], 2],
  ["unknown mode", ["run", "--mode", "yes", "--", "true"], 2],
  ["no command", ["run"], 2],
  ["bad duration", ["run", "--timeout", "5", "--", "true"], 2],
  ["a duration too long for a timer", ["run", "--timeout", "9999h", "--", "true"], 2],
  ["explain without a line", ["explain"], 2],
  ["help", ["--help"], 0],
  ["version", ["--version"], 0],
])("usage: %s", async (_name, args, status) => {
  const outcome = await execute(process.execPath, [cli, ...args], { cwd: place.workspace, env: place.env });
  expect(outcome.status).toBe(status);
});

test.each([
  ["/proc", /^holdpoint: cannot make the folder "\/proc\/.*" for the audit log.*\n$/],
  ["/dev/null", /^holdpoint: cannot make the folder "\/dev\/null\/.*" for the audit log.*\n$/],
])(
  "a home in which nothing can be made starts nothing, at once, and says so in one line: %s",
  async (home, message) => {
    const outcome = await place.run({
      command: ["touch", join(place.base, "started")],
      env: { HOME: home },
      limit: 10_000,
    });
    expect([outcome.status, outcome.stdout]).toEqual([1, ""]);
    expect(outcome.stderr).toMatch(message);
    expect(existsSync(join(place.base, "started"))).toBe(false);
  },
);

test("a config that is no file is refused, and not waited for", async () => {
  const config = join(place.base, "config.fifo");
  await execute("mkfifo", [config], { cwd: place.base, env: place.env });
  const outcome = await place.run({ command: ["true"], flags: ["-q", "--config", config], limit: 10_000 });
  expect(outcome).toMatchObject({
    status: 2,
    stderr: `holdpoint: ${config}: cannot be read: not a regular file\n`,
  });
});

test("the program to run is missing, or cannot be executed", async () => {
  expect((await place.run({ command: ["no-such-program"] })).status).toBe(127);
  expect((await place.run({ command: [""] })).status).toBe(127);
  expect((await place.run({ command: ["/etc/passwd/x"] })).status).toBe(126);
  const plain = join(place.workspace, "plain");
  writeFileSync(plain, "x");
  chmodSync(plain, 0o644);
  expect((await place.run({ command: [plain] })).status).toBe(126);
});
