import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordsOf, startGuarded, until, verifyLog } from "../soak/guarded.js";
import { openScreen } from "./screen.js";
import { makePlace, type Place, root } from "./session.js";

// What goes wrong around a session that runs; test/soak/faults.soak.ts does it in the mass.

let place: Place;

beforeEach(async () => {
  place = await makePlace();
  writeFileSync(join(place.outside, "precious"), "precious\n");
});

afterEach(() => place.remove());

const precious = (): string => join(place.outside, "precious");

/** A program without a shim that does this; `call` starts a guarded one, `wait` waits for a file of that name. */
function agent(text: string): readonly string[] {
  const path = join(place.base, "agent.cjs");
  const program = `const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const session = require("node:path").dirname(process.env.PATH.split(":")[0]);
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const wait = (name) => { while (!fs.existsSync(${JSON.stringify(place.base)} + "/" + name)) sleep(20); };
const tell = (name) => fs.writeFileSync(${JSON.stringify(place.base)} + "/" + name, "");
const call = (...argv) => {
  const { status, stderr } = spawnSync(argv[0], argv.slice(1), { encoding: "utf8", stdio: ["ignore", "inherit", "pipe"] });
  console.log(argv[0] + " " + status + " " + stderr.split("\\n")[0]);
};
${text}
`;
  writeFileSync(path, program);
  return [process.execPath, path];
}

test("the session's socket, a shim, and then its whole directory go: all is put back, said, and in the log", async () => {
  const script = `call("rm", ${JSON.stringify(precious())});
fs.unlinkSync(session + "/sock"); call("rm", "-f", "none");
while (!fs.existsSync(session + "/sock")) sleep(20);
fs.unlinkSync(session + "/bin/rm");
while (!fs.existsSync(session + "/bin/rm")) sleep(20);
fs.renameSync(session, ${JSON.stringify(join(place.base, "moved"))});
while (!fs.existsSync(session + "/sock") || !fs.existsSync(session + "/control")) sleep(20);
call("rm", ${JSON.stringify(precious())}); call("bash", "-c", ${JSON.stringify(`rm ${precious()}`)});`;
  const { status, stdout, stderr } = await startGuarded(place, agent(script)).ended;
  const [first, lost, ...after] = stdout.trimEnd().split("\n");
  expect(status).toBe(0);
  expect([first, ...after]).toEqual([
    expect.stringContaining("rm 126 holdpoint: denied by rule files/"),
    expect.stringContaining("rm 126 holdpoint: denied by rule files/"),
    expect.stringContaining("bash 126 holdpoint: denied by rule files/"),
  ]);
  expect(lost).toMatch(/^rm 126 holdpoint: denied, nothing was run: cannot reach the session's guard/);
  expect(existsSync(precious())).toBe(true);
  expect(stderr).toMatch(
    /removed from outside while the session runs: sock; put back, and denied what came meanwhile/,
  );
  expect(stderr).toMatch(
    /removed from outside while the session runs: bin\/rm; put back, but what ran meanwhile/,
  );
  const alerts = place.records().filter(({ event }) => event === "alert");
  expect(alerts).toHaveLength(3);
  expect(verifyLog(place, place.logs()[0] ?? "").status).toBe(0);
});

test("a directory that cannot be put back ends the command: nothing goes on past the guard", async () => {
  const script = `tell(session.replaceAll("/", "%")); wait("go"); sleep(60000);`;
  const runtime = join(place.base, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const session = startGuarded(place, agent(script), { env: { XDG_RUNTIME_DIR: runtime } });
  await until(() => place.logs().length > 0 && existsSync(join(runtime, "holdpoint")), "a session");
  await until(() => spawnSync("ls", [place.base], { encoding: "utf8" }).stdout.includes("%"), "its agent");
  renameSync(join(runtime, "holdpoint"), join(runtime, "old"));
  writeFileSync(join(runtime, "holdpoint"), "a file where the directory was");
  writeFileSync(join(place.base, "go"), "");
  const { status, stderr } = await session.ended;
  expect(status).toBe(129);
  expect(stderr).toMatch(/it cannot be put back \(.*\), so the command is ended/);
});

test("holdpoint is replaced while a session runs: what it loads later is there, and the end is the command's", async () => {
  const copy = join(place.base, "package");
  mkdirSync(copy);
  for (const name of ["bin", "dist", "schema", "package.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const name of ["build", "rc"])
    cpSync(join(root, "shims", name), join(copy, "shims", name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const tools = join(place.base, "tools");
  mkdirSync(tools);
  for (const name of ["aws", "psql", "kubectl", "docker"])
    writeFileSync(join(tools, name), "#!/bin/sh\necho ran\n", { mode: 0o755 });
  const calls = `call("aws", "s3", "rb", "s3://x", "--force");
call("psql", "-c", "DROP TABLE x"); call("kubectl", "delete", "namespace", "x"); call("docker", "volume", "rm", "x");
call("curl", "-X", "DELETE", "https://api.github.com/repos/a/b"); call("rm", ${JSON.stringify(precious())}); call("rm", "-f", "none");`;
  const env = { PATH: `${tools}:${place.env["PATH"]}` };
  const take = (): void => {
    renameSync(join(copy, "dist"), join(copy, "dist.old"));
    renameSync(join(copy, "shims"), join(copy, "shims.old"));
  };
  const give = (): void => {
    renameSync(join(copy, "dist.old"), join(copy, "dist"));
    renameSync(join(copy, "shims.old"), join(copy, "shims"));
  };
  const all = ["aws", "psql", "kubectl", "docker", "curl", "rm"];
  // At once, before anything was kept: nothing passes without being judged.
  for (const isKept of [false, true]) {
    for (const name of ["taken", "begun"]) rmSync(join(place.base, name), { force: true });
    const script = `tell("begun"); ${isKept ? "sleep(6000);" : ""} wait("taken"); ${calls}`;
    const session = startGuarded(place, agent(script), {
      env,
      program: join(copy, "bin", "holdpoint.js"),
    });
    await until(() => existsSync(join(place.base, "begun")), "its agent");
    if (isKept) await new Promise((resolve) => setTimeout(resolve, 6000));
    take();
    writeFileSync(join(place.base, "taken"), "");
    const { status, stdout, stderr } = await session.ended;
    give();
    const lines = stdout.trimEnd().split("\n");
    expect([status, stderr]).toEqual([0, ""]);
    expect(lines.slice(0, 6)).toEqual(
      all.map((name) => expect.stringContaining(`${name} 126 holdpoint: denied${isKept ? " by rule " : ""}`)),
    );
    expect(lines[6]?.trim()).toBe("rm 0");
    expect(existsSync(precious())).toBe(true);
  }
});

test("a broker that is stopped and goes on: its callers wait, and are answered", async () => {
  const script = `tell("begun"); wait("stopped"); call("rm", "-f", "none"); call("rm", ${JSON.stringify(precious())});`;
  const session = startGuarded(place, agent(script));
  await until(() => existsSync(join(place.base, "begun")), "its agent");
  session.child.kill("SIGSTOP");
  writeFileSync(join(place.base, "stopped"), "");
  await new Promise((resolve) => setTimeout(resolve, 7000));
  expect(session.stdout()).toBe("");
  session.child.kill("SIGCONT");
  const { stdout } = await session.ended;
  expect(stdout).toMatch(/^rm 0 \nrm 126 holdpoint: denied by rule /);
});

test("a shim without memory, or descriptors, or room for a process runs nothing past the guard", async () => {
  // What a caller may do to itself before it starts a guarded program.
  const limits = [
    "-v 600",
    "-v 900",
    "-v 1500",
    "-v 3000",
    "-n 0",
    "-n 1",
    "-n 3",
    "-n 4",
    "-n 10",
    "-n 12",
    "-s 8",
    "-u 1",
  ];
  const lines = limits.map(
    (limit) => `(ulimit ${limit}; exec rm ${precious()}) 2>/dev/null </dev/null; echo $?`,
  );
  const path = join(place.base, "limits.py");
  writeFileSync(
    path,
    `import os, sys\nos.execv("/bin/sh", ["sh", "-c", ${JSON.stringify(lines.join("\n"))}])\n`,
  );
  const { stdout } = await startGuarded(place, ["python3", path]).ended;
  expect(stdout.trimEnd().split("\n")).toHaveLength(limits.length);
  expect(stdout).not.toMatch(/^0$/m);
  expect(existsSync(precious())).toBe(true);
});

test("in a flood of questions the card says how many wait, and Ctrl-C denies them all and reaches the command", async () => {
  for (let at = 0; at < 30; at++) writeFileSync(join(place.outside, `file-${at}`), "x\n");
  const script = `const { spawn } = require("node:child_process");
process.on("SIGINT", () => { console.log("interrupted"); });
const codes = [];
for (let at = 0; at < 30; at++)
  spawn("rm", [${JSON.stringify(place.outside)} + "/file-" + at], { stdio: "ignore", detached: true }).on("exit", (code) => {
    codes.push(code);
    if (codes.length === 30) console.log("all " + [...new Set(codes)]);
  });`;
  const screen = openScreen(place, agent(script));
  try {
    await screen.see(/a command waits for you, 29 more behind/, 60_000);
    expect(screen.text()).toMatch(/D deny all 30/);
    // Keys count once the card has been there for a moment.
    await new Promise((resolve) => setTimeout(resolve, 700));
    screen.press("\u0003");
    await screen.see("all 126", 30_000);
    expect(await screen.exited).toBe(0);
    expect(screen.raw()).toContain("interrupted");
  } finally {
    screen.kill();
  }
  for (let at = 0; at < 30; at++) expect(readFileSync(join(place.outside, `file-${at}`), "utf8")).toBe("x\n");
});

test("a broker killed while a question waits: nothing is released, and the log is whole", async () => {
  const config = join(place.base, "config.yaml");
  writeFileSync(config, "version: 1\napprove: true\n");
  const { CI: _ci, ...env } = place.env;
  const session = startGuarded({ ...place, env }, agent(`call("rm", ${JSON.stringify(precious())});`), {
    flags: ["-q", "--config", config],
  });
  const events = () => place.logs().flatMap((path) => [...recordsOf(path)].map(({ event }) => event));
  await until(() => events().includes("ask"), "a question");
  session.child.kill("SIGKILL");
  const { stdout } = await session.ended;
  expect(stdout).toBe("rm 126 holdpoint: denied, nothing was run: the session's guard is gone\n");
  expect(existsSync(precious())).toBe(true);
  expect(verifyLog(place, place.logs()[0] ?? "")).toMatchObject({ status: 0 });
  expect(place.records().at(-1)).toMatchObject({ event: "ask" });
});
