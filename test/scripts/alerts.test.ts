import { createHmac } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// The built program and a real webhook on loopback: what it is told, and when.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});
beforeEach(() => {
  for (const name of ["one", "two", "three"]) writeFileSync(out(name), `${name}\n`);
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});
afterAll(() => place.remove());

const out = (name: string): string => join(place.outside, name);
const secret = "0123456789abcdef0123456789abcdef";
const servers: Server[] = [];

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
  /** What `look` saw when it came. */
  readonly seen: unknown;
}

/** A webhook that notes what it sees the moment an alert comes, and answers with each of `statuses` in turn; undefined: never. */
async function webhook(
  statuses: readonly (number | undefined)[] = [200],
  look: () => unknown = () => undefined,
) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const status = statuses[Math.min(heard.length, statuses.length - 1)];
      heard.push({ headers: request.headers, text, body: JSON.parse(text), seen: look() });
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { heard, url: `http://127.0.0.1:${port}/hook?key=in-the-url` };
}

let count = 0;
function config(text: string): readonly string[] {
  const path = join(place.home, `config-${++count}.yaml`);
  writeFileSync(path, `version: 1\n${text}`);
  return ["--config", path];
}

/** An agent: no shim stands before it. It notes in `mark` what each command came to. */
function agent(commands: readonly string[], meanwhile = ""): readonly string[] {
  const path = join(place.base, "agent.cjs");
  writeFileSync(
    path,
    `const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
for (const command of ${JSON.stringify(commands)}) {
  const { status } = spawnSync("bash", ["-c", command], { stdio: ["ignore", "inherit", "inherit"] });
  fs.appendFileSync(${JSON.stringify(mark())}, status + "\\n");
  ${meanwhile}
}
`,
  );
  writeFileSync(mark(), "");
  return [process.execPath, path];
}
const mark = () => join(place.base, "mark");
const marks = () => readFileSync(mark(), "utf8");
const session = (flags: readonly string[], commands: readonly string[], meanwhile = ""): Promise<Outcome> =>
  place.run({ flags: ["-q", ...flags], command: agent(commands, meanwhile), limit: 60_000 });

const recordsOf = (path: string | undefined): readonly Record<string, unknown>[] =>
  readFileSync(path ?? "", "utf8")
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
const newest = () => recordsOf(place.logs().at(-1));
const notes = () => newest().flatMap(({ event, reason }) => (event === "alert" ? [String(reason)] : []));

test("denied: signed, without secrets, on record before, and the caller knows nothing of it yet", async () => {
  const { heard, url } = await webhook([200], () => [
    existsSync(out("one")),
    marks(),
    newest().map(({ event, verdict }) => `${event} ${verdict ?? ""}`.trim()),
  ]);
  writeFileSync(join(place.home, "hook.key"), `${secret}\n`, { mode: 0o600 });
  const flags = config(`alerts: [{webhook: "${url}", secret_file: hook.key, on: [denied]}]\n`);
  const { stderr } = await place.run({
    flags: ["-q", "--name", "night shift", ...flags],
    command: agent([`rm ${out("one")} # token=${secret}`]),
    env: { DEPLOY_TOKEN: secret, CLAUDECODE: "1" },
  });
  expect([marks(), stderr.match(/holdpoint: denied/g)?.length, heard.length]).toEqual(["126\n", 1, 1]);
  const [{ headers, text, body, seen } = { headers: {}, text: "", body: {}, seen: "" }] = heard;
  expect(seen).toEqual([true, "", ["session.start", "exec deny"]]);
  expect(text).not.toContain(secret);
  expect(body).toMatchObject({
    ...{ version: 1, event: "denied", events: ["denied"], count: 1, label: "night shift", agent: "claude" },
    ...{ cwd: place.workspace, mode: "deny", verdict: "deny", observed: false, log: place.logs().at(-1) },
    text: expect.stringContaining(`rm ${out("one")}`),
    would: [`delete ${out("one")}`],
    reason: "it needs a human's approval, and this session asks nobody (mode deny)",
  });
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
  const expected = createHmac("sha256", secret).update(signed).digest("base64");
  expect([headers["webhook-id"], headers["webhook-signature"]]).toEqual([body["id"], `v1,${expected}`]);
  expect(notes()).toEqual([]);
});

const forbid = "rules: [{id: files/lose-work, then: deny}]\n";

test("observed: told before the call runs", async () => {
  const { heard, url } = await webhook([200], () => existsSync(out("one")));
  const flags = config(`${forbid}alerts: [{webhook: "${url}"}]\n`);
  await session(["--mode", "observe", ...flags], [`rm ${out("one")}`]);
  expect([marks(), existsSync(out("one"))]).toEqual(["0\n", false]);
  // The text, and the program's own argv: the same effect, counted.
  expect(
    heard.map(({ body, seen }) => [body["event"], body["verdict"], body["observed"], body["count"], seen]),
  ).toEqual([
    ["denied", "deny", true, 1, true],
    ["denied", "deny", true, 1, false],
  ]);
});

test("what is allowed is nobody's business", async () => {
  const { heard, url } = await webhook();
  await session(config(`alerts: [{webhook: "${url}"}]\n`), ["ls >/dev/null; rm -f none"]);
  expect([marks(), heard]).toEqual(["0\n", []]);
});

test("refused for a moment, then taken: one alert, delivered before the reply", async () => {
  const { heard, url } = await webhook([500, 200], marks);
  await session(config(`alerts: [{webhook: "${url}"}]\n`), [`rm ${out("one")}`]);
  expect(heard.map(({ body, seen }) => [body["id"], seen])).toEqual([
    [heard[0]?.body["id"], ""],
    [heard[0]?.body["id"], ""],
  ]);
  expect(notes()).toEqual([]);
});

test("a webhook that never answers holds nobody: the session ends, and says what was not delivered", async () => {
  const { heard, url } = await webhook([undefined]);
  const flags = config(`alerts: [{webhook: "${url}"}]\n`);
  const { stderr } = await session(flags, [`rm ${out("one")}`, `rm ${out("two")}`, `rm ${out("three")}`]);
  expect([marks(), heard.length]).toEqual(["126\n126\n126\n", 3]);
  const origin = new URL(url).origin;
  expect(notes()).toEqual(Array(3).fill(`alert not delivered: webhook ${origin}: not delivered in time`));
  expect(stderr).toContain("holdpoint: 3 alerts were not delivered; the log says why: ");
  expect(JSON.stringify(newest())).not.toContain("in-the-url");
});

test("a flood of denials is one alert and a count; different ones beyond twenty are counted in one", async () => {
  const { heard, url } = await webhook();
  const same = Array.from({ length: 30 }, () => `/bin/rm ${out("one")}`);
  const flags = config(`alerts: [{webhook: "${url}"}]\n`);
  await session(flags, [`for i in $(seq 40); do rm ${out("one")} || :; done`]);
  const first = heard.splice(0).map(({ body }) => [body["count"], body["alike"]]);
  expect(first.length).toBeLessThanOrEqual(2);
  for (let at = 0; at < 30; at++) writeFileSync(out(`f${at}`), "x\n");
  await session(
    flags,
    same.map((_, at) => `rm ${out(`f${at}`)}`),
  );
  expect(heard.map(({ body }) => [body["count"], body["alike"]])).toEqual([
    ...Array(20).fill([1, true]),
    [10, false],
  ]);
});

test("a program of the user's: outside the guard, from the home folder, before the reply", async () => {
  const told = join(place.base, "told");
  const script = join(place.home, "tell.sh");
  writeFileSync(
    script,
    `#!/bin/sh\ncat >>${told}\n{ echo; pwd; cat ${mark()}; rm ${out("two")}; echo "$PATH"; } >>${told}\nyes\n`,
    { mode: 0o755 },
  );
  const flags = config(`alerts: [{command: [sh, -c, '"$0" | head -c 10000000', "${script}"]}]\n`);
  await session(flags, [`rm ${out("one")}`, `echo true >${script}`]);
  const [json = "", cwd, ...rest] = readFileSync(told, "utf8").split("\n");
  expect([JSON.parse(json).event, cwd, rest[0], existsSync(out("two"))]).toEqual([
    ...["denied", place.home, place.env["PATH"], false],
  ]);
  // The agent may not write what is started outside the guard.
  expect([marks(), readFileSync(script, "utf8")]).toEqual(["126\n126\n", expect.stringContaining("yes")]);
});

test("a log that is edited, moved or cut while the session runs: told before the next call that matters", async () => {
  const { heard, url } = await webhook([200], () => marks());
  const flags = config(`alerts: [{webhook: "${url}", on: [log]}]\n`);
  const folder = join(place.home, ".local", "state", "holdpoint", "sessions");
  // By the agent's own code, which no shim sees.
  const tamper = `if (fs.readFileSync(${JSON.stringify(mark())}, "utf8") === "0\\n") {
    const name = fs.readdirSync(${JSON.stringify(folder)}).filter((one) => one.endsWith(".jsonl")).sort().at(-1);
    const log = ${JSON.stringify(folder)} + "/" + name;
    fs.writeFileSync(log, fs.readFileSync(log, "utf8").replace("rm -f none", "rm nothing"));
  }`;
  const { stderr } = await session(
    ["--mode", "observe", ...flags],
    ["rm -f none", `rm ${out("one")}`],
    tamper,
  );
  const what = heard.map(({ body, seen }) => [body["event"], body["reason"], seen]);
  expect(what).toEqual([
    [
      "log",
      expect.stringMatching(/^the audit log was changed while the session runs: "\/.*\.jsonl" was/),
      "0\n",
    ],
    [
      "log",
      expect.stringMatching(/is not whole at the session's end: does not continue the record/),
      "0\n0\n",
    ],
  ]);
  expect(notes()[0]).toContain("the audit log was changed while the session runs");
  expect(stderr).toBe("");
});

test("an agent's own hook: told before it is answered", async () => {
  const { heard, url } = await webhook([500, 200], () =>
    readdirSync(join(place.home, ".local/state/holdpoint/sessions")).join(),
  );
  const folder = join(place.home, ".config", "holdpoint");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "config.yaml"),
    `version: 1\nalerts: [{webhook: "${url}"}, {command: [/nowhere/tell]}]\n`,
  );
  const question = {
    ...{ session_id: "alerts", cwd: place.workspace, hook_event_name: "PreToolUse" },
    ...{ tool_name: "Bash", tool_input: { command: `rm ${out("one")}` } },
  };
  const ask = (mode: string) =>
    execute(process.execPath, [cli, "hook", "claude", "--mode", mode], {
      ...{ cwd: place.workspace, env: place.env, input: JSON.stringify(question) },
    });
  try {
    const denied = await ask("deny");
    expect(JSON.parse(denied.stdout).hookSpecificOutput.permissionDecision).toBe("deny");
    expect(heard.map(({ body }) => [body["event"], body["session"], body["agent"]])).toEqual([
      ["denied", "claude-alerts", "claude"],
      ["denied", "claude-alerts", "claude"],
    ]);
    expect(heard[0]?.seen).toContain("claude-alerts");
    const log = place.logs().find((path) => path.includes("claude-alerts"));
    expect(recordsOf(log).map(({ event, reason }) => `${event} ${reason}`)).toEqual([
      "session.start mode deny",
      "line it needs a human's approval, and nobody is asked",
      "alert alert not delivered: command tell: ENOENT",
    ]);
    // A log that somebody edited between two questions.
    appendFileSync(log ?? "", "{}\n");
    heard.splice(0);
    await ask("ask");
    // The first try is answered with 500.
    expect(heard.slice(1).map(({ body }) => [body["event"], body["reason"]])).toEqual([
      ["log", expect.stringContaining("does not end as its last writer left it")],
    ]);
  } finally {
    writeFileSync(join(folder, "config.yaml"), "version: 1\n");
  }
});

test.each<[string, () => void, string]>([
  ["missing", () => {}, "no such file"],
  ["too open", () => writeFileSync(join(place.home, "open.key"), secret, { mode: 0o644 }), "chmod 600"],
  [
    "too short",
    () => writeFileSync(join(place.home, "open.key"), "abc", { mode: 0o600 }),
    "shorter than 16 bytes",
  ],
])("a secret that is %s: nothing starts", async (_name, make, problem) => {
  rmSync(join(place.home, "open.key"), { force: true });
  make();
  const flags = config(`alerts: [{webhook: "https://hooks.example.com", secret_file: open.key}]\n`);
  const { status, stderr } = await session(flags, ["true"]);
  expect([status, marks(), stderr]).toEqual([2, "", expect.stringContaining(problem)]);
  expect(stderr).toContain(join(place.home, "open.key"));
});

test("doctor --alerts sends each a test, and says what became of it", { timeout: 90_000 }, async () => {
  const { heard, url } = await webhook([200, 404]);
  const folder = join(place.home, ".config", "holdpoint");
  mkdirSync(folder, { recursive: true });
  const doctor = (...args: string[]) =>
    execute(process.execPath, [cli, "doctor", ...args], {
      ...{ cwd: place.workspace, env: place.env, limit: 60_000 },
    });
  try {
    writeFileSync(
      join(folder, "config.yaml"),
      `version: 1\nalerts: [{webhook: "${url}", on: [outside]}, {command: ["true"]}, {command: ["no-such-program"]}]\n`,
    );
    const origin = new URL(url).origin;
    const tried = await doctor("--alerts");
    expect(tried.stdout.replaceAll(/in \d+ ms/g, "in N ms").split("\n")).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^(?:ok  |note)  webhook ${origin}: delivered in N ms$`)),
        expect.stringMatching(/^(?:ok {2}|note) {2}command true: delivered in N ms$/),
        "FAIL  command no-such-program: not delivered: ENOENT",
      ]),
    );
    expect([tried.status, heard[0]?.body["event"]]).toEqual([1, "test"]);
    const { stdout } = await doctor("--alerts", "--json");
    expect(JSON.parse(stdout)[0]).toMatchObject({ status: "fail", detail: "not delivered: answered 404" });
  } finally {
    writeFileSync(join(folder, "config.yaml"), "version: 1\n");
  }
  const none = await doctor("--alerts");
  expect([none.status, none.stdout]).toEqual([0, expect.stringMatching(/^note {2}alerts: none set\n/)]);
});
