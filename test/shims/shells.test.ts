import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error plain JavaScript, for npm runs it before anything is compiled
import { buildShim } from "../../shims/build.js";
import { writeUserStart } from "../../src/launcher/user-start.js";
import { openSession, type RunOptions, run, type SeenCall, type Session, type Step } from "./stand-in.js";

let dir: string;
let work: string;
let home: string;
let session: Session;

const names = ["bash", "sh", "zsh", "rm", "mv", "cat", "tool", "holdpoint-ask"];
const zsh = ["/bin/zsh", "/usr/bin/zsh"].find(existsSync);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "hp-rc-"));
  home = join(dir, "home");
  mkdirSync(home);
  buildShim(join(dir, "build"));
  session = await openSession(join(dir, "build", "shim"), names, answer);
});

afterAll(async () => {
  await session.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => {
  session.calls.length = 0;
  session.behave = answer;
  work = mkdtempSync(join(dir, "work-"));
  for (const name of ["precious", "new", "safe"]) writeFileSync(join(work, name), name);
});

/** Refuses whatever names "precious" in a text that no shim will see, and every rm of it; runs the rest. */
function answer(call: SeenCall): Step {
  const isAsk = call.name === "holdpoint-ask";
  const text = call.argv.slice(1).join("\n");
  const source = call.argv[1] === "script" ? readFileSync(join(call.cwd, call.argv[3] ?? ""), "utf8") : text;
  const isRefused = isAsk
    ? /(\/bin\/rm|> ?)[\s\S]*precious|^trap/m.test(source) ||
      (/\$@|\$1/.test(text) && text.includes("precious"))
    : call.name === "rm" && call.argv.includes("precious");
  if (isRefused) {
    const token = call.env.get("HOLDPOINT_LINE") ?? "";
    if (/^[\w.-]+$/.test(token)) appendFileSync(join(session.dir, "rc", `refused.${token}`), "x");
    return { verb: "exit", status: 126, message: "holdpoint: denied" };
  }
  return isAsk ? { verb: "exit", status: 0, message: "" } : { verb: "exec", program: `/bin/${call.name}` };
}

/** What the hooks asked: verb, shell and text. */
function questions(): readonly string[] {
  return session.calls
    .filter(({ name }) => name === "holdpoint-ask")
    .map(({ argv }) => argv.slice(1).join(" "));
}

function shellEnv(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    HOME: home,
    SHLVL: "1",
    PATH: `${session.dir}/bin:/usr/local/bin:/usr/bin:/bin`,
    BASH_ENV: `${session.dir}/rc/bashenv.sh`,
    ZDOTDIR: `${session.dir}/rc/zsh`,
    ...env,
  };
}

function runShell(file: string, args: readonly string[], options: RunOptions = {}) {
  return run(file, args, { cwd: work, ...options, env: shellEnv(options.env ?? {}) });
}

describe("a bash that is given its text", () => {
  it.each<[string, readonly string[], string]>([
    ["status and last argument", ["-c", 'echo "$?|$_|$-|$SHLVL|$#|$0"', "x", "y"], "0|/bin/bash|hBc|2|1|x\n"],
    ["errexit and nounset", ["-eu", "-c", 'echo "$-"; echo "${HOME:+set}"'], "ehuBc\nset\n"],
    ["a changed IFS", ["-c", 'IFS=:; a=b:c; printf "<%s>" $a'], "<b><c>"],
    ["no names left behind", ["-c", "compgen -A variable __hp_; compgen -A function; echo end"], "end\n"],
    ["the front of PATH", ["-c", "command -v rm"], "SESSION/bin/rm\n"],
    ["the front of a wiped PATH", ["-c", "command -v rm"], "SESSION/bin/rm\n"],
    [
      "a login shell without its profile",
      ["--noprofile", "-lc", "command -v rm; echo $PROFILE"],
      "SESSION/bin/rm\n\n",
    ],
    ["a login shell", ["-lc", "command -v rm; echo $PROFILE"], "SESSION/bin/rm\nread\n"],
  ])("%s", async (title, args, stdout) => {
    writeFileSync(join(home, ".bash_profile"), "PATH=/usr/bin:/bin; PROFILE=read\n");
    const env = title.includes("wiped") ? { PATH: `/usr/bin:${session.dir}/bin:/bin` } : {};
    const outcome = await runShell("/bin/bash", args, { env });
    expect(outcome).toEqual({
      status: 0,
      signal: null,
      stdout: stdout.replace("SESSION", session.dir),
      stderr: "",
    });
    expect(questions()).toEqual([`line bash ${args[/^-(eu|-)/.test(args[0] ?? "") ? 2 : 1]}`]);
  });

  it("is silent under -x but for its own text", async () => {
    expect((await runShell("/bin/bash", ["-xc", "echo a"])).stderr).toBe("+ echo a\n");
  });

  it("a refusal ends it, whatever exit is", async () => {
    const refused = { status: 126, signal: null, stdout: "", stderr: "holdpoint: denied\n" };
    expect(await runShell("/bin/bash", ["-c", "echo a; /bin/rm precious"])).toEqual(refused);
    const env = { "BASH_FUNC_exit%%": "() { :; }" };
    const outcome = await runShell("/bin/bash", ["-c", "echo a; /bin/rm precious"], { env });
    expect([outcome.status === 0, outcome.stdout]).toEqual([false, ""]);
    expect(existsSync(join(work, "precious"))).toBe(true);
  });

  it("reads the user's own BASH_ENV, which may reset PATH", async () => {
    writeFileSync(join(home, "env.sh"), "PATH=/usr/bin:/bin; declare MINE=1; f() { echo f; }\n");
    const rc = join(session.dir, "rc");
    writeUserStart(rc, { BASH_ENV: "$HOME/env.sh" });
    const outcome = await runShell("/bin/bash", ["-c", 'echo "$MINE $(f)"; command -v rm; echo "$_"']);
    rmSync(join(rc, "user.bash"));
    expect(outcome).toMatchObject({ stderr: "", stdout: `1 f\n${session.dir}/bin/rm\nrm\n` });
  });

  it("a token from a shim travels along", async () => {
    session.behave = (call) =>
      call.name === "bash"
        ? { verb: "exec", program: "/bin/bash", env: ["HOLDPOINT_LINE=t1"] }
        : answer(call);
    await runShell(session.program("bash"), ["-c", "echo a"]);
    expect(session.calls.map(({ name, env }) => [name, env.get("HOLDPOINT_LINE")])).toEqual([
      ["bash", undefined],
      ["holdpoint-ask", "t1"],
    ]);
  });

  it("a broker that is gone ends it", async () => {
    session.behave = () => ({ verb: "hang-up" });
    const outcome = await runShell("/bin/bash", ["-c", "echo a"]);
    expect(outcome).toMatchObject({ status: 126, stdout: "" });
    expect(outcome.stderr).toMatch(/^holdpoint: denied, nothing was run: [^\n]*\n$/);
  });
});

describe("a bash that runs a script", () => {
  it.each<[string, string, readonly string[]]>([
    ["bash FILE", "/bin/bash", ["x.sh", "a b"]],
    ["#!", "./x.sh", ["a b"]],
    ["by PATH", "/bin/bash", ["in-path.sh", "a b"]],
  ])("%s", async (_, file, args) => {
    writeFileSync(join(work, "x.sh"), '#!/bin/bash\necho "$# $1 $0 $?"\n', { mode: 0o755 });
    mkdirSync(join(work, "p"));
    writeFileSync(join(work, "p", "in-path.sh"), 'echo "$# $1 $0 $?"\n', { mode: 0o755 });
    session.behave = (call) =>
      call.name === "holdpoint-ask" ? { verb: "exit", status: 0, message: "" } : answer(call);
    const path =
      args[0] === "in-path.sh" ? join(work, "p", "in-path.sh") : args[0] === "x.sh" ? "x.sh" : "./x.sh";
    const outcome = await runShell(file === "./x.sh" ? join(work, "x.sh") : file, args, {
      env: { PATH: `${work}/p:/usr/bin:/bin` },
    });
    expect(outcome).toMatchObject({ status: 0, stderr: "" });
    expect(questions()).toEqual([`script bash ${file === "./x.sh" ? join(work, "x.sh") : path} a b`]);
  });

  it("a refusal runs nothing of it", async () => {
    writeFileSync(join(work, "x.sh"), "echo a\n/bin/rm -f precious\n");
    expect(await runShell("/bin/bash", ["x.sh"])).toMatchObject({
      status: 126,
      stdout: "",
      stderr: "holdpoint: denied\n",
    });
    expect(existsSync(join(work, "precious"))).toBe(true);
  });

  it("what it runs is not what a variable says that it was given", async () => {
    writeFileSync(join(work, "x.sh"), "/bin/rm -f precious\n");
    const env = { BASH_EXECUTION_STRING: "true" };
    await runShell("/bin/bash", ["x.sh"], { env });
    await runShell("/bin/bash", [], { env, input: "/bin/rm -f precious\n" });
    expect(questions()).toEqual(["script bash x.sh", "command bash /bin/rm -f precious"]);
    expect(existsSync(join(work, "precious"))).toBe(true);
  });
});

describe("a bash that takes commands from standard input", () => {
  it.each<[string, string, string]>([
    ["harmless lines", "echo a\nfor i in 1 2; do echo $i; done | cat\necho $?\n", "a\n1\n2\n0\n"],
    ["the last argument and status", "true a b\necho $_\nfalse\necho $?\n", "b\n1\n"],
    [
      "a function's arguments and REMATCH",
      "f() { [[ $1 =~ (b+) ]]; echo ${BASH_REMATCH[1]} $#; }\nf abbc d\n",
      "bb 2\n",
    ],
    [
      "what a command reads of the same input",
      "read x\nhello\necho got $x\ncat\nrest\nmore\n",
      "got hello\nrest\nmore\n",
    ],
    ["exit status", "exit 7\n", ""],
    ["an absolute path", "/bin/rm -f precious; echo S:$?\necho T\n", "S:126\nT\n"],
    ["the line after", "/bin/rm -f precious\necho S:$?\necho $?\n", "S:126\n0\n"],
    ["a status kept in a variable", "/bin/rm -f precious\nrc=$?\necho S:$rc\n", "S:126\n"],
    ["a condition on the lost status", "/bin/rm -f precious\n[ $? -eq 0 ] && mv new out\necho S\n", "S\n"],
    [
      "marks in quotes",
      '/bin/rm -f precious; echo "<<<END $?>>>"; printf \'%s>\\n\' "$?" >&2\n',
      "<<<END 126>>>\n",
    ],
    [
      "a shim's refusal drops the rest",
      "rm -rf precious || true; mv new out; echo S:$?\necho T:$?\n",
      "S:126\nT:0\n",
    ],
    ["in a subshell", "(rm -rf precious) || true; mv new out; echo S:$?\n", "S:126\n"],
    ["in a pipe", "rm -rf precious | cat; mv new out; echo S:$?\n", "S:126\n"],
    [
      "in a function",
      "f() { rm -rf precious; mv new out; }\nf; echo S:$?\nmv safe out2; ls\n",
      "S:126\nnew\nout2\nprecious\n",
    ],
    ["in a loop", "for i in 1 2 3; do /bin/rm precious; mv new out; done; echo S:$?\necho T\n", "S:126\nT\n"],
    [
      "in an endless loop",
      "while true; do /bin/rm precious; sleep 1; done; echo S:$?\necho T\n",
      "S:126\nT\n",
    ],
    [
      "redirections in the dropped rest",
      "rm precious; true > out; read x < safe > out; exit > out; x=1 > out; echo S:$?\necho T\n",
      "S:126\nT\n",
    ],
    ["a loop that never ends", "while sleep 0; do /bin/rm precious; done; echo S:$?\necho T\n", ""],
    ["a redirection", "echo x > precious; mv new out; echo S:$?\necho T\n", "S:126\nT\n"],
    ["a variable", "X=/bin/rm; D=precious\n$X -f $D; mv new out; echo S:$?\n", "S:126\n"],
    ["positional words", 'f() { /bin/rm "$@"; }\nf -f precious; echo S:$?\n', "S:126\n"],
    ["eval", "eval '/bin/rm -f precious'; mv new out; echo S:$?\n", "S:126\n"],
    ["a command substitution", "x=$(/bin/rm -f precious); mv new out; echo S:$?\n", "S:126\n"],
    ["taking the trap away", "trap - DEBUG; mv new out\n/bin/rm -f precious\necho S:$?\n", "S:126\n"],
    ["switching extdebug off", "shopt -u extdebug; set +T\n(/bin/rm -f precious); echo S:$?\n", "S:126\n"],
    [
      "removing the hook",
      "unset -f __hp_debug; __hp_debug() { :; }\n/bin/rm -f precious\necho S:$?\n",
      "S:126\n",
    ],
    ["exit in the dropped rest", "rm -rf precious || exit 3; mv new out\necho not\n", ""],
    ["errexit", "set -e\n/bin/rm -f precious\nmv new out\n", ""],
    [
      "nounset and another IFS",
      'set -u; IFS=/\n/bin/rm -f "$HOME/precious" precious; echo "S:$?"\necho "$HOME"\n',
      "S:126\nHOME\n",
    ],
  ])("%s", async (title, input, stdout) => {
    const outcome = await runShell("/bin/bash", [], { input });
    expect(outcome.stdout).toBe(stdout.replace("HOME", home));
    expect(outcome.stderr.replace(/^(holdpoint: denied.*|0>|.*readonly function)$/gm, "").trim()).toBe("");
    const isEnd =
      { "exit status": 7, "exit in the dropped rest": 3, errexit: 126, "a loop that never ends": 126 }[
        title
      ] ?? 0;
    expect(outcome.status).toBe(isEnd);
    expect(readFileSync(join(work, "precious"), "utf8")).toBe("precious");
    expect(existsSync(join(work, "out"))).toBe(false);
  });

  it("stays alive on a pipe, one command and answer at a time", async () => {
    const shell = spawn("/bin/bash", [], { cwd: work, env: shellEnv({}), stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    shell.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const say = async (command: string) => {
      output = "";
      shell.stdin.write(`${command}; echo "END:$?"\n`);
      await expect.poll(() => output, { timeout: 5000 }).toMatch(/END:\d+\n$/);
      return output;
    };
    const answers: string[] = [];
    for (const command of [
      "cd .",
      "/bin/rm precious",
      "rm precious || true",
      "x=5",
      "echo $x",
      "cat new",
      "false",
    ])
      answers.push(await say(command));
    expect(answers).toEqual([
      "END:0\n",
      "END:126\n",
      "END:126\n",
      "END:0\n",
      "5\nEND:0\n",
      "newEND:0\n",
      "END:1\n",
    ]);
    shell.stdin.end();
    await expect.poll(() => shell.exitCode).toBe(0);
  });

  it.each<[string, readonly string[], string]>([
    ["a heredoc", ["-c", "/bin/bash <<'EOF'\nrm -rf precious || true; mv new out\nEOF"], ""],
    ["a pipe to bash", ["-c", "echo 'rm precious; mv new out' | /bin/bash"], ""],
    ["a file", ["-c", "echo 'rm precious; mv new out; echo $?' > t; /bin/bash < t"], "126\n"],
    ["a process substitution", ["-c", "/bin/bash <(echo 'rm precious; mv new out; echo $?')"], "126\n"],
    ["a shell under another name", ["-c", "(exec -a x /bin/bash <<<'rm precious; mv new out')"], ""],
  ])("from %s", async (_, args, stdout) => {
    expect((await runShell("/bin/bash", args)).stdout).toBe(stdout);
    expect([existsSync(join(work, "precious")), existsSync(join(work, "out"))]).toEqual([true, false]);
  });

  it("asks only about what no shim sees", async () => {
    const input =
      "echo a; cat /dev/null; true && tool x 2>/dev/null; cat safe > /dev/null\ngrep x safe\n/bin/ls safe\nx=1; : $x\n";
    await runShell("/bin/bash", [], { input });
    expect(questions()).toEqual(["command bash grep x safe", "command bash /bin/ls safe"]);
  });

  it("tells what the variables hold, whatever their names", async () => {
    const input =
      "a='x y' b=(1 '2 3') c= text=t; to=text; f() { $a \"$1\" ${b[@]} ${c} $undefined ${!to}; }\nset -u; undefined=; f 'p q'\n";
    await runShell("/bin/bash", [], { input });
    expect(session.calls.at(-1)?.argv.slice(3)).toEqual([
      '$a "$1" ${b[@]} ${c} $undefined ${!to}',
      "1=p q",
      "a=x y",
      "b[0]=1",
      "b[1]=2 3",
      "c=",
      "undefined=",
      "to=text",
      "text=t",
    ]);
  });

  it("a token of its own below the one it found, one a line", async () => {
    await runShell("/bin/bash", [], { input: "tool\ntool\n(tool)\n", env: { HOLDPOINT_LINE: "t1" } });
    const tokens = session.calls
      .filter(({ name }) => name === "tool")
      .map(({ env }) => env.get("HOLDPOINT_LINE"));
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) expect(token).toMatch(/^t1\.stdin\.\d+\.\d+\.\d+$/);
  });
});

describe.skipIf(zsh === undefined)("zsh", () => {
  const shell = zsh ?? "";
  it.each<[string, readonly string[], string]>([
    [
      "-c",
      ["-c", "echo $?; command -v rm; echo $ENVFILE ${ZDOTDIR#SESSION}"],
      "0\nSESSION/bin/rm\nenv /rc/zsh\n",
    ],
    ["-lc", ["-lc", "command -v rm; echo $ENVFILE $PROFILE $LOGIN"], "SESSION/bin/rm\nenv profile login\n"],
    ["-ic", ["-ic", "command -v rm; echo $ENVFILE $RC $SEEN"], "SESSION/bin/rm\nenv rc HOME\n"],
    ["no names left behind", ["-c", "typeset +m '__hp*'; echo ${(k)functions}"], "\n"],
  ])("%s", async (_, args, stdout) => {
    writeFileSync(join(home, ".zshenv"), "PATH=/usr/bin:/bin; typeset ENVFILE=env\n");
    writeFileSync(join(home, ".zprofile"), "PATH=/usr/bin:/bin; PROFILE=profile\n");
    writeFileSync(join(home, ".zshrc"), "PATH=/usr/bin:/bin; RC=rc; SEEN=${ZDOTDIR:-$HOME}\n");
    writeFileSync(join(home, ".zlogin"), "PATH=/usr/bin:/bin; LOGIN=login\n");
    const fill = (text: string) => text.replaceAll("SESSION", session.dir).replaceAll("HOME", home);
    const given = args.map(fill);
    const outcome = await runShell(shell, given);
    expect(outcome).toMatchObject({ status: 0, stdout: fill(stdout) });
    expect(questions()).toEqual([`line zsh ${given[1]}`]);
  });

  it("a refusal ends a text, a script and a shell on a pipe", async () => {
    writeFileSync(join(work, "x.zsh"), "echo a\n/bin/rm -f precious\n");
    const refused = { status: 126, stderr: "holdpoint: denied\n" };
    expect(await runShell(shell, ["-c", "echo a; /bin/rm -f precious"])).toMatchObject({
      ...refused,
      stdout: "",
    });
    expect(await runShell(shell, ["x.zsh"])).toMatchObject({ ...refused, stdout: "" });
    const input = "echo a\n{ /bin/rm -f precious } > out\necho not\n";
    expect(await runShell(shell, [], { input })).toMatchObject({ ...refused, stdout: "a\n" });
    expect(existsSync(join(work, "precious"))).toBe(true);
  });
});
