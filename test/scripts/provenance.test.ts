import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScreen, type PersonScreen } from "./screen.js";
import { cli, execute, makePlace, type Place } from "./session.js";

// A session that knows where credentials lie, and keeps their values nowhere.

/** None of them has a shape that is known for a secret; the first three lie in files, the last stands in a variable. */
const secrets = {
  token: "b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b",
  password: "n1ght/train+2917@home",
  key: "zq8wk3vr5tm1ly6hx0cd",
  variable: "wmz41-kqp77-xvb29-hty05",
};

let place: Place;
let screen: PersonScreen | undefined;

beforeAll(async () => {
  place = await makePlace();
  mkdirSync(join(place.workspace, "infra/domains"), { recursive: true });
  writeFileSync(join(place.workspace, "infra/domains/.env"), `# domains\n\nRAILWAY_TOKEN=${secrets.token}\n`);
  writeFileSync(join(place.workspace, "header"), `X-Api-Key: ${secrets.key}\n`);
  writeFileSync(
    join(place.workspace, "keys.env"),
    `APP_SECRET_KEY=${secrets.key}\nDB_PASSWORD=${secrets.password}\n`,
  );
  writeFileSync(join(place.home, ".netrc"), `machine 127.0.0.1 login me password ${secrets.password}\n`, {
    mode: 0o600,
  });
});

afterAll(() => {
  screen?.kill();
  place.remove();
});

/** An agent: a program without a shim. */
function agent(code: string): readonly string[] {
  const path = join(place.base, "agent.cjs");
  writeFileSync(
    path,
    `const { spawnSync } = require("node:child_process");
const { readFileSync, readdirSync, readlinkSync } = require("node:fs");
const bash = (text) => spawnSync("bash", ["-c", text], { stdio: ["ignore", "inherit", "inherit"] }).status;
const log = () => { const folder = process.env.HOME + "/.local/state/holdpoint/sessions/";
  return readdirSync(folder).filter((name) => name.endsWith(".jsonl")).map((name) => readFileSync(folder + name, "utf8")).join(""); };
/** The look at the files is made beside the session's work, and on a busy machine it takes its time. */
const until = (done) => { for (let tries = 0; tries < 100 && !done(); tries++) spawnSync("sleep", ["0.3"]); };
${code}
`,
  );
  return [process.execPath, path];
}

const post = "curl -s -m 5 -X POST https://127.0.0.1:9/graphql -d '{}'";

interface Found {
  readonly file: string;
  readonly line: number;
  readonly readAt?: number;
  readonly change?: string;
}

/** The places of each credential in the records of calls whose words hold this. */
function placesOf(mark: string): readonly (readonly Found[])[] {
  return place
    .records()
    .map((record) => JSON.stringify(record))
    .filter((line) => line.includes('"event":"exec"') && line.includes(mark))
    .flatMap((line) =>
      [...line.matchAll(/"places":(\[.*?\])/g)].map(([, list = "[]"]): Found[] => JSON.parse(list)),
    );
}

test("the record says where a credential lies, and when the session read that file first", async () => {
  const env = join(place.workspace, "infra/domains/.env");
  const { status, stderr } = await place.run({
    flags: ["-q", "--mode", "observe"],
    limit: 60_000,
    command: agent(`
until(() => { bash(\`${post} -H 'Authorization: Bearer ${secrets.token}' -H 'X-Step: literal'\`); return log().includes('"places"'); });
bash("source infra/domains/.env; ${post} -H \\"Authorization: Bearer $RAILWAY_TOKEN\\" -H 'X-Step: variable'");
bash("mv infra/domains/.env moved; true");
until(() => { bash(\`${post} -H "Authorization: Bearer $(sed -n 's/.*=//p' moved)" -H 'X-Step: renamed'\`); return log().includes('"change":"new"'); });
bash("mv moved infra/domains/.env");
`),
  });
  expect({ status, stderr: stderr.replace(/holdpoint: \d+ would[\s\S]*/, "") }).toEqual({
    status: 0,
    stderr: "",
  });
  const found = { file: env, line: 3, key: "RAILWAY_TOKEN" };
  const literal = placesOf("X-Step: literal").at(-1);
  expect(literal).toEqual([expect.objectContaining(found)]);
  expect(literal?.[0]?.readAt).toBeUndefined();
  const [variable] = placesOf("X-Step: variable").at(-1) ?? [];
  expect(variable).toEqual(expect.objectContaining(found));
  expect(variable?.readAt).toBeGreaterThan(Date.now() - 120_000);
  expect(placesOf("X-Step: renamed").at(-1)).toEqual([
    expect.objectContaining({ ...found, change: "gone" }),
    expect.objectContaining({ file: join(place.workspace, "moved"), line: 3, change: "new" }),
  ]);
});

/** Every file below a folder, but the shims themselves; of what may go at any moment, what is still there. */
function contents(folder: string): readonly (readonly [string, string])[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "bin" ? [] : contents(path);
      return entry.isFile() ? [[path, readFileSync(path, "latin1")] as const] : [];
    });
  } catch {
    return [];
  }
}

function leaks(texts: readonly (readonly [string, string])[]): readonly string[] {
  const forms = Object.entries(secrets).flatMap(([name, value]) =>
    [value, encodeURIComponent(value), Buffer.from(value).toString("base64").replace(/=+$/, "")].map(
      (form) => [name, form] as const,
    ),
  );
  return texts.flatMap(([where, text]) =>
    forms.filter(([, form]) => text.includes(form)).map(([name, form]) => `${name} as ${form} in ${where}`),
  );
}

test("no value is in a log, on a card, in a report or in the session's files", async () => {
  const runtime = join(place.base, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const secret = secrets.variable;
  const literal = encodeURIComponent(secrets.password);
  const own: Place = {
    ...place,
    env: { ...place.env, APP_SECRET: secret, XDG_RUNTIME_DIR: runtime },
  };
  const report = join(place.base, "report");
  const { token, key, password } = secrets;
  const send = (step: number) => `curl -s -m 5 -X POST https://127.0.0.1:9/step${step} -d 'a=b'`;
  // Nothing is refused twice: each is another request.
  const lines = [
    `${send(1)} -H "X-Api-Key: $(sed -n 's/.*=//p' infra/domains/.env)"`,
    `${send(2)} -H @header`,
    `${send(3)} -n`,
    `${send(4)} -u 'me:${password}'`,
    `${send(5)} -u "me:$APP_SECRET"`,
    `curl -s -m 5 -X DELETE 'https://me:${literal}@127.0.0.1:9/step6'`,
    `curl -s -m 5 -X DELETE 'https://127.0.0.1:9/step7?token=${token}&k=${key}'`,
    `${send(8)} -d '{"v": ["${key}", "${token}"]}' --data-binary @keys.env`,
    `echo ${key} ${token} '${password}' "$APP_SECRET" > /dev/null; rm -rf ../outside`,
  ];
  const first = `${post} -H 'Authorization: Bearer ${token}'`;
  const command = agent(`
until(() => { bash(${JSON.stringify(first)}); return log().includes('"places"'); });
for (const line of ${JSON.stringify(lines)}) bash(line);
`);
  screen = openScreen(own, command, [
    ...["--mode", "ask", "--name", "leaks", "--timeout", "60s"],
    ...[".json", ".sarif", ".xml"].flatMap((kind) => ["--report", report + kind]),
  ]);
  const seen: (readonly [string, string])[] = [];
  let ended = false;
  void screen.exited.then(() => {
    ended = true;
  });
  while (!ended) {
    const shown = screen.text();
    seen.push(["the screen", shown], ...contents(runtime));
    // Everything that the card can show, then a refusal.
    if (/a command waits for you|commands wait for you/.test(shown)) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      screen.press("v");
      await new Promise((resolve) => setTimeout(resolve, 400));
      seen.push(["the card", screen.text()]);
      screen.press("d");
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const kept = [...contents(join(place.home, ".local")), ...contents(join(place.home, ".config"))];
  const reports = [".json", ".sarif", ".xml"].map(
    (kind) => [report + kind, readFileSync(report + kind, "utf8")] as const,
  );
  const log = readFileSync(place.logs().at(-1) ?? "", "utf8");
  const steps = [..."12345678"].map((each) => `9/step${each}`);
  expect([...steps, "echo "].filter((step) => !log.includes(step))).toEqual([]);
  expect(seen.filter(([where]) => where === "the card").length).toBeGreaterThan(0);
  expect(kept.filter(([path]) => path.endsWith(".head")).length).toBeGreaterThan(0);
  expect(leaks([...seen, ...kept, ...reports, ["the terminal", screen.raw()]])).toEqual([]);
}, 240_000);

test.runIf(process.platform === "linux")(
  "a core of the broker holds no value, and the command's own is as it was",
  async () => {
    // Where cores go to a program, or to another folder, the filter alone is looked at.
    const pattern = readFileSync("/proc/sys/kernel/core_pattern", "utf8").trim();
    const own = readFileSync("/proc/self/coredump_filter", "utf8");
    const out = join(place.base, "filters");
    const command = agent(`
const filter = (pid) => readFileSync("/proc/" + pid + "/coredump_filter", "utf8");
until(() => { bash(${JSON.stringify(`${post} -H 'Authorization: Bearer ${secrets.token}'`)}); return log().includes('"places"'); });
until(() => Number.parseInt(filter(process.ppid), 16) === 0);
require("node:fs").writeFileSync(${JSON.stringify(out)}, JSON.stringify([filter(process.ppid), filter("self"), process.env.APP_SECRET]));
process.kill(process.ppid, "SIGABRT");
`);
    const folder = join(place.base, "cores");
    mkdirSync(folder);
    const words = [process.execPath, cli, "run", "-q", "--mode", "observe", "--", ...command];
    const started = ["-c", 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"', ...words];
    const env = { ...place.env, APP_SECRET: secrets.variable };
    const { status } = await execute("bash", started, { cwd: folder, env, limit: 60_000 });
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(["00000000\n", own, secrets.variable]);
    expect(status).toBe("SIGABRT");
    if (!/^core[^/|]*$/.test(pattern) || contents(folder).length === 0) return;
    const [[, core] = ["", ""]] = contents(folder);
    // It is a core, and it is nearly empty.
    expect([core.startsWith("\x7fELF"), core.length < 1 << 20]).toEqual([true, true]);
    expect(leaks(contents(folder))).toEqual([]);
  },
);

test("the debugger that Node opens at a signal stays shut; the signal goes on to the command", async () => {
  const { status, stdout, stderr } = await place.run({
    command: agent(`
process.on("SIGUSR1", () => { console.log("came"); process.exit(0); });
process.kill(process.ppid, "SIGUSR1");
setTimeout(() => process.exit(1), 20000);
`),
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "came\n", stderr: "" });
});

test.runIf(process.platform === "linux")(
  "the look holds nothing of the session: no terminal, no descriptor of the relay, no process left",
  async () => {
    const out = join(place.base, "looks");
    const many = join(place.workspace, "many");
    mkdirSync(many);
    for (let at = 0; at < 2000; at++) writeFileSync(join(many, `${at}.txt`), `line\n`.repeat(50));
    const command = agent(`
const seen = new Map();
const { existsSync, writeFileSync } = require("node:fs");
const looks = () => readdirSync("/proc").filter((pid) => { try { return /credential-scan\\.js/.test(readFileSync("/proc/" + pid + "/cmdline", "latin1")) &&
  readFileSync("/proc/" + pid + "/stat", "latin1").split(") ").at(-1).split(" ")[1] === String(broker); } catch { return false; } });
const parent = (pid) => Number(readFileSync("/proc/" + pid + "/stat", "latin1").split(") ").at(-1).split(" ")[1]);
let broker = process.ppid;
while (!/holdpoint\\.js/.test(readFileSync("/proc/" + broker + "/cmdline", "latin1"))) broker = parent(broker);
// As long as it runs: at its start it closes what came along.
for (const end = Date.now() + 30000; (seen.size === 0 || looks().length > 0) && Date.now() < end; )
  for (const pid of looks()) { try { seen.set(pid, { fds: readdirSync("/proc/" + pid + "/fd").map((fd) => readlinkSync("/proc/" + pid + "/fd/" + fd)),
    terminal: readFileSync("/proc/" + pid + "/stat", "latin1").split(") ").at(-1).split(" ")[4], env: readFileSync("/proc/" + pid + "/environ", "latin1") }); } catch {} }
writeFileSync(${JSON.stringify(out)}, JSON.stringify([...seen.values()]));
`);
    screen = openScreen(place, command, ["-q", "--mode", "observe"]);
    expect(await screen.exited).toBe(0);
    const looks: readonly { fds: readonly string[]; terminal: string; env: string }[] = JSON.parse(
      readFileSync(out, "utf8"),
    );
    expect(looks).toHaveLength(1);
    for (const { fds, terminal, env } of looks) {
      expect([terminal, env]).toEqual(["0", ""]);
      expect(fds.filter((path) => /^\/dev\/(pts|tty|ptmx)/.test(path))).toEqual([]);
    }
  },
);
