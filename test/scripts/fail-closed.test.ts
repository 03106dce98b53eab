import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Place } from "./session.js";

// Whatever breaks, a guarded command ends with 126 and says so in one clear line, at once.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
  writeFileSync(join(place.outside, "precious"), "precious\n");
});

afterAll(() => place.remove());

const act = (): string =>
  `s=$(date +%s%N); rm -f ${place.outside}/precious; echo "status $?"; echo "ms $(( ($(date +%s%N) - s) / 1000000 ))"`;

function check(stdout: string, stderr: string): void {
  expect(stdout).toMatch(/^status 126$/m);
  expect(Number(/^ms (\d+)$/m.exec(stdout)?.[1])).toBeLessThan(1000);
  expect(stderr.match(/holdpoint: denied/g)?.length).toBe(1);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(existsSync(join(place.outside, "precious"))).toBe(true);
}

test("the broker is killed in mid-session", async () => {
  const outcome = await place.run({ command: ["bash", "-c", `kill -9 $PPID; sleep 0.1; ${act()}`] });
  expect(outcome.status).toBe("SIGKILL");
  check(outcome.stdout, outcome.stderr);
});

test("the socket is removed", async () => {
  const outcome = await place.run({
    command: ["sh", "-c", `/bin/unlink "\${PATH%%/bin:*}/sock" 2>/dev/null; ${act()}`],
    flags: ["-q", "--mode", "observe"],
  });
  check(outcome.stdout, outcome.stderr);
});

test.each([
  ["full", "size=64k", "head -c 1000000 /dev/zero > $S/filler"],
  ["read-only", "size=1m", "mount -o remount,ro $S"],
])("the log is on a %s file system", async (_name, options, damage) => {
  const state = join(place.base, "state");
  mkdirSync(state, { recursive: true });
  // The damage is done from outside the session, by the shell that made the mount.
  const outer = `S=${state}; mount -t tmpfs -o ${options} state $S && { (sleep 1.5; ${damage}) & ${process.execPath} ${cli} run -q -- sh -c ${quote(`sleep 3; ${act()}`)}; }`;
  const outcome = await execute("unshare", ["-m", "bash", "-c", outer], {
    cwd: place.workspace,
    env: { ...place.env, XDG_STATE_HOME: state },
  });
  check(outcome.stdout, outcome.stderr.replace(/^head:.*\n/m, ""));
});

test.each([
  ["no YAML", "rules: [", /config\.yaml:1: /],
  [
    "a rule with a field that is none",
    "version: 1\nrules:\n  - {id: a/b, when: {acton: delete}, then: deny, because: x}\n",
    /config\.yaml:3: .*"acton" is not a field/,
  ],
  [
    "a locked rule loosened",
    "version: 1\nrules:\n  - {id: guard/own-files, then: allow}\n",
    /config\.yaml:3: "guard\/own-files" is locked/,
  ],
  [
    "an example that does not hold",
    "version: 1\nrules:\n  - {id: a/b, when: {action: delete, resource: sql}, then: deny, because: x, match: [ls]}\n",
    /config\.yaml:3: "a\/b" does not match its example: ls/,
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
  ["explain without a line", ["explain"], 2],
  ["help", ["--help"], 0],
  ["version", ["--version"], 0],
])("usage: %s", async (_name, args, status) => {
  const outcome = await execute(process.execPath, [cli, ...args], { cwd: place.workspace, env: place.env });
  expect(outcome.status).toBe(status);
});

test("the program to run is missing, or cannot be executed", async () => {
  expect((await place.run({ command: ["no-such-program"] })).status).toBe(127);
  const plain = join(place.workspace, "plain");
  writeFileSync(plain, "x");
  chmodSync(plain, 0o644);
  expect((await place.run({ command: [plain] })).status).toBe(126);
});

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
