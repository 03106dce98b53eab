import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Broker, openBroker } from "../../src/broker/broker.js";
import { Links } from "../../src/launcher/links.js";
import { makeSessionDirectory, type SessionDirectory } from "../../src/launcher/session-dir.js";
import type { Judgement, Request } from "../../src/model/judgement.js";
import type { Asker } from "../../src/model/question.js";
import { lstat, readFile, realpath } from "../../src/world/file-system.js";
import { openPrograms } from "../../src/world/program.js";
import {
  allowOnce,
  fakeWorld,
  fileDelete,
  judged,
  judgeWords,
  type MemoryLog,
  memoryLog,
  refusal,
  scriptedAsker,
  slowAsker,
} from "./fakes.js";

// The real broker and the real shim, with a judge for the test's own words: what lies below /keep/ may not go.
const root = new URL("../..", import.meta.url).pathname;
const path = "/usr/local/bin:/usr/bin:/bin";
let base: string;
let shim: string;
let directory: SessionDirectory;
let links: Links;
let log: MemoryLog;
let broker: Broker | undefined;

beforeAll(() => {
  base = mkdtempSync(join(realpathSync(tmpdir()), "hp-broker-"));
  shim = join(base, "shim");
  const sources = ["shim.c", "wire.c", "fields.c", "stdin.c", "handed.c"].map((name) =>
    join(root, "shims", name),
  );
  const made = spawnSync("cc", ["-std=c11", "-O2", "-o", shim, ...sources], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`cc failed: ${made.stderr}`);
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeEach(async () => {
  directory = await makeSessionDirectory({
    places: [{ folder: base, prefix: "s-" }],
    shim: { kind: "native", path: shim },
    rc: join(root, "shims", "rc"),
  });
  links = new Links(directory.bin, directory.shim, [
    "cat",
    "head",
    "ls",
    "printenv",
    "printf",
    "sh",
    "sleep",
    "tool",
  ]);
  links.note(path);
  log = memoryLog();
});

afterEach(async () => {
  links.close();
  await broker?.close();
  broker = undefined;
  await directory.remove();
});

async function serve(
  judge: (request: Request) => Judgement = judgeWords,
  more: { readonly asker?: Asker } = {},
): Promise<void> {
  const programs = openPrograms(directory.bin, (name) => links.has(name));
  broker = await openBroker({
    ...directory,
    session: directory.id,
    label: "test",
    mode: "ask",
    timeout: 60_000,
    judge: async (request) => judge(request),
    world: { ...fakeWorld({}), lstat, readFile, realpath, findProgram: programs.findProgram },
    log,
    alerts: undefined,
    asker: more.asker,
    waitsElsewhere: false,
    control: undefined,
    redact: (text) => text,
    startPath: path,
    notePath: (each) => links.note(each),
  });
}

interface Ended {
  readonly status: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const full = { PATH: `${directory.bin}:${path}`, HOME: base, ...env };
  return spawn(join(directory.bin, name), [...args], { env: full, cwd: base });
}

function end(child: ChildProcess, input = ""): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("latin1").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin?.on("error", () => {}).end(input);
  return new Promise((resolve) => {
    child.on("close", (status, signal) => resolve({ status: signal ?? status, stdout, stderr }));
  });
}

function call(name: string, ...args: string[]): Promise<Ended> {
  return end(start(name, args));
}

test("an allowed call is the command itself, and its record was there before", async () => {
  await serve();
  expect(await call("printf", "%s|", "", "a\nb", "é", "x".repeat(100_000))).toEqual({
    status: 0,
    stdout: `|a\nb|Ã©|${"x".repeat(100_000)}|`,
    stderr: "",
  });
  expect(log.records.map(({ event, verdict, program }) => [event, verdict, program])).toEqual([
    ["exec", "allow", realProgram("printf")],
  ]);
});

test("bytes that are no text, and 2 MB of them, reach the program unharmed", async () => {
  await serve();
  const script = `"$1" '%s' "$(printf '\\377\\376x')" | od -An -tx1`;
  const odd = spawn("/bin/sh", ["-c", script, "sh", join(directory.bin, "printf")], { env: { PATH: path } });
  expect((await end(odd)).stdout).toBe(" ff fe 78\n");
  const many = Array.from({ length: 18 }, () => "y".repeat(100_000));
  const env = { BIG: "z".repeat(100_000) };
  const child = start("printf", ["%s", ...many], env);
  expect((await end(child)).stdout.length).toBe(1_800_000);
});

test("a refused call runs nothing and says why", async () => {
  await serve();
  const { status, stdout, stderr } = await call("cat", "/keep/a");
  expect([status, stdout, stderr.split(":").slice(0, 2).join(":")]).toEqual([
    126,
    "",
    "holdpoint: denied by rule files/delete",
  ]);
});

test("a name without a program", async () => {
  await serve();
  links.link("tool");
  expect(await call("tool")).toEqual({
    status: 127,
    stdout: "",
    stderr: "holdpoint: tool: command not found\n",
  });
});

test("orders from a pipe are judged, then given back", async () => {
  const judge = ({ stdin }: Request): Judgement => {
    if (stdin.kind === "unknown") return { ...judged("ask", [fileDelete("/x")]), wantsStdin: true };
    return stdin.kind === "text" && stdin.text.includes("DROP")
      ? judged("deny", [fileDelete("/x")])
      : judged("allow");
  };
  await serve(judge);
  expect(await end(start("cat", []), "SELECT 1;\n")).toEqual({
    status: 0,
    stdout: "SELECT 1;\n",
    stderr: "",
  });
  expect((await end(start("cat", []), "DROP TABLE x;\n")).status).toBe(126);
});

test("while a human thinks, the shim waits; then the call runs", async () => {
  const asker = slowAsker();
  await serve(judgeWords, { asker });
  const child = start("printf", ["%s", "/keep/a"]);
  const ended = end(child);
  await until(() => asker.asked.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  asker.answer(allowOnce);
  expect(await ended).toEqual({ status: 0, stdout: "/keep/a", stderr: "" });
});

test("a caller that goes away takes its question along", async () => {
  const asker = slowAsker();
  await serve(judgeWords, { asker });
  const child = start("printf", ["%s", "/keep/a"]);
  const ended = end(child);
  await until(() => asker.asked.length === 1);
  child.kill("SIGKILL");
  await ended;
  await until(() => log.records.some(({ event }) => event === "answer"));
  expect(log.records.at(-1)).toEqual({
    event: "answer",
    verdict: "deny",
    question: "q1",
    answer: { by: "holdpoint", how: "caller-gone", grant: "none" },
    reason: "the caller went away before anyone answered",
  });
});

test("a shell approved for its line starts what was approved, and nothing more", async () => {
  const answers = [allowOnce, refusal()];
  await serve(judgeWords, { asker: scriptedAsker(answers) });
  // The last word is put together by the shell: no approval of the text covers it.
  const line = `env printf %s, /keep/a ; env printf %s, /keep/b ; env printf %s, "/keep"/b`;
  const { status, stdout } = await call("sh", "-c", line);
  expect([status, stdout]).toEqual([126, "/keep/a,/keep/b,"]);
});

test("twenty callers at once", async () => {
  await serve();
  const all = await Promise.all(Array.from({ length: 20 }, (_, at) => call("printf", "%s", String(at))));
  expect(all.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 20 }, (_, at) => String(at)));
});

test("a tool that appears on PATH later is linked", async () => {
  await serve();
  const folder = join(base, "tools");
  mkdirSync(folder);
  const env = { PATH: `${folder}:${directory.bin}:${path}` };
  expect((await end(start("printenv", ["PATH"], env))).stdout).toBe(`${directory.bin}:${folder}:${path}\n`);
  writeFileSync(join(folder, "tool"), "#!/bin/sh\necho tool\n", { mode: 0o755 });
  await until(() => existsSync(join(directory.bin, "tool")));
  expect((await end(start("tool", [], env))).stdout).toBe("tool\n");
});

test("a program that looks itself up on PATH again ends", async () => {
  await serve();
  const folder = join(base, "manager");
  mkdirSync(folder);
  writeFileSync(join(folder, "printf"), `#!/bin/sh\nexec env printf "$@"\n`, {
    mode: 0o755,
  });
  const env = { PATH: `${directory.bin}:${folder}:${path}` };
  expect(await end(start("printf", ["%s", "real"], env))).toEqual({ status: 0, stdout: "real", stderr: "" });
});

test("where AF_UNIX is forbidden, FIFOs carry the same", async () => {
  const jail = compileJail();
  await serve();
  const run = (name: string, ...args: string[]) =>
    end(spawn(jail, [join(directory.bin, name), ...args], { env: { PATH: `${directory.bin}:${path}` } }));
  expect(await run("printf", "%s", "x".repeat(100_000))).toEqual({
    status: 0,
    stdout: "x".repeat(100_000),
    stderr: "",
  });
  expect((await run("cat", "/keep/a")).status).toBe(126);
  const all = await Promise.all(Array.from({ length: 24 }, (_, at) => run("printf", "%s", String(at))));
  expect(all.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 24 }, (_, at) => String(at)));
});

test("HOLDPOINT_TRANSPORT=fifo asks for them, and changes no verdict", async () => {
  await serve();
  rmSync(directory.socket);
  const env = { PATH: `${directory.bin}:${path}`, HOLDPOINT_TRANSPORT: "fifo" };
  expect(await end(start("printf", ["%s", "x"], env))).toEqual({ status: 0, stdout: "x", stderr: "" });
  expect((await end(start("cat", ["/keep/a"], env))).status).toBe(126);
});

test("over FIFOs, a caller that is killed neither blocks nor answers for the next", async () => {
  const jail = compileJail();
  const asker = slowAsker();
  await serve(judgeWords, { asker });
  const env = { PATH: `${directory.bin}:${path}` };
  const first = spawn(jail, [join(directory.bin, "printf"), "/keep/a"], { env });
  const ended = end(first);
  await until(() => asker.asked.length === 1);
  first.kill("SIGKILL");
  await ended;
  await until(() => log.records.some(({ event }) => event === "answer"));
  for (let turn = 0; turn < 12; turn++) {
    const next = spawn(jail, [join(directory.bin, "printf"), "%s", "next"], { env });
    expect(await end(next)).toEqual({ status: 0, stdout: "next", stderr: "" });
  }
});

test("without a broker: 126, one line, at once", async () => {
  await serve();
  await broker?.close();
  const started = Date.now();
  const { status, stderr } = await call("ls");
  expect([status, stderr.trimEnd().split("\n").length, Date.now() - started < 4000]).toEqual([126, 1, true]);
});

test("a talk that is none ends with 126, and the broker goes on", async () => {
  await serve();
  const { connect } = await import("node:net");
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(directory.socket, () => socket.write(Buffer.from([0, 0, 0, 3, 65, 66, 0])));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("end", () => resolve(text));
  });
  expect(answer.slice(4).split("\0").slice(0, 2)).toEqual(["exit", "126"]);
  expect((await call("printf", "x")).stdout).toBe("x");
});

test("the directory goes away whole", async () => {
  const made = directory.path;
  expect(readdirSync(made).toSorted()).toEqual(["bin", "fifo", "rc"]);
  await directory.remove();
  expect(existsSync(made)).toBe(false);
});

function realProgram(name: string): string {
  return (
    path
      .split(":")
      .map((folder) => join(folder, name))
      .find(existsSync) ?? ""
  );
}

async function until(isDone: () => boolean): Promise<void> {
  const limit = Date.now() + 10_000;
  while (!isDone()) {
    if (Date.now() > limit) throw new Error("waited for too long");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A program that starts another one, without the right to open unix sockets: what agents' sandboxes do. */
function compileJail(): string {
  const program = join(base, "jail");
  if (existsSync(program)) return program;
  writeFileSync(
    `${program}.c`,
    `#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct sock_filter rules[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof rules / sizeof *rules, rules};
  if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) return 99;
  execv(argv[1], argv + 1);
  return 98;
}
`,
  );
  const made = spawnSync("cc", ["-o", program, `${program}.c`], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`cc failed: ${made.stderr}`);
  return program;
}
