import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// What people and agents do all day goes on as if nobody looked.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});

afterAll(() => place.remove());

function script(name: string, text: string): string {
  const path = join(place.workspace, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** The same command bare and guarded: output, errors and status must be the same. */
async function both(
  command: readonly string[],
  limit = 60_000,
): Promise<{ bare: Outcome; guarded: Outcome }> {
  const [program = "", ...args] = command;
  const bare = await execute(program, args, { cwd: place.workspace, env: place.env, limit });
  return { bare, guarded: await place.run({ command, limit }) };
}

// Agents take down a shell's variables to have them again in the next one: the session's own hook is among them.
test("a snapshot of the shell's exported variables is read back", async () => {
  const words = "{ declare -xp PROMPT_COMMAND; echo 'PROMPT_COMMAND=\"$PROMPT_COMMAND;date\"'; }";
  const shot = (name: string, rest: string) => [
    "bash",
    "-c",
    `${words} > ${name}; bash -c '. ./${name}; ${rest}'`,
  ];
  expect(await place.run({ command: shot("one", "echo on") })).toMatchObject({ status: 0, stdout: "on\n" });
  script("keep", "work\n");
  const more = await place.run({ command: shot("two", 'PROMPT_COMMAND="$PROMPT_COMMAND; /bin/rm keep"') });
  expect(more).toMatchObject({ status: 126, stderr: expect.stringContaining("/keep") });
});

test.each<[string, readonly string[]]>([
  ["a pipe whose reader leaves", ["bash", "-c", "set -o pipefail; yes | head -1; echo $? ${PIPESTATUS[*]}"]],
  ["a status", ["bash", "-c", "exit 42"]],
  ["a signal within", ["bash", "-c", "bash -c 'kill -TERM $$'; echo $?"]],
  ["a missing program", ["bash", "-c", "no-such-program-here; echo $?"]],
  ["a guarded name that is not installed", ["bash", "-c", "railway volume list; echo $?"]],
  ["stderr and stdout apart", ["bash", "-c", "echo out; echo err >&2; ls /nonexistent; echo $?"]],
  [
    "empty arguments, newlines, bytes that are no UTF-8",
    ["bash", "-c", "env printf '[%s]' '' $'a\\nb' $'\\xff\\xfe' ' x '"],
  ],
  [
    "a loop whose body reads stdin too",
    ["bash", "-c", "printf 'a\\nb\\nc\\n' | while read x; do echo got $x; cat; done"],
  ],
  [
    "a loop over guarded calls that read nothing",
    [
      "bash",
      "-c",
      "printf 'a\\nb\\n' | while read x; do git --version >/dev/null; touch t-$x; rm t-$x; echo $x; done",
    ],
  ],
  ["background jobs and wait", ["bash", "-c", "sleep 0.2 & p=$!; wait $p; echo done $?"]],
  ["traps", ["bash", "-c", "trap 'echo bye' EXIT; echo hi"]],
  [
    "set -eu, IFS, positional parameters",
    ["bash", "-euc", "IFS=:; x=a:b; printf '%s\\n' $x \"$@\"; echo $#", "name", "p q", "r"],
  ],
  ["umask and cwd", ["bash", "-c", "umask 027; cd /; umask; pwd; env pwd"]],
  ["closed descriptors", ["bash", "-c", "env true <&- >&- 2>&-; echo $?; env true 0<&-; echo $?"]],
  [
    "a here-document into a guarded reader of stdin",
    ["bash", "-c", "bash -s x y <<'E'\necho $1 $2\nread a\nthis is data\necho [$a]\nE"],
  ],
  ["make", ["bash", "-c", "printf 'all: a b\\na b:\\n\\t@echo $@\\n' > M; make -s -f M all; rm M"]],
  [
    "xargs and find",
    ["bash", "-c", "seq 3 | xargs -n1 echo n; find . -maxdepth 1 -name tracked.txt -exec echo {} ';'"],
  ],
  ["a process group of its own", ["bash", "-c", "set -m; (sleep 0.1); ps -o pgid= $$ >/dev/null; echo ok"]],
])("the same bare and guarded: %s", async (_name, command) => {
  const { bare, guarded } = await both(command);
  expect(guarded).toEqual(bare);
});

test("a gigabyte through cat", async () => {
  const { bare, guarded } = await both([
    "bash",
    "-c",
    "head -c 1000000000 /dev/zero | cat | tee /dev/null | wc -c",
  ]);
  expect(guarded).toEqual(bare);
});

test("two megabytes of arguments and environment", async () => {
  const word = "x".repeat(100_000);
  const text = `export BIG=${word}; set -- ${`"$BIG" `.repeat(9)}; env printf %s "$@" | wc -c; env true "$@" "$@"`;
  const { bare, guarded } = await both(["bash", "-c", text]);
  expect(guarded).toEqual(bare);
});

test("an endless stdin ends nothing but itself", async () => {
  const outcome = await place.run({
    command: ["bash", "-c", "yes | timeout 5 head -c 10; yes | curl -s -d @- http://127.0.0.1:9/; echo $?"],
  });
  expect(outcome.stdout.startsWith("y\ny\ny\ny\ny\n")).toBe(true);
  expect(outcome.status).not.toBe("time-out");
});

test.each([
  ["input that comes late", "(sleep 1; echo late) | HP cat", "late"],
  ["endless input", "yes | HP cat | head -1", "y"],
  ["a reader that is slow", "HP seq 200000 | (sleep 1; tail -1)", "200000"],
])("the session's own pipes stay as they were, blocking: %s", async (_name, line, stdout) => {
  const text = line.replace("HP", `${process.execPath} ${cli} run -q --`);
  const outcome = await execute("/bin/bash", ["-c", text], { cwd: place.workspace, env: place.env });
  expect(outcome).toEqual({ status: 0, stdout: `${stdout}\n`, stderr: "" });
});

test("a tool of a relative folder on PATH is guarded", async () => {
  mkdirSync(join(place.workspace, "tools"), { recursive: true });
  writeFileSync(join(place.workspace, "tools", "railway"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
  const call =
    'const { status } = require("child_process").spawnSync("railway", ["volume", "delete", "-y"], { stdio: "inherit" }); console.log(status)';
  const env = { PATH: `tools:${place.env["PATH"]}` };
  expect(await place.run({ command: [process.execPath, "-e", call], env })).toMatchObject({
    stdout: "126\n",
  });
});

test("one bash kept alive on a pipe answers, is refused, and answers again", async () => {
  writeFileSync(join(place.outside, "precious"), "precious\n");
  const child = spawn(process.execPath, [cli, "run", "-q", "--", "bash"], {
    cwd: place.workspace,
    env: place.env,
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const say = async (line: string, sentinel: string): Promise<string> => {
    const from = out.length;
    child.stdin.write(`${line}; echo ${sentinel} $?\n`);
    const until = Date.now() + 15_000;
    while (!out.slice(from).includes(sentinel)) {
      if (Date.now() > until) throw new Error(`no answer to: ${line}\n${out}\n${err}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    return out.slice(from).trim();
  };
  expect(await say("x=5; echo one", "S1")).toBe("one\nS1 0");
  expect(await say(`rm -f ${place.outside}/precious`, "S2")).toBe("S2 126");
  expect(await say("echo three $x", "S3")).toBe("three 5\nS3 0");
  expect(await say(`/bin/rm -f ${place.outside}/precious`, "S4")).toBe("S4 126");
  expect(await say(`: > ${place.outside}/precious`, "S5")).toBe("S5 126");
  expect(
    await say(
      `rm -f ${place.outside}/precious || true; mv ${place.workspace}/tracked.txt ${place.workspace}/moved.txt`,
      "S6",
    ),
  ).toContain("S6");
  expect(await say("cd /; pwd", "S7")).toBe("/\nS7 0");
  child.stdin.end("exit 7\n");
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(7);
  expect(readFileSync(join(place.outside, "precious"), "utf8")).toBe("precious\n");
  expect(existsSync(join(place.workspace, "tracked.txt"))).toBe(true);
  expect(err).toContain("holdpoint: denied");
});

test("a virtual environment keeps its prefix", async () => {
  const make = await execute("python3", ["-m", "venv", "--without-pip", "venv"], {
    cwd: place.workspace,
    env: place.env,
  });
  if (make.status !== 0) throw new Error(make.stderr);
  const outcome = await place.run({
    command: [
      "bash",
      "-c",
      ". venv/bin/activate && python -c 'import sys; print(sys.prefix)' && command -v python && rm --version | head -1",
    ],
  });
  expect(outcome.stdout.split("\n").slice(0, 2)).toEqual([
    join(place.workspace, "venv"),
    join(place.workspace, "venv/bin/python"),
  ]);
  expect(outcome.status).toBe(0);
});

test.each([
  ["by exec, through PATH", 'exec mytool "$@"'],
  ["by fork, through PATH", 'mytool "$@"'],
])("a version manager that re-enters %s ends", async (_name, body) => {
  // Like pyenv's and asdf's: a script of the tool's name, first on PATH, that calls the name again.
  script("vm/git", `#!/bin/bash\necho shim >&2\n${body.replace("mytool", "git")}\n`);
  const outcome = await place.run({
    command: ["bash", "-c", `PATH="\${PATH%%:*}:$PWD/vm:\${PATH#*:}"; git --version`],
    limit: 20_000,
  });
  expect(outcome.status).not.toBe("time-out");
  expect(outcome.stdout).toMatch(/^git version /);
});

test("npm run puts its own .bin first, and it is guarded", async () => {
  script("node_modules/.bin/railway", '#!/bin/sh\necho "local railway $*"\n');
  writeFileSync(
    join(place.workspace, "package.json"),
    JSON.stringify({ scripts: { list: "railway volume list", drop: "railway volume delete -v x --yes" } }),
  );
  const list = await place.run({ command: ["npm", "run", "-s", "list"] });
  expect(list).toEqual({ status: 0, stdout: "local railway volume list\n", stderr: "" });
  const drop = await place.run({ command: ["npm", "run", "-s", "drop"] });
  expect(drop.stdout).not.toContain("local railway");
  expect(drop.stderr).toContain("holdpoint: denied");
});

test("a script with #!/usr/bin/env bash", async () => {
  const path = script("env-bash", '#!/usr/bin/env bash\necho "$BASH_VERSION" | grep -c . ; echo "$0 $1"\n');
  const outcome = await place.run({ command: [path, "a b"] });
  expect(outcome).toEqual({ status: 0, stdout: `1\n${path} a b\n`, stderr: "" });
});

test("a tool installed in mid-session is guarded", async () => {
  const text = `mkdir -p ~/bin; printf '#!/bin/sh\\necho real railway $*\\n' > ~/bin/railway; chmod +x ~/bin/railway; export PATH="$PATH:$HOME/bin"; sh -c true; railway volume delete -v x --yes; echo $?; railway volume list`;
  const outcome = await place.run({ command: ["bash", "-c", text] });
  expect(outcome.stdout).not.toContain("volume delete");
});

test("twenty sessions at once", async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      place.run({
        command: ["bash", "-c", `echo ${i}; git --version >/dev/null; exit ${i}`],
        limit: 120_000,
      }),
    ),
  );
  expect(outcomes).toEqual(
    Array.from({ length: 20 }, (_, i) => ({ status: i, stdout: `${i}\n`, stderr: "" })),
  );
});

test("a session inside a session joins it, and can only tighten it", async () => {
  const before = place.logs().length;
  writeFileSync(join(place.outside, "kept"), "kept\n");
  // Read off the line, the first of them would be refused before any of it ran.
  writeFileSync(
    join(place.workspace, "inner.cjs"),
    `const { spawnSync } = require("node:child_process");
process.exitCode = spawnSync(process.execPath, process.argv.slice(2), { stdio: "inherit" }).status;
`,
  );
  const inner = `${process.execPath} inner.cjs ${cli} run -q`;
  const outcome = await place.run({
    command: [
      "bash",
      "-c",
      `echo $HOLDPOINT_SESSION; ${inner} -- bash -c 'echo $HOLDPOINT_SESSION'; ${inner} -- rm -rf ${place.outside}; echo $?; ${inner} --mode observe -- rm -rf ${place.outside}; echo $?`,
    ],
  });
  const [first, second, third, fourth] = outcome.stdout.split("\n");
  expect(second).toBe(first);
  expect([third, fourth]).toEqual(["126", "126"]);
  expect(existsSync(place.outside)).toBe(true);
  expect(place.logs().length).toBe(before + 1);
});

test("a process that outlives its session can do no harm, and goes on with the rest", async () => {
  writeFileSync(join(place.outside, "late"), "late\n");
  const marker = join(place.base, "late-status");
  writeFileSync(
    join(place.base, "late.cjs"),
    `const { spawnSync, execSync } = require("node:child_process");
setTimeout(() => {
  const { status } = spawnSync("rm", ["-f", ${JSON.stringify(join(place.outside, "late"))}]);
  const shell = spawnSync("bash", ["-c", "echo shells go on"], { encoding: "utf8" });
  require("node:fs").writeFileSync(${JSON.stringify(marker)}, status + " " + shell.stdout);
}, 2000);
`,
  );
  const outcome = await place.run({
    command: [
      "bash",
      "-c",
      `setsid ${process.execPath} ${place.base}/late.cjs >/dev/null 2>&1 </dev/null & echo started`,
    ],
  });
  expect(outcome).toMatchObject({ status: 0, stdout: "started\n" });
  const until = Date.now() + 15_000;
  while (!existsSync(marker) || readFileSync(marker, "utf8") === "") {
    if (Date.now() > until) throw new Error("the process left behind did not go on");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(readFileSync(marker, "utf8")).toBe("126 shells go on\n");
  expect(existsSync(join(place.outside, "late"))).toBe(true);
});

test("no session leaves a folder behind", async () => {
  const temp = join(place.base, "tmp");
  mkdirSync(temp, { recursive: true });
  const outcome = await place.run({
    command: ["bash", "-c", "git --version >/dev/null; true"],
    env: { TMPDIR: temp, XDG_RUNTIME_DIR: "" },
  });
  expect(outcome.status).toBe(0);
  expect(readdirSync(temp, { recursive: true })).toEqual([]);
});

test("an agent whose seccomp filter forbids AF_UNIX is still guarded, by the second transport", async () => {
  const source = join(place.base, "no-unix.c");
  writeFileSync(source, seccomp);
  const built = await execute("cc", ["-o", join(place.base, "no-unix"), source], {
    cwd: place.base,
    env: place.env,
  });
  if (built.status !== 0) throw new Error(built.stderr);
  writeFileSync(join(place.outside, "precious"), "precious\n");
  writeFileSync(
    join(place.base, "agent.cjs"),
    `const { spawnSync } = require("node:child_process");
const act = (...argv) => console.log(spawnSync(argv[0], argv.slice(1), { stdio: "inherit" }).status);
require("node:net").connect("/x").on("error", (error) => {
  console.log(error.code);
  act("git", "--version");
  act("bash", "-c", "echo a shell");
  act("rm", "-f", ${JSON.stringify(join(place.outside, "precious"))});
});
`,
  );
  const outcome = await place.run({
    command: [join(place.base, "no-unix"), process.execPath, join(place.base, "agent.cjs")],
  });
  expect(outcome.stdout).toMatch(/^EPERM\ngit version .*\n0\na shell\n0\n126\n$/);
  expect(outcome.stderr).toContain("holdpoint: denied");
  expect(existsSync(join(place.outside, "precious"))).toBe(true);
});

const seccomp = `
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
  if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 99;
  execvp(argv[1], argv + 1);
  return 98;
}
`;
