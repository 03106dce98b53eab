import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error plain JavaScript, for npm runs it before anything is compiled
import { buildShim } from "../../shims/build.js";
import { canSanitize } from "./fuzz.js";
import {
  compile,
  frame,
  noSocketsSource,
  openSession,
  run,
  type Session,
  type Step,
  serveFifo,
} from "./stand-in.js";

// Who gets the descriptor of a real program, and what the shim does with it.
const isLinux = process.platform === "linux";
const isSanitized = canSanitize("cc");
const shims = fileURLToPath(new URL("../../shims", import.meta.url));
let dir: string;
let taker: string;
let noSockets: string;
let session: Session;
let programs: ChildProcess;
let socket: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "hp-programs-"));
  if (!isLinux) return;
  buildShim(join(dir, "build"));
  for (const [name, ...flags] of [
    ["checked", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
    ["hasty", "-DLIFE_MS=300"],
  ]) {
    if (name === "checked" && !isSanitized) continue;
    const words = ["-std=c11", "-g", "-O1", ...flags, "-o", join(dir, name ?? ""), "programs.c"];
    const { status, stderr } = spawnSync("cc", words, { cwd: shims, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }
  taker = compile(dir, "taker", takerSource);
  noSockets = compile(dir, "no-sockets", noSocketsSource);
  session = await openSession(join(dir, "build", "shim"), ["tool"], () => ({ verb: "wait" }));
  socket = join(session.dir, "programs");
});
afterAll(async () => {
  if (isLinux) await session.close();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(async () => {
  programs?.stdin?.end();
  if (programs?.exitCode === null && programs.signalCode === null) await once(programs, "exit");
});

async function start(program = join(dir, "build", "programs")): Promise<void> {
  programs = spawn(program, [socket], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ASAN_OPTIONS: "detect_leaks=0" },
  });
  programs.stdin?.on("error", () => undefined);
  const [said] = await once(programs.stdout as NodeJS.ReadableStream, "data");
  expect(String(said)).toBe("ready\n");
}
const newToken = () => randomBytes(16).toString("hex");
function release(path: string, token = newToken()): string {
  programs.stdin?.write(frame("release", token, path));
  return token;
}
/** What a client is given: the path of a program and its flags, or "closed". */
const take = async (token: string) => (await run(taker, [socket, token])).stdout;
const given = (path: string) => `${dirname(path)} 012200000 0\n`;
const handOut = (token: string): Step => ({ verb: "raw", bytes: frame("program", token) });
const called = (argv: readonly string[], program = "sh"): Step => ({
  ...{ verb: "exec", program: `/nonexistent/${program}`, argv },
});

describe.skipIf(!isLinux).each([["as installed"], ["under AddressSanitizer and UBSan"]])("%s", (title) => {
  const skips = title !== "as installed" && !isSanitized;
  beforeEach(async () => {
    if (!skips) await start(title === "as installed" ? undefined : join(dir, "checked"));
  });

  it.skipIf(skips)("a token works once; it may come before its release", async () => {
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const token = release("/bin/sh");
    expect(await take(token)).toMatch(/^\/\S+ 012200000 0\n$/);
    expect(await take(token)).toBe("closed\n");
    const late = newToken();
    const asked = take(late);
    await new Promise((resolve) => setTimeout(resolve, 200));
    release(taker, late);
    expect(await asked).toBe(given(taker));
  });

  it.skipIf(skips)("an unknown token is waited for, while others are served", async () => {
    const begun = performance.now();
    const stranger = take(newToken());
    expect(await take(release(taker))).toBe(given(taker));
    expect(await stranger).toBe("closed\n");
    expect(performance.now() - begun).toBeGreaterThan(1900);
  });

  it.skipIf(skips).each([
    ["half a token", "ab"],
    ["no token", "Z".repeat(32)],
    ["a token in capitals", "AB".repeat(16)],
    ["more than a token", `${"ab".repeat(16)}c`],
  ])("%s gets nothing", async (_, text) => {
    expect(await take(text)).toBe("closed\n");
  });

  it.skipIf(skips)("what cannot be opened is refused at once, and its token is spent", async () => {
    const token = release(join(dir, "no such program"));
    expect(await take(token)).toBe("closed\n");
    writeFileSync(join(dir, "no such program"), "");
    expect(await take(token)).toBe("closed\n");
    rmSync(join(dir, "no such program"));
  });

  it.skipIf(skips)("a flood of releases and one of clients: the newest are served", async () => {
    const first = release(taker);
    for (let count = 0; count < 3000; count++) release("/bin/sh");
    const last = release(taker);
    const idle: Socket[] = [];
    for (let count = 0; count < 900; count++) {
      const client = connect(socket);
      client.on("error", () => undefined);
      if (count % 3 === 0) client.write("ab");
      if (count % 7 === 0) client.write(newToken());
      idle.push(client);
    }
    expect(await take(last)).toBe(given(taker));
    expect(await take(first)).toBe("closed\n");
    for (const client of idle) client.destroy();
    expect(await take(release(taker))).toBe(given(taker));
  });

  it.skipIf(skips || process.getuid?.() !== 0)("another user gets nothing", async () => {
    const other = ["--reuid=65534", "--regid=65534", "--clear-groups", taker, socket];
    for (const each of [dir, session.dir]) chmodSync(each, 0o755);
    chmodSync(socket, 0o777);
    const token = release(taker);
    expect((await run("/usr/bin/setpriv", [...other, token])).stdout).toBe("closed\n");
    expect(await take(token)).toBe(given(taker));
  });

  it.skipIf(skips).each([
    ["the end of stdin", Buffer.alloc(0)],
    ["another verb", frame("released", "ab".repeat(16), "/bin/sh")],
    ["no token", frame("release", "ab", "/bin/sh")],
    ["a path that depends on where it stands", frame("release", "ab".repeat(16), "sh")],
    ["a field too many", frame("release", "ab".repeat(16), "/bin/sh", "x")],
    ["a field too few", frame("release", "ab".repeat(16))],
    ["a frame without end", Buffer.from([0x7f, 0, 0, 0, 1])],
    ["an empty frame", Buffer.from([0, 0, 0, 0])],
  ])("%s ends it, and nobody can come any more", async (_, bytes) => {
    const ended = once(programs, "exit");
    programs.stdin?.write(bytes);
    if (bytes.length === 0) programs.stdin?.end();
    expect(await ended).toEqual([0, null]);
    expect(existsSync(socket)).toBe(false);
  });
});

it.skipIf(!isLinux)("a token that nobody fetches in time is worth nothing", async () => {
  await start(join(dir, "hasty"));
  const token = release(taker);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(await take(token)).toBe("closed\n");
});

describe.skipIf(!isLinux)("the shim", () => {
  beforeEach(() => start());
  const denied = (why: string) => ({
    status: 126,
    signal: null,
    stdout: "",
    stderr: `holdpoint: denied, nothing was run: ${why}\n`,
  });

  it("executes what it was handed, and leaves no descriptor behind", async () => {
    const token = release("/bin/sh");
    const open = "ls /proc/$$/fd";
    const bare = (await run("/bin/sh", ["-c", `${open}; :`])).stdout;
    const script = `printf "%s|" "$0" "$@"; echo; ${open}; cat`;
    session.behave = () => [handOut(token), called(["-sh", "-c", script, "a", "b c"])];
    const outcome = await run(session.program("tool"), [], { input: "kept" });
    expect(outcome).toEqual({ status: 0, signal: null, stdout: `a|b c|\n${bare}kept`, stderr: "" });
  });

  it("looks for it in that folder alone", async () => {
    writeFileSync(join(dir, "plain"), "echo ran\n", { mode: 0o755 });
    for (const [name, why] of [
      ["echo", "No such file or directory"],
      ["plain", "Exec format error"],
    ] as const) {
      const token = release(join(dir, "plain"));
      session.behave = () => [
        handOut(token),
        { verb: "exec", program: `/bin/${name}`, argv: ["echo", "ran"] },
      ];
      const stderr = `holdpoint: /bin/${name}: ${why}\n`;
      expect(await run(session.program("tool"), [])).toEqual({
        status: 126,
        signal: null,
        stdout: "",
        stderr,
      });
    }
  });

  it("denies with a token that is nobody's, and when the verb comes twice or garbled", async () => {
    session.behave = () => [handOut(newToken()), called(["x"])];
    const none = denied("the session did not hand out the program");
    expect(await run(session.program("tool"), [])).toEqual(none);
    const unreadable = denied("the session's guard sent something unreadable");
    session.behave = () => [handOut("ab"), called(["x"])];
    expect(await run(session.program("tool"), [])).toEqual(unreadable);
    session.behave = () => [{ verb: "raw", bytes: frame("program", newToken(), "x") }];
    expect(await run(session.program("tool"), [])).toEqual(unreadable);
    const [one, two] = [release("/bin/echo"), release("/bin/echo")];
    session.behave = () => [handOut(one), handOut(two), called(["echo"])];
    expect(await run(session.program("tool"), [])).toEqual(unreadable);
  });

  it("denies where nobody hands out, and where no descriptor comes", async () => {
    programs.stdin?.end();
    await once(programs, "exit");
    session.behave = () => [handOut(newToken()), called(["x"])];
    const gone = denied("cannot reach the session's programs: No such file or directory");
    expect(await run(session.program("tool"), [])).toEqual(gone);
    const server = createServer((client) => client.end("x")).listen(socket);
    await once(server, "listening");
    const none = denied("the session did not hand out the program");
    expect(await run(session.program("tool"), [])).toEqual(none);
    server.close();
  });

  it("denies where a sandbox forbids unix sockets, and says what to do", async () => {
    const end = serveFifo(session, 0);
    session.behave = () => [handOut(newToken()), called(["x"])];
    const why = "a sandbox inside the session's own must let unix sockets be used";
    const expected = denied(`cannot reach the session's programs: ${why}`);
    expect(await run(noSockets, [session.program("tool")])).toEqual(expected);
    end();
  });

  it("in a sandbox, where its name leads back to the shim, the program runs as itself", async (context) => {
    const box =
      "--ro-bind / / --dev /dev --proc /proc --unshare-user --unshare-pid --die-with-parent --as-pid-1 --cap-add ALL";
    const [farm, place] = [join(dir, "farm"), join(dir, "place")];
    for (const folder of [farm, place]) mkdirSync(folder);
    copyFileSync("/bin/readlink", join(place, "tool"));
    symlinkSync(session.program("tool"), join(farm, "tool"));
    const steps = ["overlay", place, farm, place, ";", "--", join(place, "tool"), "/proc/self/exe"];
    if (spawnSync("bwrap", [...box.split(" "), "true"]).status !== 0) context.skip("no sandbox here");
    const token = release(join(place, "tool"));
    const argv = [join(place, "tool"), "/proc/self/exe"];
    session.behave = () => [handOut(token), { verb: "exec", program: join(place, "tool"), argv }];
    const outcome = await run("bwrap", [...box.split(" "), join(dir, "build", "inside"), ...steps]);
    const stdout = `${join(place, "tool")}\n`;
    expect(outcome).toEqual({ status: 0, signal: null, stdout, stderr: "" });
  });

  it("on Node, denies", async () => {
    const script = join(shims, "shim.js");
    session.behave = () => [handOut(newToken()), called(["x"])];
    const outcome = await run(process.execPath, [script, session.program("tool")]);
    const why = "a sandbox needs the native shim (install a C compiler, then holdpoint again)";
    expect(outcome).toEqual(denied(why));
  });
});

/** `taker SOCKET TEXT`: prints the path and the flags of what it is given, and what else can be read. */
const takerSource = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0), folder;
  char byte = 1, room[256], name[64], path[4096] = "";
  struct iovec body = {&byte, 1};
  struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  if (argc < 3) return 90;
  strcpy(to.sun_path, argv[1]);
  if (connect(fd, (struct sockaddr *)&to, sizeof to)) return perror("connect"), 91;
  send(fd, argv[2], strlen(argv[2]), MSG_NOSIGNAL);
  if (recvmsg(fd, &message, 0) != 1 || !CMSG_FIRSTHDR(&message)) return puts("closed"), 0;
  memcpy(&folder, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof folder);
  snprintf(name, sizeof name, "/proc/self/fd/%d", folder);
  if (readlink(name, path, sizeof path - 1) < 0) return 92;
  printf("%s %#o %d\\n", path, fcntl(folder, F_GETFL) | 02000000, byte);
  return 0;
}`;
