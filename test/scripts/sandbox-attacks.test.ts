import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoSandbox } from "./sandbox.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// Ways out of --sandbox that programs took once, each for real, as root and as somebody else.

const why = whyNoSandbox();
const isRoot = process.getuid?.() === 0;
const asPlain = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const reaches = (words: readonly string[]) =>
  spawnSync(words[0] ?? "", [...words.slice(1), process.execPath, cli, "--version"]).status === 0;
const users: readonly (readonly [string, readonly string[]])[] = [
  [isRoot ? "root" : "a plain user", []],
  ...(isRoot && reaches(asPlain) ? [["a plain user", asPlain] as const] : []),
];

/** Whether the kernel knows landlock's scopes, as Linux does from 6.12 on. */
const landlock = "import ctypes; exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 6)";

/** What each program below begins with. A call of the shims' own protocol, and what is handed out for it. */
const common = `
import array, ctypes, errno, fcntl, json, os, socket, struct, subprocess, sys, termios
def why(attempt):
    try: return repr(attempt())
    except OSError as cause: return errno.errorcode[cause.errno]
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *words):
    return "done" if libc.syscall(number, *words) >= 0 else errno.errorcode[ctypes.get_errno()]
def frame(at):
    size, = struct.unpack(">I", at.recv(4, socket.MSG_WAITALL))
    return at.recv(size, socket.MSG_WAITALL).split(b"\\0")
def handed():
    session = os.path.dirname(os.path.dirname(os.readlink("/usr/bin/rm")))
    broker, programs = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    broker.connect(session + "/sock")
    words = ["holdpoint/1", "call", "rm", str(os.getpid()), "1", os.getcwd(), "null", "2", "rm", "--version", "1", "PATH=" + os.environ["PATH"]]
    body = b"".join(word.encode() + b"\\0" for word in words)
    broker.sendall(struct.pack(">I", len(body)) + body)
    said = [b"wait"]
    while said[0] == b"wait": said = frame(broker)
    assert said[0] == b"program", said
    programs.connect(session + "/programs")
    programs.sendall(said[1])
    return array.array("i", programs.recvmsg(1, socket.CMSG_SPACE(4))[1][0][2])[0]
`;

describe.skipIf(why !== undefined).each(users)("in a sandbox, as %s", (_, as) => {
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
    const { home, workspace, outside } = place;
    for (const folder of [".ssh", ".aws", ".config", "bin"]) mkdirSync(join(home, folder));
    writeFileSync(join(home, ".ssh", "id_ed25519"), "hidden-word\n");
    writeFileSync(join(home, ".aws", "credentials"), "DROP TABLE hidden_word;\n");
    writeFileSync(join(outside, "kept.txt"), "kept\n");
    writeFileSync(join(workspace, "holdpoint.yaml"), "version: 1\nfiles: { write: [src/**] }\n");
    mkdirSync(join(workspace, "src"));
    writeFileSync(join(workspace, "src", "key.sql"), "DROP TABLE hidden_word;\n");
    mkdirSync(join(home, ".config", "holdpoint"));
    writeFileSync(
      join(home, ".config", "holdpoint", "config.yaml"),
      "version: 1\nsandbox: { hide: [src/key.sql] }\n",
    );
    if (as.length > 0) spawnSync("chown", ["-R", "65534:65534", place.base]);
    chmodSync(place.base, 0o755);
  });
  afterAll(() => place.remove());

  function run(command: readonly string[], around: readonly string[] = []): Promise<Outcome> {
    const [first = "", ...words] = [
      ...[...around, ...as, process.execPath, cli, "run", "-q", "--sandbox", "--mode", "deny", "--"],
      ...command,
    ];
    return execute(first, words, { cwd: place.workspace, env: place.env, limit: 100_000 });
  }

  /** What a program says, as JSON. */
  async function said(program: string, around: readonly string[] = [], python = "python3"): Promise<unknown> {
    writeFileSync(join(place.workspace, "src", "attack.py"), common + program);
    const { status, stdout, stderr } = await run([python, "src/attack.py"], around);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  test("the folder that a program is handed out by leads to nothing that is hidden or held", async () => {
    const { home, outside } = place;
    const [key, kept] = [join(home, ".ssh", "id_ed25519"), join(outside, "kept.txt")];
    const results = await said(`
top = "/proc/self/fd/%d/../.." % handed()
print(json.dumps([why(lambda: open(top + ${JSON.stringify(key)}).read()),
  why(lambda: open(top + ${JSON.stringify(kept)}, "a")), why(lambda: os.chmod(top + "/usr/bin/rm", 0o755)),
  why(lambda: os.unlink(top + ${JSON.stringify(kept)}))]))`);
    expect(results).toEqual(["EACCES", "EROFS", "EROFS", "EROFS"]);
    expect(readFileSync(kept, "utf8")).toBe("kept\n");
  });

  test.each([0, 30])("a folder that was open outside, as descriptor %i, leads nowhere", async (fd) => {
    const text = `cat /proc/self/fd/${fd}/.${join(place.home, ".ssh", "id_ed25519")}`;
    const around = ["bash", "-c", `exec "$0" "$@" ${fd}</`];
    const { status, stdout } = await run(["sh", "-c", text], around);
    expect(stdout).toBe("");
    expect(status).not.toBe(0);
  });

  test.runIf(as.length === 0 && isRoot)("the machine's own device nodes stay as they are", async () => {
    const results = await said(
      `
print(json.dumps([why(lambda: os.chmod(path, 0o666)) for path in ("/dev/null", "/dev/zero", "/dev/tty", "/proc/self/fd/0")]))`,
      [...["sh", "-c", 'exec "$0" "$@" </dev/null']],
    );
    expect(results).toEqual(["EROFS", "EROFS", "EROFS", "EROFS"]);
  });

  test.runIf(process.arch === "x64")("calls that no mount holds are refused", async () => {
    const results = await said(`
end, _ = os.openpty()
print(json.dumps([call(250, 0, -4, 0), call(248, b"user", b"x", b"x", 1, -3), call(249, b"user", b"x", 0, 0),
  call(425, 4, ctypes.create_string_buffer(256)), call(0x40000000 + 39), why(lambda: fcntl.ioctl(end, termios.TIOCSTI, b"x")),
  why(lambda: fcntl.ioctl(end, 0x541C, b"\\2")), why(lambda: socket.socket(40, socket.SOCK_STREAM)), "socket" in why(lambda: socket.socket())]))`);
    expect(results).toEqual([
      ...["ENOSYS", "ENOSYS", "ENOSYS", "ENOSYS", "ENOSYS", "EPERM", "EPERM", "EAFNOSUPPORT", true],
    ]);
  });

  test("who listens somewhere in the home is not reached", async () => {
    const path = join(place.home, ".config", "editor.sock");
    const server = createServer((socket) => socket.end()).listen(path);
    await new Promise((ready) => server.once("listening", ready));
    chmodSync(path, 0o777);
    try {
      const results = await said(`
def reach(path):
    folder = os.open(os.path.dirname(path), os.O_PATH)
    return socket.socket(socket.AF_UNIX).connect("/proc/self/fd/%d/editor.sock" % folder)
path = ${JSON.stringify(path)}
print(json.dumps([why(lambda: reach(path)), why(lambda: reach("/proc/self/fd/%d/../.." % handed() + path))]))`);
      expect(results).toEqual(["ECONNREFUSED", "ECONNREFUSED"]);
    } finally {
      server.close();
    }
  });

  test.skipIf(spawnSync("python3", ["-c", landlock]).status !== 0)(
    "nor who listens without a file",
    async () => {
      const name = `holdpoint-test-${process.pid}-${as.length}`;
      const text = `import socket; s = socket.socket(socket.AF_UNIX); s.bind("\\0${name}"); s.listen(); print(flush=True); open(0).read()`;
      const server = spawn("python3", ["-c", text], { stdio: ["pipe", "pipe", "inherit"] });
      await new Promise((ready) => server.stdout.once("data", ready));
      try {
        const results = await said(`
own = socket.socket(socket.AF_UNIX)
own.bind("\\0own")
own.listen()
print(json.dumps([why(lambda: socket.socket(socket.AF_UNIX).connect("\\0" + name)) for name in ("${name}", "own")]))`);
        expect(results).toEqual(["EPERM", "None"]);
      } finally {
        server.stdin.end();
      }
    },
  );

  test.each([
    ["in the home", (at: Place) => join(at.home, ".aws", "credentials")],
    ["in a folder that may be written", (at: Place) => join(at.workspace, "src", "key.sql")],
  ])("the guard, which sees more, tells nothing of what is hidden %s", async (_where, pathOf) => {
    const results = await said(`
path = ${JSON.stringify(pathOf(place))}
done = subprocess.run(["psql", "-f", path, "postgres://db.example.com/x"], capture_output=True, text=True)
print(json.dumps([done.returncode == 0, "hidden_word" in done.stdout + done.stderr]))`);
    expect(results).toEqual([false, false]);
  });

  test("what the agent's next start would run is not the agent's to write, there or not", async () => {
    const { home } = place;
    mkdirSync(join(home, ".claude"), { recursive: true });
    writeFileSync(join(home, ".claude", "settings.json"), '{"statusLine":{"command":"~/.claude/line.sh"}}');
    writeFileSync(join(home, ".claude", "line.sh"), "");
    if (as.length > 0) spawnSync("chown", ["-R", "65534:65534", join(home, ".claude")]);
    const program = `
print(json.dumps([why(lambda: open(os.path.expanduser("~/") + name, "w").close())
  for name in (".codex/config.toml", ".codex/hooks.json", ".codex/log", ".claude/settings.local.json", ".claude/line.sh", ".claude/hooks/x", ".claude/log")]))`;
    for (const name of ["codex", "claude"])
      writeFileSync(join(home, "bin", name), '#!/bin/sh\nexec python3 "$@"\n', { mode: 0o755 });
    expect(await said(program, [], join(home, "bin", "codex"))).toEqual([
      ...["EROFS", "EROFS", "None", "EROFS", "EROFS", "ENOENT", "EROFS"],
    ]);
    expect(readFileSync(join(home, ".codex", "hooks.json"), "utf8")).toBe("{}\n");
    expect(await said(program, [], join(home, "bin", "claude"))).toEqual([
      ...["EROFS", "EROFS", "EROFS", "EROFS", "EROFS", "EROFS", "None"],
    ]);
  });

  test("what it leaves closed is removed, and the next session begins", async () => {
    const text =
      "import os; os.makedirs('/tmp/a/b/c'); open(b'/tmp/a/\\xff', 'w'); os.chmod('/tmp/a/b', 0); os.chmod('/tmp/a', 0)";
    expect(await run(["python3", "-c", text])).toMatchObject({ status: 0 });
    const store = join(place.home, ".local", "state", "holdpoint", "sandbox");
    expect(readdirSync(store)).toEqual([]);
    expect(await run(["true"])).toMatchObject({ status: 0, stderr: "" });
  });

  test.runIf(isRoot)("what is hidden is hidden where its disk is mounted once more", async () => {
    const { home, outside } = place;
    const again = join(outside, "again");
    mkdirSync(again, { recursive: true });
    const results = await said(
      `
print(json.dumps([why(lambda: open(${JSON.stringify(again)} + name).read()) for name in ("/.ssh/id_ed25519", "/.aws/credentials")]))`,
      ["unshare", "-m", "sh", "-c", 'mount --bind "$0" "$1" && shift && exec "$@"', home, again],
    );
    expect(results).toEqual(["EACCES", "EACCES"]);
    expect(existsSync(join(again, ".ssh"))).toBe(false);
  });
});
