import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openTerminal, type PersonScreen } from "./screen.js";
import { cli, execute, makePlace, type Outcome, type Place, root } from "./session.js";

// The shells that `holdpoint init` installs, started in each way in which editors, terminals and agents start shells. What the
// real shell says and ends with, they say and end with; what is destructive is asked about, or refused.

/** Of an interactive bash, start-up files of ours put the shims back in front of PATH behind a login profile. */
const isHeld = existsSync(join(root, "shims", "rc", "interactive.bash"));

let place: Place;
let screen: PersonScreen | undefined;
let shells = "";
/** Where the sessions of this file have their directories: empty again after each. */
let runtime = "";
let env: NodeJS.ProcessEnv = {};
let precious = "";

beforeAll(async () => {
  place = await makePlace();
  runtime = join(place.base, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const { CI: _ci, ...rest } = place.env;
  env = { ...rest, XDG_RUNTIME_DIR: runtime };
  const installed = await execute(process.execPath, [cli, "init", "shell"], { cwd: place.base, env });
  expect(installed).toMatchObject({ status: 0, stderr: "" });
  shells = join(place.home, ".local", "share", "holdpoint", "shells");
  precious = join(place.outside, "precious");
  writeFileSync(precious, "work\n");
  writeFileSync(
    join(place.home, ".bash_profile"),
    "PROFILE=bash\nPATH=/usr/local/bin:/usr/bin:/bin\nPS1='$ '\n",
  );
  writeFileSync(join(place.home, ".bashrc"), "RC=bash\nPS1='$ '\n");
  writeFileSync(join(place.home, ".zprofile"), "PROFILE=zsh\n");
  writeFileSync(join(place.home, ".zshrc"), "RC=zsh\nPS1='%% '\n");
  writeFileSync(join(place.home, "init.sh"), "INIT=yes\nPS1='$ '\n");
  writeFileSync(join(place.workspace, "script.sh"), 'echo "script $0 $*"; exit 4\n');
});

afterEach(() => screen?.kill());
afterAll(() => place.remove());

const real = (name: string): string | undefined =>
  ["/bin", "/usr/bin", "/usr/local/bin"].map((folder) => join(folder, name)).find((path) => existsSync(path));

interface Start {
  readonly argv0?: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly isPiped?: true;
  readonly env?: NodeJS.ProcessEnv;
}

/** Without a terminal, in a session of its own as far as the kernel goes. */
function start(program: string, { argv0, args, input = "", env: more = {} }: Start): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      argv0: argv0 ?? basename(program),
      cwd: place.workspace,
      env: { ...env, ...more },
      detached: true,
      timeout: 25_000,
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("latin1").on("data", (text) => {
      stdout += text;
    });
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.once("error", reject);
    child.once("close", (status, signal) =>
      resolve({
        status: status ?? signal ?? "?",
        // What holds a shell's commands on stdin shows in its flags: -E, -T.
        stdout: stdout.replace(/^([^|]*\|\w*)ET(\w*\|)/, "$1$2"),
        stderr: stderr.replace(/process group \(-?\d+\)/, "process group"),
      }),
    );
  });
}

const show = 'echo "$0|$-|$#|$*|$PWD|$PROFILE|$RC|$INIT"; exit 5';

describe.each<readonly [shell: string, forms: readonly (readonly [string, Start])[]]>([
  [
    "bash",
    [
      ["-c", { args: ["-c", show] }],
      ["-c with $0 and words", { args: ["-c", show, "zero", "a b", "", "ü"] }],
      ["-lc (Codex, Claude)", { args: ["-lc", show] }],
      ["-c -l (a snapshot)", { args: ["-c", "-l", show] }],
      ["-ilc", { args: ["-ilc", show] }],
      ["-i -l -c", { args: ["-i", "-l", "-c", show] }],
      ["-O extglob -c … -- (Cursor's agent)", { args: ["-O", "extglob", "-c", show, "--", "x"] }],
      ["--login -c", { args: ["--login", "-c", show] }],
      ["argv[0] -bash", { argv0: "-bash", args: ["-c", show] }],
      ["argv[0] a path", { argv0: "/bin/bash", args: ["-c", show] }],
      ["--init-file F -i -c", { args: ["--init-file", "HOME/init.sh", "-i", "-c", show] }],
      ["--norc --noprofile -c", { args: ["--norc", "--noprofile", "-c", show] }],
      ["a script", { args: ["script.sh", "one", "two"] }],
      ["a script that is not there", { args: ["nowhere.sh"] }],
      ["-s and words", { args: ["-s", "one", "two"], input: `${show}\n` }],
      ["commands on stdin", { args: [], input: `${show}\n` }],
      ["a login shell's stdin, as `ssh host < file`", { argv0: "-bash", args: [], input: `${show}\n` }],
      ["-x", { args: ["-xc", ": yes"] }],
      ["bytes that are no UTF-8", { args: ["-c", 'printf "%s" "$1" | od -c', "x", "%e9"] }],
      [
        "a word of a control character and a line break",
        { args: ["-c", 'printf %s "$1" | od -c', "x", "\u0001\n"] },
      ],
      ["status of an exit trap", { args: ["-c", "trap 'exit 9' EXIT; false"] }],
      ["an unknown option", { args: ["--no-such-option"] }],
    ],
  ],
  [
    "zsh",
    [
      ["-c", { args: ["-c", show] }],
      ["-lc", { args: ["-lc", show] }],
      ["-il -c", { args: ["-il", "-c", show] }],
      ["-f -c", { args: ["-f", "-c", show] }],
      ["argv[0] -zsh", { argv0: "-zsh", args: ["-c", show] }],
      ["commands on stdin", { args: [], input: `${show}\n` }],
      ["a script", { args: ["script.sh", "one"] }],
    ],
  ],
  [
    "sh",
    [
      ["-c (cron, system())", { argv0: "sh", args: ["-c", show] }],
      ["a script", { argv0: "sh", args: ["script.sh", "one"] }],
      ["commands on stdin", { argv0: "sh", args: [], input: `${show}\n` }],
    ],
  ],
  [
    "fish",
    [
      ["-c", { argv0: "fish", args: ["-c", 'echo "$argv|$PWD"; exit 5', "a b", "c"] }],
      ["-l -c", { argv0: "fish", args: ["-l", "-c", "status is-login; and echo login; exit 5"] }],
      ["--init-command", { argv0: "fish", args: ["--init-command", "set -g x 1", "-c", "echo $x"] }],
      // fish alone reads no socket, which is what a test's stdin is: a pipe is.
      ["commands on stdin", { argv0: "fish", args: [], input: "echo yes; exit 5\n", isPiped: true }],
    ],
  ],
])("%s, as without holdpoint", (shell, forms) => {
  test.skipIf(real(shell) === undefined).each(forms)("%s", async (_, form) => {
    const args = form.args.map((word) => word.replace("HOME", place.home));
    const given = { ...form, args };
    const [plain, guarded] = await Promise.all(
      [real(shell) ?? "", join(shells, shell)].map((program) => startWithBytes(program, given)),
    );
    expect(guarded).toEqual(plain);
  });
});

/** `%e9` stands for that byte, which Node's own words cannot hold: a printf of the shell makes it. */
function startWithBytes(program: string, given: Start): Promise<Outcome> {
  if (given.isPiped) return start("/bin/sh", { ...given, args: ["-c", 'cat | "$0"', program] });
  if (!given.args.includes("%e9")) return start(program, given);
  return start("/bin/bash", {
    args: ["-c", "exec \"$@\" $'a\\xe9b'", "x", program, ...given.args.slice(0, -1)],
  });
}

/** Directories of sessions that are still there. */
const sessions = (): readonly string[] => {
  const folder = join(runtime, "holdpoint");
  return existsSync(folder) ? readdirSync(folder) : [];
};
const shellAt = (name: string): string => join(shells, name);
const inSession = /^[a-z2-7]{7}\n$/;

describe("without a terminal", () => {
  test("it is a session, nobody can be asked, and nothing is left of it", async () => {
    const seen = await start(shellAt("bash"), { args: ["-c", 'echo "$HOLDPOINT_SESSION"'] });
    expect(seen).toMatchObject({ status: 0, stdout: expect.stringMatching(inSession), stderr: "" });
    const refused = await start(shellAt("bash"), { args: ["-c", `rm ${precious}; echo went on`] });
    expect(refused).toMatchObject({ status: 126, stdout: "" });
    expect(refused.stderr).toMatch(/^holdpoint: denied by rule files\/lose-work/);
    expect(readFileSync(precious, "utf8")).toBe("work\n");
    expect(sessions()).toEqual([]);
  });

  test("the environment: nothing but the session's own differs", async () => {
    const print = 'env | sort | grep -v "^_="';
    const more = { FOO: "ü\nx", NODE_OPTIONS: "--no-such-option", VSCODE_IPC_HOOK: "/x" };
    const [plain, guarded] = await Promise.all(
      ["/bin/bash", shellAt("bash")].map((program) => start(program, { args: ["-c", print], env: more })),
    );
    const own = /^(PATH|BASH_ENV|ZDOTDIR|PROMPT_COMMAND|XDG_DATA_DIRS|HOLDPOINT_\w+)=/;
    const rest = (text = "") => text.split("\n").filter((line) => !own.test(line));
    expect(rest(guarded?.stdout)).toEqual(rest(plain?.stdout));
  });

  test("`ssh host command`: a bash reads ~/.bashrc, and so it does behind us; a bash below it does not", async () => {
    const args = ["-c", "echo $RC; bash -c 'echo below $RC'; :"];
    const more = { SSH_CLIENT: "192.0.2.1 1 22", SHLVL: undefined };
    const [plain, guarded] = await Promise.all(
      ["/bin/bash", shellAt("bash")].map((program) => start(program, { args, env: more })),
    );
    expect(guarded).toEqual(plain);
    expect(guarded?.stdout).toBe("bash\nbelow\n");
  });

  test("a shell of it inside: the same session, judged by its shim", async () => {
    const inner = `${shellAt("sh")} -c 'echo "$HOLDPOINT_SESSION"'`;
    const seen = await start(shellAt("bash"), { args: ["-c", `echo "$HOLDPOINT_SESSION"; ${inner}`] });
    const [one, two] = seen.stdout.split("\n");
    expect(two).toBe(one);
    // From a program of its own, no shell's text shows what is done: it is the session's shim that sees it.
    const program = join(place.workspace, "program.cjs");
    writeFileSync(
      program,
      `const { status } = require("node:child_process").spawnSync(process.argv[2], ["-c", "rm $1", "x", process.argv[3]]);
console.log(status);
`,
    );
    const line = `${process.execPath} ${program} ${shellAt("bash")} ${precious}`;
    const refused = await start(shellAt("bash"), { args: ["-c", line] });
    expect(refused.stdout).toBe("126\n");
    expect(existsSync(precious)).toBe(true);
    expect(seen.status).toBe(0);
  });

  test("SHELL is the session's shim, and nothing starts itself for ever", async () => {
    const asLogin = { SHELL: shellAt("bash"), PATH: `${shells}:/usr/bin:/bin` };
    const args = ["-c", 'echo "$SHELL"; "$SHELL" -c "echo two"; bash -c "echo three"'];
    const seen = await start(shellAt("bash"), { args, env: asLogin });
    expect(seen).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\S+\/holdpoint\/[a-z2-7]{7}\/bin\/bash\ntwo\nthree\n$/),
    });
    const folder = join(place.base, "links");
    mkdirSync(folder, { recursive: true });
    symlinkSync(shellAt("bash"), join(folder, "bash"));
    const linked = await start(shellAt("bash"), {
      args: ["-c", "echo one; bash -c 'echo two'"],
      env: { PATH: `${folder}:/usr/bin:/bin` },
    });
    expect(linked).toMatchObject({ status: 0, stdout: "one\ntwo\n" });
  });

  test("a signal to it reaches the shell", async () => {
    const seen = await start(shellAt("bash"), {
      args: ["-c", "trap 'echo got; exit 7' TERM; kill -TERM $PPID; while :; do :; done"],
    });
    expect(seen).toMatchObject({ status: 7, stdout: "got\n" });
  });
});

test.each([
  ["SIGHUP", 129],
  ["SIGTERM", 143],
] as const)("%s while the session opens: nothing is started, nothing left", async (signal, status) => {
  const child = spawn(shellAt("bash"), ["-c", "echo started"], { env, stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  while (sessions().length === 0 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 1));
  child.kill(signal);
  expect([await ended, text]).toEqual([status, ""]);
  expect(sessions()).toEqual([]);
});

describe("an editor asks the login shell for its environment", () => {
  test.each(["bash", "zsh", "fish"].filter((name) => real(name) !== undefined))(
    "%s: what it keeps is of no session",
    async (name) => {
      const print = `'${process.execPath}' -p '"mark" + JSON.stringify(process.env) + "mark"'`;
      const more = {
        VSCODE_RESOLVING_ENVIRONMENT: "1",
        ELECTRON_RUN_AS_NODE: "1",
        SHELL: shellAt(name),
      };
      const given = { argv0: name, args: ["-i", "-l", "-c", print], env: more };
      const [plain, guarded] = await Promise.all(
        [real(name) ?? "", shellAt(name)].map((program) => start(program, given)),
      );
      const read = (text = ""): Record<string, string> =>
        JSON.parse(/^mark(.*)mark\n$/.exec(text)?.[1] ?? "{}");
      const { SHLVL: _one, _: _two, ...expected } = read(plain?.stdout);
      const { SHLVL: _three, _: _four, ...found } = read(guarded?.stdout);
      expect(found).toEqual(expected);
      expect(Object.keys(found).length).toBeGreaterThan(5);
    },
  );

  test("its text is judged like any other", async () => {
    const refused = await start(shellAt("bash"), {
      args: ["-i", "-l", "-c", `rm ${precious}`],
      env: { VSCODE_RESOLVING_ENVIRONMENT: "1" },
    });
    expect(refused.status).toBe(126);
    expect(existsSync(precious)).toBe(true);
  });
});

describe("what outlived its session", () => {
  test("a new shell of an editor that was started from one: a session of its own, nothing of the old", async () => {
    const first = await start(shellAt("bash"), { args: ["-c", "env -0 | base64 -w0"] });
    const old = Object.fromEntries(
      Buffer.from(first.stdout, "base64")
        .toString("utf8")
        .split("\0")
        .flatMap((entry) => {
          const at = entry.indexOf("=");
          return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
        }),
    );
    const args = ["-ic", 'echo "$HOLDPOINT_SESSION|$PATH|$RC"'];
    const seen = await start(shellAt("zsh"), { args, env: old });
    const [id = "", path = "", rc] = seen.stdout.trimEnd().split("|");
    expect([rc, seen.status]).toEqual(["zsh", 0]);
    expect(id).not.toBe(old["HOLDPOINT_SESSION"]);
    expect(path).toContain(id);
    expect(path).not.toContain(old["HOLDPOINT_SESSION"]);
  });
});

describe("it cannot be started", () => {
  test.each([
    [
      "Node is gone",
      "/nowhere/node\nCLI\n",
      /\/nowhere\/node: No such file.*; run `holdpoint init shell --yes` again\n$/,
    ],
    [
      "holdpoint is gone",
      "NODE\n/nowhere/holdpoint.js\n",
      /\/nowhere\/holdpoint\.js: No such file.* again\n$/,
    ],
    ["the note is cut off", "/usr/bin/no", /start: is not what was written there; .* again\n$/],
  ])("%s: one line that says what to do, and 126", async (_, note, expected) => {
    const file = join(shells, "start");
    const kept = readFileSync(file, "utf8");
    try {
      writeFileSync(file, note.replace("NODE", process.execPath).replace("CLI", cli));
      const seen = await start(shellAt("bash"), { args: ["-c", "echo ran"] });
      expect(seen).toMatchObject({ status: 126, stdout: "", stderr: expect.stringMatching(expected) });
      expect(seen.stderr.split("\n").length).toBe(2);
    } finally {
      writeFileSync(file, kept);
    }
  });

  test("a config that cannot be used", async () => {
    const config = join(place.base, "bad-config", "holdpoint");
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, "config.yaml"), "version: 1\ntimeout: soon\n");
    const more = { XDG_CONFIG_HOME: join(place.base, "bad-config") };
    const seen = await start(shellAt("bash"), { args: ["-c", "echo ran"], env: more });
    expect(seen).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("config.yaml") });
  });

  test.skipIf(real("fish") !== undefined)("a shell that is not installed", async () => {
    const seen = await start(shellAt("fish"), { args: ["-c", "echo ran"] });
    expect(seen).toMatchObject({ status: 126, stdout: "", stderr: expect.stringContaining("not installed") });
  });

  test("a PATH without it: the usual folders are looked through", async () => {
    const seen = await start(shellAt("bash"), { args: ["-c", "echo ran"], env: { PATH: "/nowhere" } });
    expect(seen).toEqual({ status: 0, stdout: "ran\n", stderr: "" });
  });
});

/** The same shells in a person's terminal. */
function open(name: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): PersonScreen {
  const own = { ...place, env: { ...env, SHLVL: undefined, ...more } };
  screen = openTerminal(own, shellAt(name), args);
  return screen;
}

const brokers = (): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`XDG_RUNTIME_DIR=${runtime}\0`);
      } catch {
        return false;
      }
    })
    .map(Number);

describe("in a terminal", () => {
  test.each([
    ...(isHeld ? [["bash", ["-l"], "bash|1|"] as const] : []),
    ["bash", [], "|1|"] as const,
    ["zsh", ["-il"], "zsh|1|"] as const,
    ["zsh", ["-i"], "|1|"] as const,
  ])(
    "%s %j: no line of our own, one level, a question for what is typed, its own end",
    async (name, args, shows) => {
      const shown = open(name, args);
      await shown.see(name === "zsh" ? "% " : "$ ");
      expect(shown.raw()).not.toContain("holdpoint");
      shown.press('echo "$PROFILE|$SHLVL|"$((40 + 2))\r');
      await shown.see(`${shows}42`);
      shown.press(`rm ${precious}\r`);
      await shown.see("command waits for you");
      await new Promise((resolve) => setTimeout(resolve, 500));
      shown.press("d");
      await shown.see("denied by rule files/lose-work");
      expect(readFileSync(precious, "utf8")).toBe("work\n");
      shown.press("sleep 100\r");
      await shown.see("sleep 100");
      await expect.poll(() => brokers().some((pid) => command(pid).startsWith("sleep"))).toBe(true);
      shown.press("\u0003");
      shown.press("echo $?-back; exit 6\r");
      await shown.see("130-back");
      expect(await shown.exited).toBe(6);
      expect([sessions(), brokers()]).toEqual([[], []]);
    },
  );

  test("what cannot start is read before the window closes", async () => {
    const config = join(place.base, "bad-config", "holdpoint");
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, "config.yaml"), "version: 1\ntimeout: soon\n");
    const shown = open("bash", [], { XDG_CONFIG_HOME: join(place.base, "bad-config") });
    await shown.see("Enter closes this");
    await shown.see("config.yaml");
    shown.press("\r");
    expect(await shown.exited).toBe(2);
  });

  test("an editor's start-up file is the person's; what the session writes there is not", async () => {
    const file = join(place.base, "integration.sh");
    writeFileSync(file, 'PS1="\\e]633;A\\a> \\e]633;B\\a"; eval "$UNKNOWN"; trap "$(echo :)" DEBUG\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const shown = open("bash", ["--init-file", file]);
    await shown.see("> ");
    expect(shown.raw()).toContain("\u001b]633;A");
    expect(shown.raw()).not.toContain("waits for you");
    shown.press(`echo '/bin/rm ${precious}' >> ${file}\r`);
    shown.press(`bash --init-file ${file} -i\r`);
    await shown.see("command waits for you");
    await new Promise((resolve) => setTimeout(resolve, 500));
    shown.press("d");
    await shown.see("denied by rule");
    expect(existsSync(precious)).toBe(true);
    shown.press("exit 6\r");
    expect(await shown.exited).toBe(6);
  });
});

describe("tmux, set up by `holdpoint init tmux`", () => {
  const socket = `holdpoint-test-${process.pid}`;
  const tmux = async (...args: string[]): Promise<string> =>
    (
      await execute("tmux", ["-L", socket, ...args], {
        cwd: place.workspace,
        env: { ...env, SHELL: "/bin/sh" },
      })
    ).stdout;
  let server = 0;

  afterEach(() => {
    if (server > 0) process.kill(server, "SIGKILL");
    server = 0;
  });

  test.each(isHeld ? ["bash", "zsh"] : ["zsh"])(
    "%s: panes are login shells of sessions; a closed one leaves nothing",
    async (name) => {
      const args = [cli, "init", "tmux", "--shell", name, "--yes"];
      const set = await execute(process.execPath, args, { cwd: place.base, env });
      expect(set).toMatchObject({ status: 0, stderr: "" });
      await tmux("new-session", "-d", "-x", "100", "-y", "30");
      server = Number(await tmux("display-message", "-p", "#{pid}"));
      const shows = (wanted: RegExp) =>
        expect.poll(() => tmux("capture-pane", "-p"), { timeout: 15_000 }).toMatch(wanted);
      await shows(/^[$%]\s*$/m);
      await tmux("send-keys", 'echo "<$PROFILE> <$0> <${HOLDPOINT_SESSION:+guarded}>"', "Enter");
      await shows(new RegExp(`^<${name}> <-${name}> <guarded>`, "m"));
      await tmux("send-keys", `rm ${precious}`, "Enter");
      await shows(/command waits for you/);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await tmux("send-keys", "d");
      await shows(/denied by rule files\/lose-work/);
      await tmux("send-keys", "sleep 1000 & sleep 1001", "Enter");
      await expect.poll(() => brokers().filter((pid) => command(pid).startsWith("sleep")).length).toBe(2);
      // The first window keeps the server; the second is asked for, and closed as a person closes it.
      expect(sessions().length).toBe(1);
      await tmux("new-window");
      await expect.poll(() => sessions().length, { timeout: 15_000 }).toBe(2);
      await tmux("kill-window", "-t", ":0");
      await expect.poll(() => sessions().length, { timeout: 15_000 }).toBe(1);
      await tmux("kill-window");
      server = 0;
      await expect.poll(() => [sessions(), brokers()], { timeout: 15_000 }).toEqual([[], []]);
    },
  );
});

function command(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
