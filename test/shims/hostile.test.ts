import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error plain JavaScript, for npm runs it before anything is compiled
import { buildShim } from "../../shims/build.js";
import { canSanitize } from "./fuzz.js";
import { compile, openSession, run, type Session } from "./stand-in.js";

// Callers that leave the shim next to nothing. It does what it was told, or denies; it never runs what nobody let it run.
const shims = fileURLToPath(new URL("../../shims", import.meta.url));
const isSanitized = canSanitize("cc");
let dir: string;
let launch: string;
let plain: Session;
let checked: Session;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "hp-hostile-"));
  buildShim(join(dir, "build"));
  const program = join(dir, "checked");
  if (isSanitized) {
    const sources = ["shim.c", "wire.c", "fields.c", "stdin.c", "handed.c"].map((name) => join(shims, name));
    const flags = ["-std=c11", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    const { status, stderr } = spawnSync("cc", [...flags, "-o", program, ...sources], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }
  launch = compile(dir, "launch", launchSource);
  plain = await openSession(join(dir, "build", "shim"), ["tool"], () => ({ verb: "wait" }));
  checked = await openSession(isSanitized ? program : join(dir, "build", "shim"), ["tool"], () => ({
    verb: "wait",
  }));
});
afterAll(async () => {
  await plain.close();
  await checked.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Ways of `launch`, and whether the program may still run there; a program that cannot be started at all is "not started". */
const ways: readonly (readonly [way: string, ends: "runs" | "denies" | "either"])[] = [
  ["argc-0", "runs"],
  ["closed-0-1-2", "runs"],
  ["no-descriptor-left", "denies"],
  ["three-descriptors", "denies"],
  ["little-memory", "either"],
  ["small-stack", "runs"],
  ["many-variables", "runs"],
  ["odd-variables", "runs"],
  ["signals-blocked", "runs"],
  ["folder-deleted", "runs"],
];

describe.each([
  ["as installed", () => plain],
  ["under AddressSanitizer and UBSan", () => checked],
] as const)("%s", (title, of) => {
  const skips = title !== "as installed" && !isSanitized;
  it.skipIf(skips).each(ways)("%s", async (way, ends) => {
    // Sanitizers keep terabytes of address space for themselves, and come as libraries, which take descriptors.
    if (title !== "as installed" && /memory|descriptor/.test(way)) return;
    const session = of();
    for (const answer of ["exec", "exit"] as const) {
      session.calls.length = 0;
      session.behave = () =>
        answer === "exec"
          ? [{ verb: "wait" }, { verb: "exec", program: launch, argv: ["ran"], env: ["RAN=1"] }]
          : [{ verb: "wait" }, { verb: "exit", status: 126, message: "no" }];
      const { status, signal, stderr } = await run(launch, [way, session.program("tool")], {
        env: { ASAN_OPTIONS: "detect_leaks=0" },
      });
      const ran = { status: 42, signal: null };
      const denied = { status: 126, signal: null };
      // The kernel ends a program that it cannot load any more.
      const killed = { status: null, signal: "SIGSEGV" };
      const wanted =
        answer === "exit" || ends === "denies" ? [denied] : ends === "runs" ? [ran] : [ran, denied, killed];
      expect(wanted).toContainEqual({ status, signal });
      expect(stderr).not.toMatch(/Sanitizer|runtime error/);
    }
    if (way === "argc-0") expect(session.calls[0]?.argv.length).toBeLessThanOrEqual(1);
    if (way === "many-variables") expect(session.calls[0]?.env.size).toBeGreaterThan(99_000);
    if (way === "folder-deleted") expect(session.calls[0]?.cwd).toBe("");
  });

  it.skipIf(skips)(
    "a signal while it waits ends it as any program; a stop and going on does not",
    async () => {
      const session = of();
      for (const signal of ["SIGINT", "SIGHUP", "SIGTERM", "SIGALRM"] as const) {
        session.behave = () => ({ verb: "wait" });
        session.calls.length = 0;
        const ended = run(session.program("tool"), [], {
          started: (pid) =>
            void expect
              .poll(() => session.calls.length, { timeout: 15_000 })
              .toBe(1)
              .then(() => process.kill(pid, signal)),
        });
        expect(await ended).toMatchObject({ status: null, signal });
      }
    },
  );
});

it("the other programs, from nothing", () => {
  const sources = readdirSync(shims).filter((name) =>
    ["leader.c", "peer.c", "pump.c", "shell.c"].includes(name),
  );
  const flags = isSanitized ? ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] : [];
  for (const source of sources) {
    const program = join(dir, source.slice(0, -2));
    const parts = source === "pump.c" ? [source, "plain.c"] : [source];
    const built = spawnSync("cc", [
      "-std=c11",
      ...flags,
      "-o",
      program,
      ...parts.map((part) => join(shims, part)),
    ]);
    expect(built.status).toBe(0);
    for (const words of [
      [],
      [""],
      ["", ""],
      ["\x01", "/dev/null"],
      ["x".repeat(100_000), "y".repeat(5000)],
    ]) {
      const { status, stderr } = spawnSync(program, words, { encoding: "utf8", env: {}, timeout: 20_000 });
      expect([source, words.length, status]).toEqual([source, words.length, 126]);
      expect(stderr).not.toMatch(/Sanitizer|runtime error/);
    }
  }
  // What the relay would have said of the terminal, and is none.
  const garbled = spawnSync(join(dir, "leader"), ["9:not:modes", "/nonexistent", "/bin/sh", "-c", "exit 3"]);
  expect(garbled.status).toBe(3);
  const killed = spawnSync(launch, [
    "signals-blocked",
    join(dir, "leader"),
    "",
    "",
    "/bin/sh",
    "-c",
    "kill -TERM $$; exit 0",
  ]);
  expect([killed.status, killed.signal]).not.toEqual([128, null]);
  for (const word of ["%", "%0", "%00", "%g0", "%2D", "plain"])
    expect([word, spawnSync(join(dir, "shell"), ["/bin/echo", word]).status]).toEqual([
      word,
      word === "%" ? 0 : 126,
    ]);
});

/** `launch WAY PROGRAM WORD…`: executes PROGRAM in a way of its own; as `ran` it says by its status that it was executed. */
const launchSource = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
extern char **environ;
static void limit(int what, rlim_t most) { struct rlimit to = {most, most}; if (setrlimit(what, &to)) _exit(90); }
int main(int argc, char **argv) {
  if (getenv("RAN")) return 42;
  if (argc < 3) return 91;
  char *way = argv[1], *program = argv[2], **words = argv + 2, *none[] = {NULL};
  if (!strcmp(way, "argc-0")) words = none;
  if (!strcmp(way, "closed-0-1-2")) for (int fd = 0; fd < 3; fd++) close(fd);
  if (!strcmp(way, "no-descriptor-left")) { for (int fd = 3; fd < 64; fd++) close(fd); limit(RLIMIT_NOFILE, 4); open("/dev/null", O_RDONLY); }
  if (!strcmp(way, "three-descriptors")) limit(RLIMIT_NOFILE, 3);
  if (!strcmp(way, "little-memory")) limit(RLIMIT_AS, 8 << 20);
  if (!strcmp(way, "small-stack")) limit(RLIMIT_STACK, 512 << 10);
  if (!strcmp(way, "many-variables")) {
    static char text[100001][8]; static char *all[100002];
    struct rlimit stack; getrlimit(RLIMIT_STACK, &stack);
    stack.rlim_cur = stack.rlim_max; setrlimit(RLIMIT_STACK, &stack);
    for (int i = 0; i < 100000; i++) { snprintf(text[i], 8, "%05x=1", i); all[i] = text[i]; }
    all[100000] = "ASAN_OPTIONS=detect_leaks=0";
    environ = all;
  }
  if (!strcmp(way, "odd-variables")) {
    static char *all[] = {"", "=", "=x", "A", "A=1", "A=2", "\\xff\\xfe=\\x80", "PATH=", "HOLDPOINT_TRANSPORT=", "HOLDPOINT_LINE=../../x", "RAN\\x01=2", "ASAN_OPTIONS=detect_leaks=0", NULL};
    environ = all;
  }
  if (!strcmp(way, "signals-blocked")) { sigset_t all; sigfillset(&all); sigprocmask(SIG_BLOCK, &all, NULL); }
  if (!strcmp(way, "folder-deleted")) { char name[] = "/tmp/hp-gone-XXXXXX"; if (!mkdtemp(name) || chdir(name) || rmdir(name)) return 92; }
  execve(program, words, environ);
  return 126;
}`;
