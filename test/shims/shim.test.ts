import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error plain JavaScript, for npm runs it before anything is compiled
import { buildShim } from "../../shims/build.js";
import {
  type Behaviour,
  compile,
  frame,
  noSocketsSource,
  openSession,
  packet,
  run,
  type Session,
  type Step,
  serveFifo,
} from "./stand-in.js";

let dir: string;
let probe: string;
let noSockets: string;
let session: Session;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "hp-shim-"));
  expect(buildShim(join(dir, "build")).kind).toBe("native");
  probe = compile(dir, "probe", probeSource);
  noSockets = compile(dir, "no-sockets", noSocketsSource);
  session = await openSession(join(dir, "build", "shim"), ["tool", "other"], () => ({
    verb: "exec",
    program: probe,
  }));
});

afterAll(async () => {
  await session.close();
  rmSync(dir, { recursive: true, force: true });
});

function behave(behaviour: Behaviour | Step | readonly Step[]): void {
  session.calls.length = 0;
  session.gone.length = 0;
  session.behave = typeof behaviour === "function" ? behaviour : () => behaviour;
}
const runProbe = (env: readonly string[] = []): Step & { readonly verb: "exec" } => ({
  verb: "exec",
  program: probe,
  env,
});

describe("what is carried", () => {
  const bytes = Array.from({ length: 128 }, (_, at) => `\\x${(at + 128).toString(16)}`).join("");
  const cases: readonly {
    readonly title: string;
    readonly script: string;
    readonly argv: readonly string[];
  }[] = [
    { title: "plain words", script: '"$0" a "b c"', argv: ["a", "b c"] },
    { title: "empty words and newlines", script: `"$0" "" $'a\\nb' "" ""`, argv: ["", "a\nb", "", ""] },
    {
      title: "bytes that are not UTF-8",
      script: `"$0" $'${bytes}'`,
      argv: [Array.from({ length: 128 }, (_, at) => String.fromCharCode(at + 128)).join("")],
    },
    { title: "another argv[0]", script: '(exec -a ls "$0" x)', argv: ["x"] },
    { title: "no environment", script: 'env -i "$0" x', argv: ["x"] },
    { title: "closed descriptors 0 to 2", script: '"$0" x 0<&- 2>&-', argv: ["x"] },
  ];
  it.each(cases)("$title", async ({ script, argv }) => {
    behave(runProbe());
    const outcome = await run("/bin/bash", ["-c", script, session.program("tool")], {
      env: { PATH: "/usr/bin:/bin" },
    });
    expect(outcome).toMatchObject({ status: 0, stderr: "" });
    expect(session.calls.map((call) => [call.name, call.argv.slice(1)])).toEqual([["tool", argv]]);
    const [argv0 = "", ...rest] = outcome.stdout
      .slice(0, outcome.stdout.indexOf("\n--\n"))
      .split("\0")
      .slice(0, -1);
    expect(rest).toEqual(argv);
    expect(argv0).toBe(script.includes("exec -a") ? "ls" : session.program("tool"));
  });

  it("2 MB of arguments and environment", async () => {
    behave(runProbe());
    const words = Array.from({ length: 12 }, (_, at) => String(at).repeat(90_000).slice(0, 90_000));
    const env = Object.fromEntries(words.slice(0, 10).map((word, at) => [`V${at}`, word]));
    const outcome = await run(session.program("tool"), words, { env });
    expect(outcome.status).toBe(0);
    expect(outcome.stdout.startsWith([session.program("tool"), ...words, ""].join("\0"))).toBe(true);
    expect(session.calls[0]?.argv.slice(1)).toEqual(words);
    expect(Object.fromEntries(session.calls[0]?.env ?? [])).toMatchObject(env);
  });

  it("cwd, pids and the kind of descriptor 0", async () => {
    behave({ verb: "exit", status: 0, message: "" });
    const script = `cd ${dir}; "$0" </dev/null; "$0" <"$1"; "$0" <&-; : | "$0"; mkdir gone; cd gone; rmdir ../gone; "$0" </dev/zero; echo $$`;
    const { stdout } = await run("/bin/bash", ["-c", script, session.program("tool"), join(dir, "probe.c")]);
    expect(session.calls.map(({ stdin, cwd }) => [stdin, cwd])).toEqual([
      ["null", dir],
      ["file", dir],
      ["none", dir],
      ["pipe", dir],
      ["other", ""],
    ]);
    expect(session.calls[0]?.ppid).toBe(Number(stdout));
  });
});

describe("what is executed", () => {
  it("changes the environment as told", async () => {
    behave(runProbe(["A=1", "B", "NEW=x=y", "HO"]));
    const { stdout } = await run(session.program("tool"), [], {
      env: { A: "0", B: "1", HOME: "/h", PROBE: "env" },
    });
    expect(
      stdout
        .split("\n")
        .filter((line) => /^[A-Z]+=/.test(line))
        .sort(),
    ).toEqual(["A=1", "HOME=/h", "NEW=x=y", "PATH=/usr/bin:/bin", "PROBE=env", "SHLVL=1"]);
  });

  it.each([
    { title: "other arguments", argv: ["-tool", "", "a b"] },
    { title: "none but the name", argv: ["tool"] },
  ])("changes the arguments as told: $title", async ({ argv }) => {
    behave({ ...runProbe(["A=1"]), argv });
    const { stdout } = await run(session.program("tool"), ["own", "words"]);
    expect(stdout.slice(0, stdout.indexOf("\n--\n")).split("\0").slice(0, -1)).toEqual(argv);
  });

  it("keeps signals, process group, umask and descriptors the caller's own", async () => {
    behave([{ verb: "wait" }, runProbe()]);
    const script = `umask 027; trap '' USR1 PIPE; exec 7</dev/null; "$0"; "$1"`;
    const { stdout } = await run("/bin/bash", ["-c", script, session.program("tool"), probe], {
      env: { PROBE: "state" },
    });
    const [through, bare] = stdout.split("--\n").filter((part) => part.includes("SigIgn"));
    expect(through).toBe(bare);
    expect(through).toContain("fds 0 1 2 7");
  });

  it.each([
    ["a status", 'exec "$0" -c "exit 41"', { status: 41, signal: null }],
    ["a signal", 'exec "$0" -c "kill -9 \\$\\$"', { status: null, signal: "SIGKILL" }],
  ])("ends as the program ends: %s", async (_, script, expected) => {
    behave({ verb: "exec", program: "/bin/sh" });
    expect(await run("/bin/bash", ["-c", script, session.program("tool")])).toMatchObject(expected);
  });

  it("a script without #!, a missing program, one that may not be executed", async () => {
    const script = join(dir, "script");
    writeFileSync(script, 'echo "$#:$1"', { mode: 0o755 });
    behave({ verb: "exec", program: script });
    expect(await run(session.program("tool"), ["a b"])).toEqual({
      status: 0,
      signal: null,
      stdout: "1:a b\n",
      stderr: "",
    });
    behave({ verb: "exec", program: "/missing" });
    expect(await run(session.program("tool"), [])).toMatchObject({
      status: 127,
      stderr: "holdpoint: /missing: No such file or directory\n",
    });
    behave({ verb: "exec", program: "/etc" });
    expect(await run(session.program("tool"), [])).toMatchObject({
      status: 126,
      stderr: "holdpoint: /etc: Permission denied\n",
    });
  });
});

describe("what is refused", () => {
  it("prints the message and takes the status", async () => {
    behave([
      { verb: "wait" },
      { verb: "exit", status: 126, message: "holdpoint: denied by rule x\nbecause" },
    ]);
    const refused = {
      status: 126,
      signal: null,
      stdout: "",
      stderr: "holdpoint: denied by rule x\nbecause\n",
    };
    expect(await run(session.program("tool"), [])).toEqual(refused);
  });

  const huge = Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
  it.each<[string, Step | readonly Step[], string]>([
    ["a hang-up", { verb: "hang-up" }, "the session's guard is gone"],
    ["a hang-up after wait", [{ verb: "wait" }, { verb: "hang-up" }], "the session's guard is gone"],
    ["silence", { verb: "silence" }, "the session's guard does not answer"],
    [
      "half a frame",
      { verb: "raw", bytes: frame("exec", "/bin/true", 0, "-").subarray(0, 9) },
      "the session's guard does not answer",
    ],
    ["an endless frame", { verb: "raw", bytes: huge }, "the session's guard sent something unreadable"],
    [
      "an unknown verb",
      { verb: "raw", bytes: frame("allow") },
      "the session's guard sent something unreadable",
    ],
    [
      "no terminator",
      { verb: "raw", bytes: Buffer.from([0, 0, 0, 4, 119, 97, 105, 116]) },
      "the session's guard sent something unreadable",
    ],
    [
      "too few fields",
      { verb: "raw", bytes: frame("exec", "/bin/true", 3, "A=1") },
      "the session's guard sent something unreadable",
    ],
    [
      "no word on the arguments",
      { verb: "raw", bytes: frame("exec", "/bin/true", 1, "A=1") },
      "the session's guard sent something unreadable",
    ],
    [
      "fewer arguments than said",
      { verb: "raw", bytes: frame("exec", "/bin/true", 0, 2, "true") },
      "the session's guard sent something unreadable",
    ],
    [
      "a bad number",
      { verb: "raw", bytes: frame("exit", "zero", "") },
      "the session's guard sent something unreadable",
    ],
    [
      "an empty frame",
      { verb: "raw", bytes: Buffer.alloc(4) },
      "the session's guard sent something unreadable",
    ],
  ])("%s", async (_, steps, why) => {
    behave(steps);
    const begun = Date.now();
    const outcome = await run(session.program("tool"), []);
    expect(outcome).toEqual({
      status: 126,
      signal: null,
      stdout: "",
      stderr: `holdpoint: denied, nothing was run: ${why}\n`,
    });
    expect(Date.now() - begun).toBeLessThan(why.includes("answer") ? 30_000 : 4000);
  });

  it("a missing or dead socket, at once; after an orderly end what may go on goes on", async () => {
    const other = await openSession(join(dir, "build", "shim"), ["tool", "safe"], () => ({ verb: "wait" }));
    unlinkSync(join(other.dir, "sock"));
    const gone =
      "holdpoint: denied, nothing was run: cannot reach the session's guard: No such file or directory\n";
    expect(await run(other.program("tool"), [])).toMatchObject({ status: 126, stderr: gone });
    await run("/bin/mkdir", [join(other.dir, "after")]);
    symlinkSync("/bin/echo", join(other.dir, "after", "safe"));
    const ended =
      "holdpoint: denied, nothing was run: the session has ended, and nobody is left to ask: tool\n";
    expect(await run(other.program("tool"), [])).toMatchObject({ status: 126, stderr: ended });
    expect(await run(other.program("safe"), ["on"])).toMatchObject({ status: 0, stdout: "on\n" });
    await other.close();
  });

  it("is seen as gone when a signal ends it while it waits", async () => {
    behave({ verb: "wait" });
    const outcome = await run(session.program("tool"), [], {
      started: (pid) => setTimeout(() => process.kill(pid, "SIGTERM"), 300),
    });
    expect(outcome).toMatchObject({ status: null, signal: "SIGTERM", stderr: "" });
    await expect.poll(() => session.gone.length).toBe(1);
  });
});

describe("descriptor 0", () => {
  const spoolThen =
    (cap: number, ms: number, program: string): Behaviour =>
    (call) =>
      call.spool === undefined ? { verb: "stdin", cap, ms } : { verb: "exec", program };
  const long = "0123456789abcdef".repeat(20_000);
  it.each<[string, string, number, number, string, string, string]>([
    ["a short pipe", 'printf abc | "$0"', 100, 2000, "eof", "abc", "abc"],
    ["an empty pipe", ': | "$0"', 100, 2000, "eof", "", ""],
    ["a pipe longer than the cap", 'printf abcdef | "$0"', 3, 2000, "more", "abc", "abcdef"],
    ["a pipe longer than a pipe holds", 'cat "$1" | "$0"', 1_000_000, 2000, "eof", long, long],
    [
      "a pipe longer than a pipe and the cap",
      'cat "$1" | "$0"',
      200_000,
      2000,
      "more",
      long.slice(0, 200_000),
      long,
    ],
    ["a slow pipe", '(printf abc; sleep 1; printf def) | "$0"', 100, 200, "more", "abc", "abcdef"],
    ["a silent pipe", '(sleep 1; printf def) | "$0"', 100, 200, "more", "", "def"],
    ["a file", '"$0" < "$1"', 1_000_000, 2000, "eof", long, long],
    [
      "a file from its offset, left there",
      '{ read -r -n 16; "$0"; } < "$1"',
      10,
      2000,
      "more",
      "0123456789",
      long.slice(16),
    ],
    ["/dev/null", '"$0" < /dev/null', 100, 2000, "eof", "", ""],
    ["closed", '"$0" <&- 2>/dev/null || :', 100, 2000, "none", "", ""],
    ["endless", 'yes | "$0" | head -c 6', 4, 2000, "more", "y\ny\n", "y\ny\ny\n"],
  ])("%s", async (_, script, cap, ms, state, bytes, output) => {
    const file = join(dir, "long");
    writeFileSync(file, long);
    behave(spoolThen(cap, ms, "/bin/cat"));
    const outcome = await run("/bin/bash", ["-c", script, session.program("tool"), file], {
      env: { PATH: "/usr/bin:/bin" },
    });
    expect(session.calls.map(({ spool }) => spool)).toEqual([{ state, bytes }]);
    expect(outcome).toEqual({ status: 0, signal: null, stdout: output, stderr: "" });
  });

  it("a pump leaves when its program ends, and holds nobody else's pipe open", async () => {
    behave(spoolThen(3, 200, "/bin/true"));
    const begun = Date.now();
    const script = '"$0" < <(exec 2>/dev/null; printf abcdef; exec sleep 30) | cat; echo done';
    const outcome = await run("/bin/bash", ["-c", script, session.program("tool")]);
    expect(outcome).toEqual({ status: 0, signal: null, stdout: "done\n", stderr: "" });
    expect(session.calls[0]?.spool).toEqual({ state: "more", bytes: "abc" });
    expect(Date.now() - begun).toBeLessThan(20_000);
  });

  it("a refused call leaves no reader behind", async () => {
    behave((call) =>
      call.spool === undefined
        ? { verb: "stdin", cap: 9, ms: 1000 }
        : { verb: "exit", status: 126, message: "no" },
    );
    expect(await run(session.program("tool"), [], { input: "DROP TABLE x" })).toMatchObject({
      status: 126,
      stderr: "no\n",
    });
    expect(session.calls[0]?.spool).toEqual({ state: "more", bytes: "DROP TABL" });
  });
});

describe("where a sandbox forbids AF_UNIX", () => {
  it("speaks over FIFOs, also 1 MB, one caller after another", async () => {
    const end = serveFifo(session, 0);
    behave([{ verb: "wait" }, runProbe(["X=1"])]);
    const words = Array.from({ length: 12 }, () => "w".repeat(90_000));
    for (const argv of [["a", ""], words, ["b"]]) {
      const outcome = await run(noSockets, [session.program("tool"), ...argv]);
      expect(outcome).toMatchObject({ status: 0, stderr: "" });
      expect(outcome.stdout.startsWith([session.program("tool"), ...argv, ""].join("\0"))).toBe(true);
    }
    expect(session.calls.map((call) => call.argv.length)).toEqual([3, 13, 2]);
    end();
  });

  it("two at once take two pairs; a third waits for one", async () => {
    const ends = [serveFifo(session, 0), serveFifo(session, 1)];
    behave({ verb: "exec", program: "/bin/sleep" });
    const outcomes = await Promise.all(
      ["0.1", "0.2", "0.3", "0.3"].map((time) => run(noSockets, [session.program("tool"), time])),
    );
    expect(outcomes.map(({ status, stderr }) => [status, stderr])).toEqual(Array(4).fill([0, ""]));
    for (const end of ends) end();
  });

  it("never takes the answer that was meant for a caller killed before", async () => {
    const stale = packet("x".repeat(12), frame("exec", "/bin/echo", 0, "-"));
    const end = serveFifo(session, 0);
    const out = openSync(join(session.dir, "fifo", "0.out"), "r+");
    behave([
      { verb: "raw", bytes: frame("wait") },
      { verb: "exit", status: 126, message: "refused" },
    ]);
    const { writeSync } = await import("node:fs");
    writeSync(out, stale);
    expect(await run(noSockets, [session.program("tool"), "released"])).toMatchObject({
      status: 126,
      stdout: "",
      stderr: "refused\n",
    });
    closeSync(out);
    end();
  });

  it("sees a caller that is killed, and serves the next", async () => {
    const end = serveFifo(session, 0);
    behave({ verb: "wait" });
    await run(noSockets, [session.program("tool")], {
      started: (pid) => setTimeout(() => process.kill(pid, "SIGKILL"), 300),
    });
    await expect.poll(() => session.gone.length).toBe(1);
    behave({ verb: "exit", status: 5, message: "" });
    expect(await run(noSockets, [session.program("tool")])).toMatchObject({ status: 5 });
    end();
  });

  it("denies when nobody reads there", async () => {
    expect(existsSync(join(session.dir, "fifo", "0.in"))).toBe(true);
    const outcome = await run(noSockets, [session.program("tool")]);
    expect(outcome).toMatchObject({ status: 126, stdout: "" });
    expect(outcome.stderr).toMatch(/^holdpoint: denied, nothing was run: cannot reach [^\n]*\n$/);
  });
});

/** Writes its arguments, NUL after each; or its environment; or what it inherited besides. */
const probeSource = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>
#include <sys/stat.h>
extern char **environ;
int main(int argc, char **argv) {
  const char *mode = getenv("PROBE");
  if (!mode) { for (int i = 0; i < argc; i++) fwrite(argv[i], 1, strlen(argv[i]) + 1, stdout); printf("\\n--\\n"); return 0; }
  if (!strcmp(mode, "env")) { for (char **e = environ; *e; e++) puts(*e); return 0; }
  char line[512]; FILE *f = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, f)) if (!strncmp(line, "Sig", 3) && strncmp(line, "SigQ", 4)) fputs(line, stdout);
  fclose(f);
  printf("umask %o group %d fds", umask(0), getpgrp());
  for (int fd = 0; fd < 64; fd++) { struct stat s; if (fstat(fd, &s) == 0) printf(" %d", fd); }
  printf("\\n--\\n"); return 0;
}`;
