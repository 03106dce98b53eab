import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place, root } from "./session.js";

// Made anew each time, so that nothing in this repository looks like a credential, and that what is printed can be searched for them.
const letters = (length: number): string =>
  [...randomBytes(length)]
    .map((byte) => "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"[byte % 56])
    .join("");
const planted = {
  tracked: `sk_${"live"}_${letters(24)}`,
  past: `ghp_${letters(36)}`,
  gone: `npm_${letters(36)}`,
  ignored: randomUUID(),
  untracked: `glpat-${letters(20)}`,
  aws: letters(40),
  variable: `sk-ant-api03-${letters(90)}`,
  password: letters(20),
  outside: `dop_v1_${randomBytes(32).toString("hex")}`,
  local: letters(20),
};

let place: Place;

beforeAll(async () => {
  place = await makePlace();
  // So that other accounts come as far as a file's own mode lets them.
  chmodSync(place.base, 0o755);
  put("config/live.env", `STRIPE_SECRET_KEY=${planted.tracked}\n`);
  put("config/ci.env", `GITHUB_TOKEN=${planted.past}\n`);
  put("old/release.env", `NPM_TOKEN=${planted.gone}\n`);
  await place.git("add", ".");
  await place.git("commit", "-qm", "second");
  put("config/ci.env", "GITHUB_TOKEN=\n");
  await place.git("rm", "-q", "old/release.env");
  await place.git("commit", "-qam", "third");
  put("infra/domains/.env", `RAILWAY_TOKEN=${planted.ignored}\n`);
  // The same value once more, in a file that git had clean.
  put("config/ci.env", `GITHUB_TOKEN=${planted.past}\n`);
  put("notes/todo.env", `GITLAB_TOKEN=${planted.untracked}\nRAILWAY_TOKEN=${planted.ignored}\n`);
  put("db/.env", `DATABASE_URL=postgres://postgres:${planted.password}@db.staging.example.com:5432/app\n`);
  put("db/local/.env", `DATABASE_URL=postgres://app:${planted.local}@localhost:5432/app\n`);
  put(
    "../home/.aws/credentials",
    `[deploy]\naws_access_key_id = AKIAY34FZKBOKMUTVV7A\naws_secret_access_key = ${planted.aws}\n`,
  );
  chmodSync(join(place.home, ".aws"), 0o700);
  chmodSync(join(place.home, ".aws/credentials"), 0o600);
  put("../outside/far.env", `DIGITALOCEAN_TOKEN=${planted.outside}\n`);
});

afterAll(() => place.remove());

function put(name: string, text: string): void {
  const path = join(place.workspace, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function audit(...args: string[]): Promise<Outcome> {
  return execute(process.execPath, [cli, "credentials", ...args], {
    cwd: place.workspace,
    env: { ...place.env, ANTHROPIC_API_KEY: planted.variable },
  });
}

interface Placed {
  readonly file: string | null;
  readonly line: number | null;
  readonly key: string | null;
  readonly git: string;
  readonly commit: { readonly id: string } | null;
  readonly forbidden: boolean;
}
interface Audited {
  readonly severity: string;
  readonly kind: string;
  readonly fingerprint: string;
  readonly places: readonly Placed[];
  readonly environments: readonly string[];
  readonly named: readonly string[];
  readonly production: boolean;
  readonly reach: { readonly width: string; readonly words: string };
  readonly advice: readonly string[];
}

async function audited(...args: string[]): Promise<readonly Audited[]> {
  const { stdout } = await audit("--json", ...args);
  expect(partsOf(stdout)).toEqual([]);
  return JSON.parse(stdout).credentials;
}

/** Each value, and each half of it: none may be in what is printed. */
function partsOf(text: string): readonly string[] {
  return Object.entries(planted).flatMap(([name, value]) => {
    const bare = value.replace(/^(sk_live_|ghp_|npm_|glpat-|sk-ant-api03-|dop_v1_)/, "");
    const half = Math.floor(bare.length / 2);
    return [bare, bare.slice(0, half), bare.slice(half)].some((part) => text.includes(part)) ? [name] : [];
  });
}

function found(all: readonly Audited[], key: string): Audited {
  const one = all.find(({ places }) => places.some((each) => each.key === key));
  if (one === undefined) throw new Error(`${key} was not found among ${JSON.stringify(all)}`);
  return one;
}

function where({ places }: Audited): readonly string[] {
  return places.map(
    ({ file, line, git }) => `${file?.slice(place.base.length + 1) ?? "variable"}:${line} ${git}`,
  );
}

describe("one of each place", () => {
  let all: readonly Audited[];
  beforeAll(async () => {
    all = await audited();
  });

  test.each([
    ["STRIPE_SECRET_KEY", ["work/config/live.env:1 tracked"], "high", "account"],
    ["GITHUB_TOKEN", ["work/config/ci.env:1 history"], "high", "account"],
    [
      "RAILWAY_TOKEN",
      ["work/infra/domains/.env:1 ignored", "work/notes/todo.env:2 untracked"],
      "high",
      "account",
    ],
    ["GITLAB_TOKEN", ["work/notes/todo.env:1 untracked"], "high", "account"],
    ["aws_secret_access_key", ["home/.aws/credentials:3 none"], "high", "account"],
    ["ANTHROPIC_API_KEY", ["variable:null none"], "medium", "project"],
  ])("%s: %j", (key, places, severity, width) => {
    const one = found(all, key);
    expect([[...where(one)].sort(), one.severity, one.reach.width]).toEqual([places, severity, width]);
  });

  test("nothing else: no key id beside its secret, nothing outside, nothing that only the history has", () => {
    const words = all.map(({ reach }) => reach.words).join("\n");
    expect(all.length).toBe(8);
    expect(words).toContain("AWS account 609629065308 (profile deploy)");
    expect(words).toContain("all databases of the server at db.staging.example.com:5432/app as postgres");
    expect(all.filter(({ severity }) => severity === "low").map(where)).toEqual([
      ["work/db/local/.env:1 ignored"],
    ]);
  });

  test("the commit is the oldest that has it", async () => {
    const { stdout } = await place.git("log", "--format=%H", "--grep=second");
    expect(found(all, "GITHUB_TOKEN").places[0]?.commit?.id).toBe(stdout.trim());
  });

  test("what to do about it", () => {
    expect(found(all, "STRIPE_SECRET_KEY").advice[0]).toContain("Rotate it: every clone");
    expect(found(all, "GITHUB_TOKEN").advice[0]).toContain("Rotate it: git's history has it");
    expect(found(all, "GITLAB_TOKEN").advice[0]).toContain("Put notes/todo.env into .gitignore");
    expect(found(all, "RAILWAY_TOKEN").advice.join()).toContain("use a project token");
    expect(found(all, "RAILWAY_TOKEN").advice.join()).toContain("chmod 600 infra/domains/.env:");
    expect(found(all, "aws_secret_access_key").advice.join()).not.toContain("chmod");
  });
});

test("the history: what no file has any longer, with the file it was in", async () => {
  const all = await audited("--history", "--workspace-only");
  expect(where(found(all, "NPM_TOKEN"))).toEqual(["work/old/release.env:1 history"]);
  expect(found(all, "NPM_TOKEN")).toMatchObject({ severity: "high" });
  expect(
    all.flatMap(({ places }) => places).filter(({ file }) => file?.startsWith(place.home) ?? true),
  ).toEqual([]);
});

test("for people: grouped, no value, no colour where stdout is no terminal, at most 80 columns", async () => {
  const { status, stdout, stderr } = await audit("--history");
  expect([status, stderr]).toEqual([1, ""]);
  expect(partsOf(stdout)).toEqual([]);
  expect(stdout).not.toContain("\u001b");
  expect(stdout).toMatch(/^high {4}\S/);
  expect(stdout).toContain("the same in 2 places");
  expect(stdout).toMatch(
    /infra\/domains\/\.env:1 RAILWAY_TOKEN\n +ignored by git; last changed within a day\n/,
  );
  expect(stdout).toMatch(/9 credentials within an agent's reach: 7 high, 1 medium, 1 low; \d+ files/);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test.each([
  [["--fail-on", "none"], 0],
  [["db/local", "--workspace-only"], 0],
  [["db/local", "--workspace-only", "--fail-on", "low"], 1],
  [["db/local/.env", "--workspace-only", "--fail-on", "low"], 1],
  [["config", "--workspace-only"], 1],
  [["../outside", "--workspace-only", "--fail-on", "none"], 0],
  [["no-such-folder"], 2],
  [["--fail-on", "critical"], 2],
  [["--json", "--manifest"], 2],
  [["--online"], 2],
])("status of %j is %i", async (args, status) => {
  const { status: got, stderr } = await audit(...args);
  expect(got).toBe(status);
  if (status === 2) expect(stderr).toMatch(/^holdpoint: /);
});

test("nothing found: it says what was looked at", async () => {
  const { status, stdout } = await audit("db/none", "--workspace-only").then(async () => {
    mkdirSync(join(place.workspace, "db/none"), { recursive: true });
    return audit("db/none", "--workspace-only");
  });
  expect(status).toBe(0);
  expect(stdout).toContain("no credential within an agent's reach; 0 files");
  expect(stdout).toContain(`looked at: ${place.workspace}/db/none`);
});

test("no time: it says so, and is no proof of anything", async () => {
  const { status, stdout } = await audit(
    "--json",
    "--workspace-only",
    "--history",
    "--timeout",
    "0ms",
    "--fail-on",
    "low",
  );
  const { complete } = JSON.parse(stdout);
  expect([complete, status]).toEqual([false, JSON.parse(stdout).credentials.length > 0 ? 1 : 2]);
});

test("the manifest says where each belongs, and what nobody reads", async () => {
  const file = join(place.workspace, "holdpoint.yaml");
  writeFileSync(
    file,
    `version: 1
environments:
  staging: { allow: [read, modify], databases: ["db.staging.example.com:5432/app"] }
  production: { allow: [], aws: { accounts: ["609629065308"] } }
files: { never: ["infra/domains/**"] }
credentials:
  - { name: the assistant, from: "env:ANTHROPIC_API_KEY", allow: [staging] }
`,
  );
  try {
    const all = await audited();
    expect(found(all, "ANTHROPIC_API_KEY")).toMatchObject({
      environments: ["staging"],
      named: ["the assistant"],
      severity: "low",
    });
    expect(found(all, "aws_secret_access_key")).toMatchObject({
      environments: ["production"],
      production: true,
    });
    expect(found(all, "RAILWAY_TOKEN").places.map(({ forbidden }) => forbidden)).toEqual([true, false]);
    expect(all.filter(({ environments }) => environments.includes("staging")).length).toBe(2);
    const { status, stdout } = await audit("--manifest");
    expect([status, partsOf(stdout)]).toEqual([1, []]);
    expect(stdout).toContain(
      '- {name: "aws_secret_access_key in ~/.aws/credentials", from: "file:~/.aws/credentials#aws_secret_access_key", allow: [production]}',
    );
    expect(stdout).not.toContain("ANTHROPIC_API_KEY");
    writeFileSync(file, "version: 2\n");
    expect(await audit()).toMatchObject({ status: 2, stderr: expect.stringContaining(`${file}:1:10: `) });
  } finally {
    rmSync(file);
  }
});

test("the lines that are proposed can be put into a manifest", async () => {
  const file = join(place.workspace, "holdpoint.yaml");
  const { stdout } = await audit("--manifest");
  const lines = stdout.replace("# credentials:", "credentials:").replaceAll(/^# {3}-/gm, "  -");
  writeFileSync(file, `version: 1\n${lines}`);
  try {
    const { status, stderr } = await execute(process.execPath, [cli, "scope", "check"], {
      cwd: place.workspace,
      env: place.env,
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(found(await audited(), "GITLAB_TOKEN").named).toEqual(["GITLAB_TOKEN in notes/todo.env"]);
  } finally {
    rmSync(file);
  }
});

test("a folder without git, with a pipe, a link that leads round, and names that would move the cursor", async () => {
  const folder = join(place.base, "bare");
  mkdirSync(join(folder, "a"), { recursive: true });
  expect(spawnSync("mkfifo", [join(folder, ".env")]).status).toBe(0);
  symlinkSync("..", join(folder, "a/round"));
  symlinkSync(place.outside, join(folder, "a/far"));
  writeFileSync(join(folder, "a/\u001b[2J\u202e.env"), `RAILWAY_TOKEN=${planted.ignored}\n`);
  const run = (...args: string[]) =>
    execute(process.execPath, [cli, "credentials", folder, "--workspace-only", ...args], {
      cwd: place.base,
      env: place.env,
    });
  const { status, stdout } = await run();
  expect(status).toBe(1);
  expect(stdout).toContain("a/⟨U+001B⟩[2J⟨U+202E⟩.env:1 RAILWAY_TOKEN");
  expect(partsOf(stdout)).toEqual([]);
  const past = await run("--history");
  expect(past.stdout).toContain("is in no git repository");
});

test.runIf(process.getuid?.() === 0)(
  "what a plain user cannot read is not within reach; a folder that is not: 2",
  async () => {
    const closed = join(place.base, "closed");
    mkdirSync(join(closed, "in"), { recursive: true });
    writeFileSync(join(closed, ".env"), `RAILWAY_TOKEN=${planted.ignored}\n`, { mode: 0o600 });
    chmodSync(join(closed, "in"), 0o700);
    for (const name of [".env", "in"]) chownSync(join(closed, name), 65534, 65534);
    // A root that may not pass by modes: another account might not reach this checkout, nor Node.
    const plainly = ["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"];
    const asNobody = (folder: string) =>
      execute("setpriv", [...plainly, process.execPath, cli, "credentials", folder, "--workspace-only"], {
        cwd: place.base,
        env: place.env,
      });
    expect(await asNobody(closed)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("no credential"),
    });
    expect(await asNobody(join(closed, "in"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("cannot be read"),
    });
  },
);

test("nothing that a repository names is run", async () => {
  const folder = join(place.base, "trap");
  mkdirSync(folder);
  const mark = join(place.base, "sprung");
  const trap = `!touch ${mark};`;
  writeFileSync(join(folder, ".gitattributes"), "* filter=trap diff=trap\n");
  writeFileSync(join(folder, ".env"), `GITHUB_TOKEN=${planted.past}\n`);
  const git = (...args: string[]) => execute("git", args, { cwd: folder, env: place.env });
  await git("init", "-q");
  await git("add", ".");
  await git("commit", "-qm", "first");
  for (const key of [
    "core.fsmonitor",
    "filter.trap.clean",
    "filter.trap.smudge",
    "diff.trap.textconv",
    "diff.external",
    "gpg.program",
    "core.pager",
  ])
    await git("config", key, `touch ${mark}`);
  await git("config", "log.showSignature", "true");
  await git("config", "alias.rev-list", trap);
  writeFileSync(join(folder, ".env"), `GITHUB_TOKEN=${planted.past}\nX=1\n`);
  rmSync(mark, { force: true });
  const { stdout } = await execute(
    process.execPath,
    [cli, "credentials", folder, "--workspace-only", "--history", "--json"],
    {
      cwd: place.base,
      env: place.env,
    },
  );
  expect(JSON.parse(stdout).credentials[0].places).toMatchObject([{ git: "tracked" }]);
  expect(spawnSync("ls", [mark]).status).not.toBe(0);
});

test("from within a session services are not asked; the files may be looked at", async () => {
  const inside = (...args: string[]) =>
    place.run({
      command: [process.execPath, cli, "credentials", "--workspace-only", ...args],
      flags: ["-q", "--mode", "observe"],
    });
  expect(await inside("--online")).toMatchObject({
    status: 126,
    stderr: expect.stringContaining("denied: --online"),
  });
  expect((await inside("--json")).status).toBe(1);
  const refused = await place.run({
    command: ["bash", "-c", "npx holdpoint credentials --online"],
    flags: ["-q", "--mode", "deny"],
  });
  expect(refused).toMatchObject({ status: 126, stderr: expect.stringContaining("guard/own-look-ups") });
});

test("no value is among the arguments of any program that it starts", async () => {
  const bin = join(place.base, "bin");
  const log = join(place.base, "argv.txt");
  mkdirSync(bin, { recursive: true });
  const { stdout: real } = await execute("which", ["git"], { cwd: root, env: place.env });
  writeFileSync(join(bin, "git"), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${log}\nexec ${real.trim()} "$@"\n`, {
    mode: 0o755,
  });
  await execute(process.execPath, [cli, "credentials", "--history"], {
    cwd: place.workspace,
    env: { ...place.env, PATH: `${bin}:${place.env["PATH"]}` },
  });
  const { stdout } = await execute("cat", [log], { cwd: root, env: place.env });
  expect(stdout).toContain("rev-list");
  expect(partsOf(stdout)).toEqual([]);
});

test("in a folder of many files, where a second thread helps, each credential is found once", async () => {
  const many = await makePlace();
  try {
    const tokens = Array.from({ length: 30 }, () => letters(40));
    for (let at = 0; at < 3000; at++) {
      const path = join(many.workspace, `area-${at % 9}`, `${at}.env`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, at % 100 === 0 ? `SERVICE_TOKEN=${tokens[at / 100]}\n` : "PORT=80\n");
    }
    const { stdout } = await execute(process.execPath, [cli, "credentials", "--json", "--workspace-only"], {
      cwd: many.workspace,
      env: many.env,
    });
    const { credentials: listed } = JSON.parse(stdout);
    expect(listed).toHaveLength(30);
  } finally {
    many.remove();
  }
});
