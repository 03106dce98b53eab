import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { makePlace, type Place } from "./session.js";
import { openShell, type ShellOptions, type ShellScreen } from "./shell-screen.js";

// A zsh at a terminal: each line is judged before it runs, and a refused one leaves nothing behind but its reason.

let place: Place;
let shell: ShellScreen | undefined;

beforeAll(async () => {
  place = await makePlace();
});
beforeEach(() => writeFileSync(keep(), "kept\n"));
afterEach(() => shell?.kill());
afterAll(() => place.remove());

const keep = (): string => join(place.outside, "keep");
const isKept = (): boolean => existsSync(keep()) && readFileSync(keep(), "utf8") === "kept\n";

const settings = "PS1='[%?] '\nunsetopt promptsp\n";

async function open(options: Partial<ShellOptions> = {}): Promise<ShellScreen> {
  const { command = ["zsh", "-i"], files } = options;
  const opened = openShell(place, {
    ...options,
    command,
    files: { ".zshenv": "", ".zprofile": "", ".zlogin": "", ".zshrc": settings, ...files },
  });
  shell = opened;
  await opened.prompt();
  return opened;
}

test("a refused line does not run, says why, sets $?, is marked in history, and the shell goes on", async () => {
  const screen = await open();
  await screen.line(`sleep 300 &`, 0);
  await screen.line(`echo first; /bin/rm ${keep()}; echo last`, 126);
  expect(isKept()).toBe(true);
  const shown = screen.text();
  expect(shown).toContain("holdpoint: denied by rule files/lose-work");
  expect(shown).not.toMatch(/^(first|last)$/m);
  await screen.line("echo status $?", 0);
  await screen.see(/^status 126$/m);
  await screen.line("fc -ln -2", 0);
  await screen.see(`: refused by holdpoint; echo first; /bin/rm ${keep()}; echo last`);
  await screen.line("jobs", 0);
  await screen.see("running    sleep 300");
  await screen.line("kill %1; wait 2>/dev/null; print -r -- over:$options[errexit]:${+HOLDPOINT_LINE}", 0);
  await screen.see("over:off:1");
  const lines = place.records().filter(({ event }) => event === "line");
  expect(lines.map(({ line, verdict }) => [line, verdict])).toContainEqual([
    `echo first\n/bin/rm ${keep()}\necho last`,
    "deny",
  ]);
});

test("what is judged is what runs: aliases, functions, variables, arrays, arguments, history, all lines of it", async () => {
  const screen = await open({
    files: {
      ".zshrc": `${settings}alias gone='/bin/rm -f'\nalias -g HERE=${keep()}\nours() { echo ours }\n`,
    },
  });
  for (const [line, status] of [
    ["gone HERE", 126],
    ["tool=/bin/rm words=(/bin/rm -f)", 0],
    ["$tool HERE", 126],
    ["$words HERE", 126],
    ["f() { g $1 }; g() { /bin/rm -f $1 }", 0],
    ["f HERE", 126],
    ["ours", 0],
    ["set -- /bin/rm -f HERE", 0],
    ["$1 $3; echo none", 126],
    ["fc -e - gone", 126],
    ["for i in 1 2; do echo $i; done > HERE", 126],
    ["{ echo 1 } always { echo 2 } > HERE", 126],
    [": > HERE & echo started", 126],
    ["(( 1 )) && gone HERE", 126],
    ["repeat 2 gone HERE", 126],
    ["if true; then gone HERE; fi", 126],
    ["eval 'gone HERE'", 126],
    ["!! ", 126],
  ] as const)
    await screen.line(line, status);
  screen.press("cat <<E >/dev/null\rx\rE\r");
  await screen.prompt(0);
  screen.press(`\u001b[200~echo one\n/bin/rm ${keep()}\u001b[201~\r`);
  await screen.prompt(126);
  expect(isKept()).toBe(true);
});

test("whatever accepts the line, and without the line editor", async () => {
  const screen = await open({
    files: {
      ".zshrc": `${settings}
mine() { zle .accept-line }; zle -N mine; bindkey '^M' mine
accept-line() { zle .accept-line }; zle -N accept-line
bindkey '^Xa' accept-and-hold; bindkey '^Xb' accept-line-and-down-history; bindkey '^Xc' accept-and-infer-next-history
`,
    },
  });
  for (const key of ["\r", "\u000a", "\u0018a", "\u0018b", "\u0018c"]) {
    screen.press(`/bin/rm ${keep()}${key}`);
    await screen.see(/\[126\] \S*\s*\S*\s*$/);
    await expect
      .poll(() => {
        screen.press("\u0015\u000c"); // some leave a line to edit
        return screen.text().trim();
      })
      .toBe("[126]");
    await screen.line("true", 0);
  }
  await screen.line("zle -A .accept-line accept-line; bindkey '^M' accept-line", 0);
  await screen.line(`/bin/rm ${keep()}`, 126);
  screen.press("unsetopt zle\r");
  await screen.prompt(0);
  screen.press(`/bin/rm ${keep()}\r`);
  await screen.prompt(126);
  expect(isKept()).toBe(true);
});

test.each([
  ["its hooks taken away", "preexec_functions=()", ""],
  ["LOCAL_TRAPS", "setopt localtraps", ""],
  ["no DEBUG_BEFORE_CMD", "unsetopt debugbeforecmd", ""],
  ["a DEBUG trap of one's own", "trap 'seen=1' DEBUG", "print -r -- ${seen:+own trap}"],
  ["another emulation", "emulate sh", ""],
  ["no history", "unset HISTFILE; HISTSIZE=0", ""],
])("holds with %s", async (_name, line, check) => {
  const screen = await open();
  await screen.line(line, 0);
  screen.press(`/bin/rm ${keep()}; echo ran\r`);
  await screen.see("holdpoint: denied");
  await screen.unsee(/^ran$/m);
  if (check !== "") {
    await screen.line(check);
    await screen.see(/^own trap$/m);
  }
  await screen.line("echo goes on");
  await screen.see(/^goes on$/m);
  expect(isKept()).toBe(true);
});

test("a hook of somebody else's that fails in front of it", async () => {
  const screen = await open();
  await screen.line("preexec() { [[ $1 != /bin/rm* ]] || ls /no-such-* }", 0);
  screen.press(`/bin/rm ${keep()}; echo ran\r`);
  await screen.see("no matches found");
  await screen.line("echo goes on", 0);
  expect(isKept()).toBe(true);
});

test("a start-up file that fails halfway leaves the hook where it is", async () => {
  const screen = await open({ files: { ".zshrc": `${settings}preexec_functions=()\nls /no-such-*\n` } });
  await screen.line(`/bin/rm ${keep()}`, 126);
  expect(isKept()).toBe(true);
});

test.each([
  "unfunction -m '*hp*'",
  "functions=()",
  "preexec_functions=() precmd_functions=() zshaddhistory_functions=()",
  "unset -f __hp_line",
  "zmodload -u zsh/parameter",
  "emulate() { : }",
  "exec /bin/zsh -f",
  "/bin/zsh --no-rcs",
  "ZDOTDIR=/nowhere zsh",
  "env -i /bin/zsh",
])("refused: %s", async (line) => {
  const screen = await open();
  await screen.line(line, 126);
});

test.each([
  ["zsh", []],
  ["zsh", ["-l"]],
  ["zsh", ["-il"]],
  ["zsh", ["-f"]],
  ["zsh", ["-fi"]],
  ["zsh", ["--no-rcs", "-i"]],
  ["zsh", ["-o", "norcs"]],
  ["/bin/zsh", ["-l"]],
  ["/bin/zsh", ["-f"]],
  ["env", ["zsh", "-f"]],
])("started as %s %j", async (program, args) => {
  const screen = openShell(place, { command: [program, ...args], files: { ".zshrc": settings } });
  shell = screen;
  await screen.see(/[#%\]] \s*$/);
  screen.press(`PS1='[%?] '; unsetopt promptsp\r`);
  await screen.prompt(0);
  const isBare = /f|norcs|no-rcs/.test(args.join(" "));
  await screen.line("print -r -- rcs:$options[rcs]", 0);
  await screen.see(`rcs:${isBare ? "off" : "on"}`);
  await screen.line(`/bin/rm ${keep()}`, 126);
  expect(isKept()).toBe(true);
});

test("zsh -i -c is judged as a text, and once", async () => {
  const { status, stdout, stderr } = await place.run({
    flags: ["-q", "--mode", "deny"],
    command: ["zsh", "-i", "-c", `echo before; /bin/rm ${keep()}`],
  });
  expect([status, stdout, stderr.match(/denied/g)?.length]).toEqual([126, "", 1]);
});

test("an agent that types into a tmux of the session", async () => {
  const socket = join(place.base, "tmux");
  const screen = openShell(place, {
    command: ["zsh", "-c", `tmux -S ${socket} -f /dev/null new-session -x 90 -y 20 'exec zsh -i'`],
    flags: [],
    files: { ".zshrc": settings },
  });
  shell = screen;
  onTestFinished(() => void spawnSync("tmux", ["-S", socket, "kill-server"]));
  // The word on the card: a multiplexer may type.
  await screen.see(/\[0\]|command waits for you/);
  if (/waits for you/.test(screen.text())) screen.press("a");
  await screen.see(/\[0\]/);
  screen.press(`/bin/rm ${keep()}\r`);
  await screen.see("command waits for you");
  await new Promise((resolve) => setTimeout(resolve, 600));
  screen.press("d");
  await screen.see(/\[126\]/);
  expect(isKept()).toBe(true);
});

test("asked: a key allows the line once, another refuses it, and Ctrl-C at the prompt still works", async () => {
  writeFileSync(join(place.outside, "other"), "x\n");
  const screen = await open({ flags: [] });
  screen.press(`/bin/rm ${keep()} && echo gone\r`);
  await screen.see("command waits for you");
  await new Promise((resolve) => setTimeout(resolve, 600));
  screen.press("d");
  await screen.prompt(126);
  expect(isKept()).toBe(true);
  screen.press("half a line\u0003");
  await screen.see(/\[130\] \s*$|\[1\] \s*$/);
  screen.press(`/bin/rm ${join(place.outside, "other")} && echo gone\r`);
  await screen.see("command waits for you");
  await new Promise((resolve) => setTimeout(resolve, 600));
  const word = /and type (\S+)/.exec(screen.text())?.[1];
  screen.press("a");
  if (word !== undefined) {
    await screen.see("to allow it once");
    screen.press(`${word}\r`);
  }
  await screen.prompt(0);
  expect(existsSync(join(place.outside, "other"))).toBe(false);
});

/** What an editor's injected files do: read the human's through USER_ZDOTDIR, then put marks around each command. */
function editorFiles(): string {
  const folder = join(place.base, "editor-zsh");
  mkdirSync(folder, { recursive: true });
  const pass = (name: string): string =>
    `VSCODE_ZDOTDIR=$ZDOTDIR; ZDOTDIR=$USER_ZDOTDIR\n[[ -f $USER_ZDOTDIR/${name} ]] && . $USER_ZDOTDIR/${name}\n`;
  writeFileSync(
    join(folder, ".zshenv"),
    `${pass(".zshenv")}USER_ZDOTDIR=$ZDOTDIR; ZDOTDIR=$VSCODE_ZDOTDIR\n`,
  );
  writeFileSync(join(folder, ".zprofile"), `${pass(".zprofile")}ZDOTDIR=$VSCODE_ZDOTDIR\n`);
  writeFileSync(
    join(folder, ".zshrc"),
    `HISTFILE=$USER_ZDOTDIR/.zsh_history\n${pass(".zshrc")}autoload -Uz add-zsh-hook
mark_start() { print -n "\\e]633;E;$1\\a\\e]633;C\\a" }; mark_end() { print -n "\\e]633;D;$?\\a" }
add-zsh-hook preexec mark_start; add-zsh-hook precmd mark_end
[[ -o login ]] || ZDOTDIR=$USER_ZDOTDIR\n`,
  );
  writeFileSync(
    join(folder, ".zlogin"),
    `ZDOTDIR=$USER_ZDOTDIR\n[[ -f $ZDOTDIR/.zlogin ]] && . $ZDOTDIR/.zlogin\n`,
  );
  return folder;
}

/** A program that starts a terminal's shell as an editor does, by its path. */
function startEditor(folder: string, args: readonly string[]): string {
  const file = join(place.base, "editor.cjs");
  writeFileSync(
    file,
    `const env = { ...process.env, USER_ZDOTDIR: process.env.ZDOTDIR, ZDOTDIR: ${JSON.stringify(folder)} };
require("node:child_process").spawnSync("/bin/zsh", ${JSON.stringify(args)}, { stdio: "inherit", env });
`,
  );
  return file;
}

test.each([
  ["around the session's shell", ["-i"], false],
  ["around the session's shell, login", ["-il"], false],
  ["inside the session", ["-i"], true],
  ["inside the session, login", ["-il"], true],
])("an editor's integration %s", async (_name, args, isInside) => {
  const folder = editorFiles();
  const files = { ".zshrc": `${settings}mine=rc:$ZDOTDIR\n`, ".zlogin": "after=login\n" };
  const screen = isInside
    ? // The editor itself was started in the session, so USER_ZDOTDIR is the session's own folder.
      openShell(place, {
        command: [process.execPath, startEditor(folder, args)],
        flags: ["--mode", "deny"],
        files,
      })
    : openShell(place, {
        command: ["zsh", ...args],
        env: { ZDOTDIR: folder, USER_ZDOTDIR: place.home, VSCODE_INJECTION: "1" },
        files,
      });
  shell = screen;
  await screen.prompt();
  await screen.line("print -r -- $mine $after $HISTFILE", 0);
  await screen.see(args.includes("-il") ? /^rc:\S* login /m : /^rc:\S* /m);
  expect(screen.text()).not.toMatch(/rc\/zsh\/\.zsh_history/);
  await screen.line(`/bin/rm ${keep()}`, 126);
  // The reason stands between the marks, where an agent reads a command's output.
  const raw = screen.raw();
  const start = raw.lastIndexOf("\u001b]633;C\u0007", raw.lastIndexOf("holdpoint: denied"));
  expect(raw.slice(start)).toMatch(/633;C\u0007[\s\S]*holdpoint: denied[\s\S]*633;D;126\u0007/);
  expect(isKept()).toBe(true);
});

const plugins = [
  "/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh",
  "/usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh",
];

test.skipIf(!plugins.every((file) => existsSync(file)))(
  "with autosuggestions, highlighting, and a prompt that is made anew each time",
  async () => {
    const screen = await open({
      files: {
        ".zshrc": `${settings}setopt promptsubst
${plugins.map((file) => `source ${file}`).join("\n")}
precmd() { count=$((count+1)) }; preexec_functions+=(timer); timer() { began=$EPOCHSECONDS }
`,
      },
    });
    await screen.line("echo hello there", 0);
    screen.press("echo hel");
    await screen.see("echo hello there");
    screen.press("\u0005\r");
    await screen.prompt(0);
    await screen.line(`/bin/rm ${keep()}`, 126);
    screen.press("/bin/r");
    await screen.see("/bin/rm");
    screen.press("\u0005\r");
    await screen.prompt(126);
    expect(isKept()).toBe(true);
  },
);
