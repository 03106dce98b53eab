import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canSanitize } from "./fuzz.js";
import { compile, run } from "./stand-in.js";

// The first program in the sandbox, in a real one. Names are as awkward as a file system lets them be.
const shims = fileURLToPath(new URL("../../shims", import.meta.url));
const isSanitized = canSanitize("cc");
let dir: string;
let inside: string;
let nested: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "hp-inside, a:b\\c "));
  chmodSync(dir, 0o755);
  inside = join(dir, "inside");
  // ptrace, which LeakSanitizer wants, and /proc are not to be had everywhere in there.
  const sanitizers = isSanitized ? ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] : [];
  const sources = ["inside.c", "layers.c", "powers.c", "calls.c", "forward.c", "link.c"];
  const words = ["-std=c11", "-g", "-O1", ...sanitizers, "-o", inside, ...sources];
  if (process.platform !== "linux") return;
  const { status, stderr } = spawnSync("cc", words, { cwd: shims, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  nested = compile(dir, "nested", nestedSource);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const asPlain = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
const users: readonly (readonly [string, readonly string[]])[] = isRoot
  ? [
      ["root", []],
      ["a plain user", asPlain],
    ]
  : [["a plain user", []]];
const box = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-user"];
const spaces = [
  "--unshare-pid",
  "--unshare-ipc",
  "--unshare-net",
  "--die-with-parent",
  "--as-pid-1",
  "--cap-add",
  "ALL",
];

function whyNot(as: readonly string[]): string | undefined {
  if (process.platform !== "linux") return "only Linux has namespaces";
  const [program = "", ...words] = [...as, ...box, ...spaces, "true"];
  const { error, status, stderr } = spawnSync(program, words, { encoding: "utf8", cwd: "/" });
  return status === 0 ? undefined : `no sandbox here: ${error?.message ?? stderr.trim()}`;
}

/** Folders of one test, which everybody may write. */
function folders(...names: readonly string[]): string[] {
  const place = mkdtempSync(join(dir, "t "));
  chmodSync(place, 0o755);
  return names.map((name) => {
    const path = join(place, name);
    mkdirSync(path);
    chmodSync(path, 0o777);
    return path;
  });
}

function file(path: string, text: string): string {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

describe.each(users)("as %s", (_, as) => {
  const reason = whyNot(as);
  const options = { env: { ASAN_OPTIONS: "detect_leaks=0", HOME: "/nonexistent" } };
  const words = (steps: readonly string[], binds: readonly string[] = []) => [
    ...as,
    ...box,
    ...binds.flatMap((path) => ["--bind", path, path]),
    ...spaces,
    inside,
    ...steps,
  ];
  function within(steps: readonly string[], binds: readonly string[] = []) {
    const [program = "", ...rest] = words(steps, binds);
    return run(program, rest, options);
  }
  const sh = (script: string, ...args: readonly string[]) => ["--", "/bin/sh", "-c", script, "sh", ...args];
  const ended = (status: number, stdout = "", stderr = "") => ({ status, signal: null, stdout, stderr });
  function test(title: string, body: () => Promise<void>) {
    it(title, async (context) => {
      if (reason !== undefined) context.skip(reason);
      await body();
    });
  }

  test("overlay: a program's name is the link's; all else shows through", async () => {
    const [farm = "", more = "", place = ""] = folders("farm", "more, :\\", "place");
    symlinkSync(file(join(place, "shim"), "#!/bin/sh\necho shim\n"), join(farm, "id"));
    file(join(more, "added"), "#!/bin/sh\necho added\n");
    const steps = ["overlay", "/usr/bin", farm, more, "/usr/bin", ";"];
    const script =
      "env -i /usr/bin/id; command -p id; /usr/bin/added; /usr/bin/uname; (: > /usr/bin/new) || echo no";
    const { status, stdout } = await within([...steps, ...sh(script)]);
    expect([status, stdout]).toEqual([0, "shim\nshim\nadded\nLinux\nno\n"]);
  });

  test("links: a folder of them, for an overlay", async () => {
    const [farm = "", place = ""] = folders("farm, :", "place");
    file(join(place, "id"), "#!/bin/sh\necho shim\n");
    file(join(farm, "hidden"), "");
    const steps = ["links", farm, place, "id", "no,:such", ";", "overlay", "/usr/bin", farm, "/usr/bin", ";"];
    const script = 'id; ls "$1"; readlink /usr/bin/id; (: > "$1/new") 2>/dev/null || echo no';
    const { status, stdout } = await within([...steps, ...sh(script, farm)]);
    expect([status, stdout]).toEqual([0, `shim\nid\nno,:such\n${join(place, "id")}\nno\n`]);
    const none = await within(["links", farm, place, "a/b", ";", ...sh("echo ran")]);
    expect(none).toMatchObject({ status: 125, stdout: "" });
  });

  test("overlay: a file that the host puts over a program does not open it", async () => {
    const [farm = "", guarded = "", place = ""] = folders("farm", "guarded", "place");
    const tool = file(join(guarded, "tool"), "#!/bin/sh\necho real\n");
    symlinkSync(file(join(place, "shim"), "#!/bin/sh\necho shim\n"), join(farm, "tool"));
    const script = 'echo go; read line; "$0"; cat "$0"';
    const steps = ["overlay", guarded, farm, guarded, ";", "--", "/bin/sh", "-c", script, tool];
    const [program = "", ...rest] = words(steps);
    const child = spawn(program, rest, { ...options, stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
      if (said !== "go\n") return;
      renameSync(file(join(guarded, "fresh"), "#!/bin/sh\necho upgraded\n"), tool);
      child.stdin.end("\n");
    });
    await once(child, "close");
    expect(said).toBe("go\nshim\n#!/bin/sh\necho shim\n");
    expect(readFileSync(tool, "utf8")).toContain("upgraded");
  });

  test("no capability is left, and none comes back", async () => {
    const { stdout } = await within(sh("grep -E '^(Cap|NoNewPrivs)' /proc/self/status | cut -f 2"));
    expect(stdout).toBe(`${"0000000000000000\n".repeat(5)}1\n`);
  });

  test("the machine's settings cannot be written, nor seen anew by root, who owns them", async () => {
    const find = "find /proc -path '/proc/[0-9]*' -prune -o -type l -o -writable -print";
    const isOwner = isRoot && as.length === 0;
    const script = `[ ! -w /proc/sys/kernel/core_pattern ] && echo closed; ${isOwner ? find : ":"}; "$1"`;
    const { stdout } = await within(sh(script, nested));
    expect(stdout).toBe(`closed\n${isOwner ? "refused" : "mounted"}\n`);
  });

  test("nothing that is covered or overlaid can be uncovered", async () => {
    const [farm = "", guarded = "", store = "", place = ""] = folders("farm", "guarded", "store", "place");
    file(join(guarded, "tool"), "real\n");
    file(join(store, "secret"), "secret\n");
    file(join(farm, "tool"), "shim\n");
    const steps = ["overlay", guarded, farm, guarded, ";", "cover", store];
    const tries = file(
      join(place, "tries"),
      `look() { cat "$1$G/tool"; cat "$1$S"/*; ls "$1$S"; }
      echo tried
      umount "$G"; umount -l "$G"; umount "$S"; umount -l "$S"; look ""
      for process in /proc/[0-9]* /proc/self /proc/thread-self; do look $process/root; look $process/cwd; done
      mount --bind / /mnt && look /mnt
      mount --rbind / /mnt && look /mnt; umount -l "/mnt$S" "/mnt$G"; look /mnt
      mount --move "$G" /srv; mount -o remount,bind,rw "$S"; chmod 777 "$S"; look ""
      mount -t tmpfs none /mnt; mkdir /mnt/u /mnt/w /mnt/m; look ""
      mount -t overlay none -o "lowerdir=$(dirname "$S"),upperdir=/mnt/u,workdir=/mnt/w,userxattr" /mnt/m; cat /mnt/m/store/*`,
    );
    const script = 'cd /; sleep 1000 & sh "$1"; unshare -Urm sh "$1"; unshare -Um sh "$1"';
    const env = ["--", "env", `G=${guarded}`, `S=${store}`, "sh", "-c", script, "sh", tries];
    const { stdout } = await within([...steps, ...env]);
    // Root without capabilities cannot map root, so that one of its namespaces cannot be.
    const times = as.length === 0 && isRoot ? 2 : 3;
    expect(stdout.split("\n").filter((line) => line === "tried")).toHaveLength(times);
    expect(stdout.split("\n").filter((line) => !/^(tried|shim|)$/.test(line))).toEqual([]);
    expect(stdout.split("shim").length).toBeGreaterThan(3 * times);
    expect(readFileSync(join(store, "secret"), "utf8")).toBe("secret\n");
  });

  test("scratch: what is written stays above; the lower folder is as it was", async () => {
    const [lower = "", own = ""] = folders("lower, :\\x\n", "own: ,\\");
    file(join(lower, "kept"), "old");
    file(join(lower, "gone"), "old");
    for (const name of ["upper", "work"]) mkdirSync(join(own, name), { mode: 0o777 });
    for (const name of ["upper", "work"]) chmodSync(join(own, name), 0o777);
    // A file of somebody whom the namespace does not know cannot be copied up.
    if (as.length > 0) for (const name of ["kept", "gone"]) chownSync(join(lower, name), 65534, 65534);
    const steps = ["scratch", lower, lower, join(own, "upper"), join(own, "work"), "cover", own];
    const script =
      'cd "$1"; echo new > kept; rm gone; mkdir -p a/b; echo x > a/b/c; cat kept a/b/c; ls; ls "$2" 2>&1 | grep -c denied';
    const outcome = await within([...steps, ...sh(script, lower, own)], [own]);
    expect(outcome).toEqual(ended(0, "new\nx\na\nkept\n1\n"));
    expect(readdirSync(lower).map((name) => readFileSync(join(lower, name), "utf8"))).toEqual(["old", "old"]);
    expect(readFileSync(join(own, "upper", "a", "b", "c"), "utf8")).toBe("x\n");
  });

  test("a folder that something is mounted in is no layer: what is hidden there would be seen", async () => {
    const [lower = "", own = "", farm = ""] = folders("lower \\ \n", "own", "farm");
    for (const name of ["upper", "work"]) mkdirSync(join(own, name));
    mkdirSync(join(lower, "store"));
    for (const steps of [
      ["overlay", lower, farm, lower, ";"],
      ["scratch", lower, lower, join(own, "upper"), join(own, "work")],
    ]) {
      const [program = "", ...rest] = words(["cover", join(lower, "store"), ...steps, ...sh("echo ran")]);
      const { status, stdout, stderr } = await run(program, rest, options);
      expect([status, stdout]).toEqual([125, ""]);
      expect(stderr).toMatch(/^holdpoint: sandbox: (overlay|scratch) [^\n]*: something is mounted in it\n$/);
    }
  });

  const broken: readonly (readonly [title: string, steps: readonly string[], line: RegExp])[] = [
    [
      "a target that is not there",
      ["overlay", "/none", "/usr", ";"],
      /^overlay \/none: No such file or directory$/,
    ],
    [
      "a layer that is a file",
      ["overlay", "/usr", "/etc/passwd", "/usr", ";"],
      /^overlay \/etc\/passwd: Not a directory$/,
    ],
    ["one layer alone", ["overlay", "/usr/bin", "/usr/bin", ";"], /^overlay \/usr\/bin: Invalid argument$/],
    [
      "a list without an end",
      ["overlay", "/usr", "/usr"],
      /^overlay \/usr: no list of folders that ends in ;$/,
    ],
    ["no list", ["overlay", "/usr", ";"], /^overlay \/usr: no list of folders that ends in ;$/],
    ["a relative path", ["cover", "usr"], /^cover usr: not an absolute path$/],
    [
      "a step in the place of a path",
      ["scratch", "/usr", "/usr", "cover", "/usr"],
      /^scratch cover: not an absolute path$/,
    ],
    [
      "nowhere to write",
      ["scratch", "/usr", "/usr", "/none\n\u001b[1m", "/none"],
      /^scratch \/none\?\?\[1m: No such file or directory$/,
    ],
    ["no port", ["forward", "0", "/s"], /^forward 0: not a port$/],
    ["a port with more", ["forward", "80x", "/s"], /^forward 80x: not a port$/],
    [
      "a port twice",
      ["forward", "8080", "/s", "forward", "8080", "/s"],
      /^forward 8080: Address already in use$/,
    ],
    [
      "a socket's path that is too long",
      ["forward", "8080", `/${"s".repeat(108)}`],
      /^forward 8080: the path of its socket is too long$/,
    ],
    ["no prefix", ["forward", "8080", "/s", "/none"], /^forward \/none: No such file or directory$/],
    ["a prefix without end", ["forward", "8080", "/s", "/dev/zero"], /^forward \/dev\/zero: too long$/],
    ["an unknown step", ["bind", "/a", "/b"], /^usage bind: no such step$/],
  ];
  it.for(broken)("%s ends it with one line", async ([title, steps, line], context) => {
    if (reason !== undefined) context.skip(reason);
    for (const rest of [sh("echo ran"), ["check"]]) {
      const { status, stdout, stderr } = await within([
        ...steps,
        ...(title === "a list without an end" ? [] : rest),
      ]);
      expect([status, stdout]).toEqual([125, ""]);
      expect(stderr).toMatch(/^holdpoint: sandbox: [^\n]*\n$/);
      expect(stderr.slice("holdpoint: sandbox: ".length, -1)).toMatch(line);
    }
  });

  test("without capabilities to begin with nothing runs", async () => {
    const [program = "", ...rest] = words([...sh("echo ran")]).filter(
      (word) => word !== "--cap-add" && word !== "ALL",
    );
    const { status, stdout } = await run(
      program,
      [...rest.slice(0, rest.indexOf(inside)), "--cap-drop", "ALL", ...rest.slice(rest.indexOf(inside))],
      options,
    );
    expect([status, stdout]).toEqual([125, ""]);
  });

  test("it refuses to be any process but the first: that one would show what is covered", async () => {
    const [program = "", ...rest] = words(sh("echo ran")).filter((word) => word !== "--as-pid-1");
    const line = "holdpoint: sandbox: start: not the first process of a sandbox\n";
    expect(await run(program, rest, options)).toEqual(ended(125, "", line));
  });

  test("check runs nothing; a program that cannot run ends as in a shell", async () => {
    expect(await within(["cover", "/mnt", "check"])).toEqual(ended(0));
    expect(await within(["check", "x"])).toEqual(
      ended(125, "", "holdpoint: sandbox: usage check: stands last\n"),
    );
    expect(await within(["--"])).toEqual(ended(125, "", "holdpoint: sandbox: usage --: no program\n"));
    expect(await within(["--", "no-such"])).toEqual(
      ended(127, "", "holdpoint: no-such: No such file or directory\n"),
    );
    expect(await within(["--", "/etc/passwd"])).toEqual(
      ended(126, "", "holdpoint: /etc/passwd: Permission denied\n"),
    );
    expect(await within(["--", "sh", "-c", "exit 41"])).toEqual(ended(41));
  });

  test("a signal that bubblewrap ignores reaches the program", async () => {
    const all = words(sh("kill -INT $$; echo ignored"));
    expect(await run("/bin/sh", ["-c", 'trap "" INT; exec "$@"', "sh", ...all], options)).toEqual(ended(130));
  });

  test("killing bubblewrap ends all of it", async () => {
    const [place = ""] = folders("place");
    const [program = "", ...rest] = words([
      "forward",
      "8080",
      join(place, "s"),
      ...sh("echo up; sleep 1000", place),
    ]);
    const child = spawn(program, rest, { ...options, stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await expect.poll(() => leftOf(place), { timeout: 10_000 }).toEqual([]);
  });

  test("the program has no descriptor more, and no child", async () => {
    const script = 'ls /proc/$$/fd; read -r children < /proc/$$/task/$$/children; echo "<$children>"';
    const [program = "", ...rest] = [...as, ...box, ...spaces, ...sh(script).slice(1)];
    const bare = await run(program, rest, options);
    const [place = ""] = folders("place");
    const own = await within(["forward", "8080", join(place, "s"), "cover", "/mnt", ...sh(script)]);
    // What the one who runs the tests holds above 16 comes through Node, and into bare bubblewrap alone.
    const known = bare.stdout.split("\n");
    expect(own).toMatchObject({ status: bare.status, stderr: bare.stderr });
    expect(own.stdout.split("\n").filter((line) => !known.includes(line))).toEqual([]);
  });

  /** Runs `script` in there, in Node; `P` connects to the port, `all` reads to the end. */
  function client(steps: readonly string[], script: string) {
    const head = `
      const net = require("node:net");
      const P = () => net.connect({ port: 8080, host: "127.0.0.1", allowHalfOpen: true }).on("error", () => {});
      const all = (s) => new Promise((done) => { const got = []; s.on("data", (b) => got.push(b)); s.on("close", () => done(Buffer.concat(got))); s.on("end", () => s.end()); });
      const sum = (b) => require("node:crypto").createHash("sha256").update(b).digest("hex");
      const rest = (ms) => new Promise((done) => setTimeout(done, ms));
      const proc = (pid) => require("node:fs").readFileSync("/proc/" + pid + "/stat", "utf8").split(") ")[1].split(" ");
      const server = () => require("node:fs").readdirSync("/proc").find((pid) => /^[0-9]+$/.test(pid) && pid > 1 && proc(pid)[1] === "1" && pid !== String(process.pid));
      const spent = () => { const is = proc(server()); return Number(is[11]) + Number(is[12]); };
      (async () => { ${script} })().catch((error) => { console.error(error); process.exit(99); });`;
    return within(["forward", "8080", ...steps, "--", process.execPath, "-e", head]);
  }

  async function serve(
    answer: (socket: Socket) => void,
  ): Promise<{ path: string; close: () => Promise<void> }> {
    const place = mkdtempSync("/tmp/hp-fw-"); // a socket's path is short
    chmodSync(place, 0o755);
    const path = join(place, "s, :\\");
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket.on("error", () => undefined));
      answer(socket);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    chmodSync(path, 0o777);
    const close = async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(place, { recursive: true });
    };
    return { path, close };
  }

  test("forward: many connections side by side, and much on one, come through unharmed", async () => {
    const { path, close } = await serve((socket) => socket.pipe(socket));
    const outcome = await client(
      [path, "-"],
      `const one = async (size) => {
        const bytes = require("node:crypto").randomBytes(size), s = P(), got = all(s);
        s.end(bytes);
        return sum(await got) === sum(bytes);
      };
      console.log((await Promise.all(Array.from({ length: 64 }, (_, at) => one(at * 5000)))).every(Boolean));
      console.log(await one(100 << 20));
      const many = Array.from({ length: 1500 }, P);
      await Promise.all(many.map((s) => new Promise((done) => s.once("data", done).write("x"))));
      console.log(await one(1000));
      process.exit();`,
    );
    await close();
    expect(outcome).toEqual(ended(0, "true\ntrue\ntrue\n"));
  });

  test("forward: the prefix goes first, and each end goes on its own", async () => {
    const { path, close } = await serve((socket) => {
      let got = "";
      socket.on("data", (bytes) => (got += bytes));
      socket.on("end", () => socket.end(`<${got}>`));
    });
    const [place = ""] = folders("place");
    const prefix = file(join(place, "prefix"), "CONNECT x\r\n\r\n");
    const script = `const s = P(), got = all(s); s.write("a"); await rest(50); s.end("b"); console.log(JSON.stringify(String(await got)));`;
    const outcome = await client([path, prefix, "cover", place], script);
    await close();
    expect(outcome).toEqual(ended(0, '"<CONNECT x\\r\\n\\r\\nab>"\n'));
  });

  test("forward: who does not read, goes away or never comes costs nothing and keeps nobody", async () => {
    const { path, close } = await serve((socket) => {
      socket.once("data", (bytes) => {
        if (String(bytes) === "cut") socket.destroy();
        if (String(bytes) === "deaf") socket.pause().end();
        if (String(bytes) === "flood") socket.write(Buffer.alloc(8 << 20));
        if (String(bytes) === "echo") socket.end("echo");
      });
    });
    const outcome = await client(
      [path],
      `const cut = P(); cut.write("cut"); await all(cut);
      const deaf = P(); deaf.write("deaf"); deaf.resume(); for (let n = 0; n < 100; n++) deaf.write(Buffer.alloc(65536));
      const flood = P(); flood.pause(); flood.write("flood");
      const shut = P(); shut.end("nothing"); shut.resume();
      for (let n = 0; n < 50; n++) { const s = P(); s.write("flood"); await new Promise((done) => s.once("readable", done)); s.resetAndDestroy(); }
      await rest(300);
      const before = spent();
      await rest(1500);
      console.log("busy", spent() - before > 30);
      const s = P(), got = all(s); s.write("echo"); console.log(String(await got));
      process.exit();`,
    );
    await close();
    expect(outcome).toEqual(ended(0, "busy false\necho\n"));
  });

  test("forward: a socket that is not there ends the connection; one that comes back serves", async () => {
    const { path, close } = await serve((socket) => socket.end("here"));
    const steps = [path, "-", "forward", "8081", `${path}-none`];
    const script = `console.log("<" + await all(P()) + ">"); console.log("<" + await all(net.connect(8081, "127.0.0.1").on("error", () => {})) + ">"); console.log("<" + await all(P()) + ">");`;
    expect(await client(steps, script)).toEqual(ended(0, "<here>\n<>\n<here>\n"));
    await close();
  });

  test("nothing of it is left when the program has ended", async () => {
    const [place = ""] = folders("place");
    const mark = join(place, "s");
    expect(await within(["forward", "8080", mark, ...sh("exit 3")])).toEqual(ended(3));
    await expect.poll(() => leftOf(mark), { timeout: 10_000 }).toEqual([]);
  });
});

function leftOf(mark: string): string[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(mark));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Mounts a /proc in namespaces of its own, as a sandbox in the sandbox does. */
const nestedSource = `
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID)) return perror("unshare"), 1;
  if (fork()) return wait(NULL), 0;
  puts(mount("proc", "/proc", "proc", 0, NULL) ? "refused" : "mounted");
  return 0;
}`;
