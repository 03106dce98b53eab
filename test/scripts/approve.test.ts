import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openScreen, openTerminal, type PersonScreen } from "./screen.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// A person answers from another terminal than the one that the agent was started on.

let place: Place;
const screens: PersonScreen[] = [];

beforeAll(async () => {
  place = await makePlace();
});
beforeEach(() => {
  for (const name of ["one", "two", "three"]) writeFileSync(out(name), `${name}\n`);
});
afterEach(() => {
  for (const screen of screens.splice(0)) screen.kill();
});
afterAll(() => place.remove());

const out = (name: string): string => join(place.outside, name);
const exists = (name: string): boolean => existsSync(out(name));
const card = /commands? waits? for you/;
const moment = (ms = 500): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const keep = (screen: PersonScreen): PersonScreen => {
  screens.push(screen);
  return screen;
};

/** An agent: a program without a shim that runs each command in turn and says how it ended. */
function agent(...commands: readonly string[]): readonly string[] {
  const path = join(place.base, "agent.cjs");
  writeFileSync(
    path,
    `const { spawnSync } = require("node:child_process");
for (const command of ${JSON.stringify(commands)}) {
  const { status } = spawnSync("bash", ["-c", command], { stdio: ["ignore", "inherit", "inherit"] });
  console.log("status " + status);
}
`,
  );
  return [process.execPath, path];
}

/** The session that began last here. */
async function newest(count: number): Promise<string> {
  await expect.poll(() => place.logs().length, { timeout: 20_000 }).toBe(count);
  return /-([a-z2-7]{7})\.jsonl$/.exec(place.logs().at(-1) ?? "")?.[1] ?? "";
}

async function session(start: () => unknown): Promise<string> {
  const before = place.logs().length;
  start();
  return newest(before + 1);
}

function approver(id: string, ...flags: readonly string[]): PersonScreen {
  return keep(openTerminal(place, process.execPath, [cli, "approve", "--session", id, ...flags]));
}

function holdpoint(...args: readonly string[]): Promise<Outcome> {
  return execute(process.execPath, [cli, ...args], { cwd: place.workspace, env: place.env });
}

/** The word stands on every card of an approver. */
async function allow(screen: PersonScreen, key: "a" | "s"): Promise<void> {
  await screen.see(/and type \S+/);
  await moment();
  const word = /and type (.+?)\s*$/m.exec(screen.text())?.[1];
  screen.press(key);
  await moment(150);
  screen.press(`${word}\r`);
}

const answers = () => place.records().filter(({ event }) => event === "answer");

test("allowed once from elsewhere: the session's own card goes, the call runs, the log says who", async () => {
  let own: PersonScreen | undefined;
  const id = await session(() => {
    own = keep(openScreen(place, agent(`rm ${out("one")}`, `rm ${out("one")} ${out("two")}`)));
  });
  await own?.see(card);
  const other = approver(id);
  await allow(other, "a");
  await other.see(`allowed once ${id}/q1`);
  await own?.see("question q2");
  expect([exists("one"), exists("two")]).toEqual([false, true]);
  await other.see("question q2");
  await moment();
  other.press("r");
  await moment(150);
  other.press("ask Ada first\r");
  await own?.see("ask Ada first");
  expect(await own?.exited).toBe(0);
  expect(own?.text()).toMatch(/status 0[\s\S]*status 126/);
  expect(exists("two")).toBe(true);
  await other.see("no session is running");
  other.press("\u0003");
  expect(await other.exited).toBe(0);
  expect(answers().slice(-2)).toMatchObject([
    { verdict: "allow", answer: { how: expect.stringMatching(/^approve, pts\/\d+$/), grant: "once" } },
    {
      verdict: "deny",
      answer: { how: expect.stringMatching(/^approve, pts\/\d+$/) },
      reason: "ask Ada first",
    },
  ]);
});

test("allowed for the session, and a card for what is critical wants the name, too", async () => {
  const line =
    'curl -s --max-time 2 http://127.0.0.1:9/graphql/v2 --connect-to backboard.railway.app:443:127.0.0.1:9 https://backboard.railway.app/graphql/v2 -d \'{"query":"mutation { volumeDelete(volumeId: \\"vol-12345\\") }"}\'';
  let own: PersonScreen | undefined;
  const truncate = `truncate -s 0 ${out("three")}`;
  const id = await session(() => {
    own = keep(openScreen(place, agent(truncate, truncate, line)));
  });
  const other = approver(id);
  await allow(other, "s");
  await other.see(/type vol-12345 \S+/);
  await moment();
  other.press("a");
  await moment(150);
  other.press("vol-12345\r");
  await other.see("that is not it");
  other.press("\u001b");
  await moment();
  other.press("d");
  await other.see(`denied ${id}/q2`);
  await own?.see(/status 0\s+status 0/);
  expect(await own?.exited).toBe(0);
});

test("two approvers and the session's own card: the first answer counts, and takes the other cards away", async () => {
  let own: PersonScreen | undefined;
  const id = await session(() => {
    own = keep(openScreen(place, agent(`rm ${out("one")}`)));
  });
  await own?.see(card);
  const others = [approver(id), approver(id)];
  for (const other of others) await other.see(card);
  const words = others.map((other) => /and type (\S+)/.exec(other.text())?.[1]);
  expect(words.every((word) => word !== undefined)).toBe(true);
  await moment();
  others[1]?.press("d");
  await others[1]?.see(`denied ${id}/q1`);
  await others[0]?.see(`over ${id}/q1`);
  expect(await own?.exited).toBe(0);
  expect(own?.text()).toContain("status 126");
  expect(exists("one")).toBe(true);
});

test("answered at the session's own terminal: the approver's card goes", async () => {
  let own: PersonScreen | undefined;
  const id = await session(() => {
    own = keep(openScreen(place, agent(`rm ${out("one")}`)));
  });
  await own?.see(card);
  const other = approver(id, "--once");
  await other.see(card);
  await moment();
  own?.press("d");
  await other.see(`over ${id}/q1`);
  expect(await other.exited).toBe(0);
});

test("q leaves a question to others", async () => {
  let own: PersonScreen | undefined;
  const id = await session(() => {
    own = keep(openScreen(place, agent(`rm ${out("one")}`)));
  });
  await own?.see(card);
  const other = approver(id, "q1");
  await other.see(/q leave/);
  await moment();
  other.press("q");
  await other.see(`left ${id}/q1 waiting`);
  expect(await other.exited).toBe(0);
  await own?.see(card);
  own?.press("d");
  expect(await own?.exited).toBe(0);
});

test("D denies all that waits, here and behind it, in one go", async () => {
  let own: PersonScreen | undefined;
  for (let at = 0; at < 20; at++) writeFileSync(out(`flood-${at}`), "there before\n");
  const program = join(place.base, "flood.cjs");
  writeFileSync(
    program,
    `const { spawn } = require("node:child_process");
let left = 20;
for (let at = 0; at < 20; at++)
  spawn("rm", [${JSON.stringify(place.outside)} + "/flood-" + at], { stdio: "ignore" }).on("exit", (code) => {
    if (code !== 126) console.log("ended with " + code);
    if (--left === 0) console.log("all ended");
  });`,
  );
  const id = await session(() => {
    own = keep(openScreen(place, [process.execPath, program]));
  });
  await own?.see(/19 more behind/, 30_000);
  const other = approver(id);
  await other.see(/19 more behind[\s\S]*D deny all 20/, 30_000);
  await moment();
  other.press("D");
  await other.see(`denied all: 20 commands of ${id}`);
  await own?.see("all ended");
  expect(await own?.exited).toBe(0);
  expect(own?.text()).not.toContain("ended with");
  expect(
    answers()
      .filter(({ question }) => question !== undefined)
      .slice(-20),
  ).toMatchObject(
    Array.from({ length: 20 }, () => ({
      verdict: "deny",
      answer: { how: expect.stringMatching(/^approve, pts/) },
    })),
  );
});

test("a command of 1 MB, with what would take over a terminal: both cards stand, show it as text, and take keys", async () => {
  const evil = "\u001b]0;taken\u0007\u001b[2J\u202egpj";
  const program = join(place.base, "large.cjs");
  writeFileSync(
    program,
    `const words = Array.from({ length: 11 }, (_, at) => ${JSON.stringify(evil)} + String(at).repeat(95000 / String(at).length));
const { status } = require("node:child_process").spawnSync("rm", [${JSON.stringify(out("one"))}, ...words], { stdio: "ignore" });
console.log("status " + status);`,
  );
  let own: PersonScreen | undefined;
  const id = await session(() => {
    own = keep(openScreen(place, [process.execPath, program]));
  });
  await own?.see(card, 20_000);
  const other = approver(id);
  await other.see(/and type \S+/, 20_000);
  await moment();
  other.press("v");
  await other.see(/v less/, 30_000);
  for (const key of [" ", "j", "k", "\u001b[6~"]) other.press(key);
  await moment();
  other.press("d");
  await other.see(`denied ${id}/q1`, 30_000);
  await own?.see("status 126", 30_000);
  expect(await own?.exited).toBe(0);
  for (const screen of [own, other]) {
    expect(screen?.raw()).toContain("taken");
    expect(screen?.raw()).not.toMatch(/\u001b\]0;taken|\u202e/);
    // What is drawn is a screen's worth, and not what was sent.
    expect(screen?.raw().length).toBeLessThan(400_000);
  }
  expect(exists("one")).toBe(true);
});

/** Without any terminal, as an editor or a service starts it. */
function unattended(flags: readonly string[], ...commands: readonly string[]): Promise<Outcome> {
  return execute("setsid", ["-w", process.execPath, cli, "run", ...flags, "--", ...agent(...commands)], {
    cwd: place.workspace,
    env: { ...place.env, CI: "" },
    limit: 60_000,
  });
}

test("a session without a terminal waits for an approver when it is told to ask, and tells the notify command", async () => {
  const told = join(place.base, "told");
  const config = join(place.home, "notify.yaml");
  writeFileSync(
    config,
    `version: 1\nnotify: ["sh", "-c", 'printf "%s|" "$@" >${told}; echo $PATH >>${told}', "tell"]\n`,
  );
  let done: Promise<Outcome> = Promise.reject(new Error("not started"));
  done.catch(() => {});
  const id = await session(() => {
    done = unattended(["--mode", "ask", "--config", config], `rm ${out("one")}`);
  });
  const other = approver(id);
  await allow(other, "a");
  const { stdout, stderr } = await done;
  expect({ stdout, gone: !exists("one") }).toEqual({ stdout: "status 0\n", gone: true });
  expect(stderr).toContain("holdpoint approve");
  await expect
    .poll(() => existsSync(told) && readFileSync(told, "utf8"), { timeout: 10_000 })
    .toMatch(
      /^holdpoint: node agent.cjs waits for you\|It would delete .*one.*\. To answer: holdpoint approve\|(?!.*holdpoint-[a-z2-7]{7}\/bin)/,
    );
});

test.each([
  ["approve: true in the config", [], "approve: true\n", "nobody answered in time"],
  [
    "a notify command that does not exist",
    [],
    "approve: true\nnotify: [no-such-program]\n",
    "nobody answered in time",
  ],
  ["neither", [], "", "(mode deny)"],
])("without a terminal and without an approver: %s", async (_name, flags, lines, reason) => {
  const config = join(place.home, "alone.yaml");
  writeFileSync(config, `version: 1\n${lines}`);
  const { stdout, stderr } = await unattended(
    ["-q", "--timeout", "2s", "--config", config, ...flags],
    `rm ${out("one")}`,
  );
  expect(stdout).toBe("status 126\n");
  expect(stderr).toContain(reason);
  expect(exists("one")).toBe(true);
});

test("what waits and what was refused, for programs and for people; refused without a card; ended", async () => {
  let done: Promise<Outcome> = Promise.reject(new Error("not started"));
  done.catch(() => {});
  const id = await session(() => {
    done = unattended(
      ["-q", "--mode", "ask", "--name", "night shift"],
      `rm ${out("one")} # TOKEN=${"s3cret".repeat(4)}`,
      `TOKEN=${"s3cret".repeat(4)} truncate -s 0 ${out("two")}`,
      "exec sleep 1000",
    );
  });
  const list = async () => {
    const { stdout } = await holdpoint("approve", "--session", id, "--json");
    return JSON.parse(stdout).waiting;
  };
  await expect.poll(async () => (await list()).length, { timeout: 20_000 }).toBe(1);
  expect(await list()).toMatchObject([
    {
      id: `${id}/q1`,
      session: id,
      label: "night shift",
      question: "q1",
      effects: [expect.stringContaining("would delete")],
      commands: [{ cwd: place.workspace, callers: 1 }],
      rules: ["files/lose-work", "files/outside"],
    },
  ]);
  const refused = await holdpoint("approve", "--session", id, "--deny", "q1");
  expect(refused.stdout).toContain(`denied ${id}/q1`);
  expect((await holdpoint("approve", "--session", id, "--deny", "q1")).status).toBe(1);
  await expect.poll(async () => (await list())[0]?.question, { timeout: 20_000 }).toBe("q2");
  expect(JSON.stringify(await list())).not.toContain("s3cret");
  const status = await holdpoint("status", "--json");
  const { sessions } = JSON.parse(status.stdout);
  expect(sessions.find((each: { id: string }) => each.id === id)).toMatchObject({
    label: "night shift",
    mode: "ask",
    waiting: [{ id: `${id}/q2` }],
    refused: [{ question: "q1", reason: "a human refused it", rules: ["files/lose-work", "files/outside"] }],
  });
  const words = await holdpoint("status");
  expect(words.stdout).toContain("night shift  mode ask");
  expect(words.stdout).toContain(`${id}/q2`);
  expect(words.stdout).toMatch(/refused: 1[\s\S]*one/);
  expect((await holdpoint("approve", "--session", id, "--all-deny")).stdout).toContain(`denied ${id}/q2`);
  expect(await holdpoint("end", id)).toMatchObject({ status: 0, stdout: `ended ${id} (night shift)\n` });
  expect((await done).stdout).toBe("status 126\nstatus 126\n");
  expect([exists("one"), readFileSync(out("two"), "utf8")]).toEqual([true, "two\n"]);
  expect((await holdpoint("end", id)).stderr).toMatch(/no session/);
});

test("answering needs a terminal", async () => {
  const { status, stderr } = await execute("setsid", ["-w", process.execPath, cli, "approve"], {
    cwd: place.workspace,
    env: place.env,
  });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("needs a terminal") });
});
