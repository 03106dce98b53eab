import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { openTerminal, type PersonScreen } from "./screen.js";
import { cli, makePlace, type Place, root } from "./session.js";

// An agent that wants its own question answered, and holds the same user's rights as the person. Nobody else presses a key.

const python = "/usr/bin/python3";
const attacker = join(root, "test", "scripts", "attacker.py");
const isRoot = process.getuid?.() === 0;
/** As root there is nothing to defend: the session, its agent and the person are another user. */
const plain = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

let place: Place;
let screen: PersonScreen | undefined;
const services: ChildProcess[] = [];

beforeEach(async () => {
  const made = await makePlace();
  place = { ...made, env: { ...made.env, PATH: "/usr/local/bin:/usr/bin:/bin", CI: undefined } };
  for (const name of ["one", "two"]) writeFileSync(join(place.outside, name), `${name}\n`);
  mkdirSync(join(place.base, "results"));
  if (isRoot) execFileSync("chown", ["-R", "65534:65534", place.base]);
});
afterEach(() => {
  screen?.kill();
  for (const service of services.splice(0)) service.kill("SIGKILL");
  place.remove();
});
afterAll(() => screen?.kill());

const target = () => join(place.outside, "one");
const result = (way: string) => join(place.base, "results", way);

/** What the attacker is told; `ways` of services that were there before the session. */
function attackEnv(started: Readonly<Record<string, string>>): Record<string, string> {
  const config = {
    approve: [process.execPath, cli, "approve"],
    results: join(place.base, "results"),
    target: target(),
    other: join(place.outside, "two"),
    tmux: join(place.base, "tmux"),
    terminals: readdirSync("/dev/pts").map((name) => `/dev/pts/${name}`),
    stranger: process.pid,
    services: started,
  };
  return { ...definedOnly(place.env), ATTACK: JSON.stringify(config) };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A service of the user's that was there before the session. */
async function service(name: string, env: Record<string, string>): Promise<string> {
  const path = join(place.base, `${name}.sock`);
  const [program = "", ...args] = [...plain, python, attacker, "serve", path, name];
  services.push(spawn(program, args, { env, cwd: place.base, stdio: "ignore" }));
  await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
  // Its start must be older by more than one tick of the clock that tells.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return path;
}

function open(env: Record<string, string>, before: readonly string[], ways: readonly string[]): PersonScreen {
  const [program = "", ...args] = [
    ...plain,
    ...before,
    ...[process.execPath, cli, "run", "-q", "--timeout", "10m", "--", python, attacker, "attack", ...ways],
  ];
  return openTerminal({ ...place, env }, program, args);
}

async function seen(way: string, limit = 60_000): Promise<string> {
  for (const end = Date.now() + limit; !existsSync(result(way)); ) {
    if (Date.now() > end) throw new Error(`nothing came of "${way}"; the screen shows:\n${screen?.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // What a terminal showed, without its colours and line breaks.
  return readFileSync(result(way), "latin1")
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "")
    .replace(/\s+/g, " ");
}

const answers = () => place.records().filter(({ event }) => event === "answer");

const refusals: readonly (readonly [way: string, refusal: RegExp])[] = [
  ["terminal-of-its-own", /takes no answers from here: process \d+ was started inside this session/],
  ["no-environment", /process \d+ was started inside this session/],
  ["setsid", /process \d+ was started inside this session/],
  ["orphan", /was started after the session began, by or left to/],
  ["script", /process \d+ was started inside this session/],
  ["nohup", /was started after the session began/],
  ["session-below", /process \d+ was started inside this session/],
  ["tmux", /was started after the session began/],
  ["systemd", /was started after the session began, by or left to "systemd"/],
  ["cron", /was started after the session began, by or left to "cron"/],
  ["without-terminal", /answering needs a terminal/],
  ["deny", /takes no answers from here/],
  ["end", /is not ended from here/],
  ["socket", /"is":"refused".*"is":"refused"/],
  ["socket-end", /"is":"refused"/],
  ["false-name", /^node \S+holdpoint\.js approve .*"is":"refused","reason":"process \d+ was started inside/],
  ["dead-peer", /"is":"refused","reason":"(?:the kernel does not say|its process cannot be looked at)/],
  ["garbage", /^(?:(?!answered|"is":"card").)*$/],
  ["terminals", /\/dev\/tty: /],
  ["config", /^it asks as before$/],
];

test("every way: refused, nothing allowed, the file stays; and with the broker killed the shims deny", async () => {
  const env = attackEnv({});
  const started = { systemd: await service("systemd", env), cron: await service("cron", env) };
  screen = open(attackEnv(started), [], []);
  for (const [way, refusal] of refusals)
    expect({ way, said: await seen(way) }).toEqual({ way, said: expect.stringMatching(refusal) });
  expect(await seen("kill")).toMatch(/^126 126 .*holdpoint: denied/);
  expect(readFileSync(target(), "utf8")).toBe("one\n");
  expect(existsSync(join(place.outside, "two"))).toBe(true);
  expect(answers().filter(({ verdict }) => verdict !== "deny")).toEqual([]);
  // Each try is in the log, for whoever looks into it later.
  const alerts = place.records().filter(({ event }) => event === "alert");
  expect(alerts.length).toBeGreaterThan(12);
}, 400_000);

test("below a login's service manager, which adopts what the agent leaves and starts what it is told to", async () => {
  const path = join(place.base, "manager.sock");
  screen = open(attackEnv({ manager: path }), [python, attacker, "reap", path], ["orphan", "manager"]);
  for (const way of ["orphan", "manager"])
    expect(await seen(way)).toMatch(/was started after the session began, by or left to "python3"/);
  expect(readFileSync(target(), "utf8")).toBe("one\n");
  expect(answers()).toEqual([]);
}, 200_000);

// The other side of it: the very same hands, outside.
test.each(["a terminal of its own, outside", "a new window of a terminal that was there before"])(
  "%s: the same program is let in",
  async (where) => {
    const env = attackEnv({});
    const path = await service("terminal", env);
    screen = open(env, [], ["none"]);
    await screen.see("command waits for you");
    const id = /-([a-z2-7]{7})\.jsonl$/.exec(place.logs()[0] ?? "")?.[1] ?? "";
    const drive = [
      python,
      attacker,
      "drive",
      result("outside"),
      process.execPath,
      cli,
      "approve",
      "--session",
      id,
      "q1",
    ];
    const argv = where.startsWith("a new") ? [python, attacker, "tell", path, ...drive] : drive;
    const [program = "", ...args] = [...plain, ...argv];
    spawn(program, args, { env, cwd: place.base, stdio: "ignore" });
    expect(await seen("outside")).toContain("allowed once");
    await expect.poll(() => existsSync(target()), { timeout: 10_000 }).toBe(false);
    expect(answers()).toMatchObject([{ verdict: "allow" }]);
  },
  120_000,
);
