import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openScreen, openTerminal, type PersonScreen } from "./screen.js";
import { cli, makePlace, type Place } from "./session.js";

// Lines typed into a bash of a session: what is judged, what runs, what stands on the screen and in the history.

let place: Place;
let screen: PersonScreen | undefined;

beforeAll(async () => {
  place = await makePlace();
});

beforeEach(() => {
  for (const name of ["one", "two", "three"]) writeFileSync(out(name), `${name}\n`);
  write(".bashrc", "PS1='$ '\nHISTCONTROL=ignoreboth\n");
  for (const name of [".bash_profile", ".bash_logout", ".bash_history"])
    rmSync(join(place.home, name), { force: true });
});
afterEach(() => screen?.kill());
// A shell whose terminal went away a moment ago still writes its history.
afterAll(() => vi.waitFor(() => place.remove(), { timeout: 15_000, interval: 200 }), 20_000);

const out = (name: string): string => join(place.outside, name);
const write = (name: string, text: string): void => writeFileSync(join(place.home, name), text);
const denying = ["-q", "--mode", "deny"];

let steps = 0;

/** Types a line, then one that says how it ended; resolves with that status. */
async function enter(shown: PersonScreen, line: string): Promise<number> {
  const step = ++steps;
  shown.press(`${line}\r`);
  shown.press(`echo "at ${step} is $?"\r`);
  await shown.see(new RegExp(`^at ${step} is \\d+`, "m"));
  return Number(new RegExp(`^at ${step} is (\\d+)`, "m").exec(shown.text())?.[1]);
}

function open(command: readonly string[], flags: readonly string[] = denying): PersonScreen {
  screen = openScreen(place, command, flags);
  return screen;
}

test.each<[string, readonly string[], string]>([
  ["bash", ["bash"], "rc"],
  ["bash -i", ["bash", "-i"], "rc"],
  ["bash -l", ["bash", "-l"], "profile rc"],
  ["bash -il", ["bash", "-il"], "profile rc"],
  ["bash --init-file", ["bash", "--init-file", "FILE"], "file"],
  ["bash --rcfile -i", ["bash", "--rcfile", "FILE", "-i"], "file"],
  ["bash --norc", ["bash", "--norc"], ""],
  ["bash --noprofile --login", ["bash", "--noprofile", "--login"], ""],
  ["bash --posix -i", ["bash", "--posix", "-i"], ""],
  ["its path", ["/bin/bash"], "rc"],
  ["another program that starts it by its path", ["env", "-u", "NONE", "/bin/bash", "--norc"], ""],
])("armed, and its start-up files read: %s", async (_name, command, read) => {
  write(".bashrc", "PS1='$ '; PATH=/usr/bin:/bin; READ+=' rc'; PROMPT_COMMAND='MINE=1'\n");
  write(".bash_profile", "READ+=' profile'; . ~/.bashrc\n");
  write("file.sh", "PS1='$ '; READ+=' file'\n");
  const shown = open(command.map((word) => (word === "FILE" ? join(place.home, "file.sh") : word)));
  await enter(shown, "true");
  expect(await enter(shown, `: > ${out("one")}`)).toBe(126);
  expect(await enter(shown, `{ :; } > ${out("one")}`)).toBe(126);
  shown.press('echo "read:$READ."\r');
  await shown.see(`read:${read === "" ? "" : ` ${read}`}.`);
  shown.press('echo "first:${PATH%%:*}."\r');
  await shown.see(/^first:\S+holdpoint\S+bin\.$/m);
  expect(readFileSync(out("one"), "utf8")).toBe("one\n");
});

test("a login shell ends as one", async () => {
  write(".bash_logout", "echo left-well\n");
  const shown = open(["bash", "-l"]);
  await enter(shown, "true");
  shown.press("exit\r");
  await shown.see("left-well");
  expect(await shown.exited).toBe(0);
});

test("no spelling runs, and the shell stays armed", async () => {
  const [one, two] = [out("one"), out("two")];
  const shown = open(["bash"]);
  await enter(shown, "true");
  for (const line of [
    `rm ${one}`,
    `/bin/rm ${one}; echo after > ${two}`,
    `\\rm ${one}`,
    `command /bin/rm ${one}`,
    `/bin/r? ${one}`,
    `v=/bin/rm; $v ${one}`,
    `> ${one}`,
    `{ :; } > ${one}`,
    `( : ) > ${one}`,
    ` while false; do :; done > ${one}`,
    `for f in ${one} ${two}; do /bin/rm $f; done`,
    `true && /bin/rm ${one} || echo x > ${two}`,
    `while :; do /bin/rm ${one}; done`,
    `echo $(/bin/rm ${one})`,
    `/bin/rm ${one} | cat`,
    `eval "/bin/rm ${one}"`,
    `f() { { :; } > ${one}; }; f`,
    `PATH=/usr/bin:/bin rm ${one}`,
    `cat <<X > ${one}\rhello\rX`,
    "exec /bin/bash --norc",
    "builtin trap - DEBUG",
    "t=trap; $t - DEBUG",
    "enable -n trap",
    "unset -f __hp_debug",
    "return() { :; }",
  ])
    expect([line, await enter(shown, line)]).toEqual([line, 126]);
  for (const line of [
    "trap - DEBUG",
    "set +T",
    "shopt -u extdebug",
    "PS0=",
    "PROMPT_COMMAND=",
    "unset PROMPT_COMMAND",
  ]) {
    await enter(shown, line);
    expect([line, await enter(shown, `/bin/rm ${one}`)]).toEqual([line, 126]);
    expect([line, await enter(shown, `{ :; } > ${one}`)]).toEqual([line, 126]);
  }
  await enter(shown, `g() { { :; } > ${one}; }`);
  expect(await enter(shown, "g")).toBe(126);
  await enter(shown, "set +o history");
  expect(await enter(shown, `/bin/rm ${one}`)).toBe(126);
  await enter(shown, "trap 'echo interrupted' INT");
  expect(await enter(shown, `while :; do /bin/rm ${one}; done`)).toBe(0);
  expect([readFileSync(one, "utf8"), readFileSync(two, "utf8")]).toEqual(["one\n", "two\n"]);
});

test("a refused line is marked in the history, which is as it would be otherwise", async () => {
  const shown = open(["bash"]);
  for (const line of [
    "true 1",
    "true 1",
    " true 2",
    `/bin/rm ${out("one")}`,
    "echo $?",
    "for i in 1 2\rdo true $i\rdone",
  ])
    shown.press(`${line}\r`);
  shown.press("fc -ln 1 | sed 's/^[[:space:]]*/= /'; echo listed\r");
  await shown.see(/^listed$/m);
  const entries = shown
    .text()
    .split("\n")
    .filter((line) => line.startsWith("= "))
    .map((line) => line.slice(2).replace(out("one"), "ONE"));
  expect(entries).toEqual([
    "true 1",
    "/bin/rm ONE # refused by holdpoint",
    "echo $?",
    "for i in 1 2; do true $i; done",
  ]);
  // Run again, the mark changes nothing, and is not written twice.
  shown.press("!-4\r");
  shown.press("history | grep -c 'holdpoint[ ]# refused'\r");
  await shown.see(/^0$/m);
  expect(existsSync(out("one"))).toBe(true);
});

test("what is seen and left behind is what a bare bash shows", async () => {
  const lines = [
    "false | true; echo ${PIPESTATUS[@]} $?",
    "echo a b; echo $_",
    "set -x",
    "f() { echo in $1; }; f x",
    "set +x",
    "set -u; echo ok; set +u",
    "x=(1 2 3); echo ${x[@]: -1}",
    "trap 'echo T $BASH_COMMAND' DEBUG",
    "true q",
    "trap -p DEBUG",
    "trap - DEBUG",
    "cat <<X\rtext\rX",
    "echo -n; (exit 3); echo $?",
    "echo $- | tr -d T",
  ];
  const see = async (shown: PersonScreen): Promise<string> => {
    for (const line of lines) {
      await shown.see(/[$#] ?\s*$/);
      shown.press(`${line}\r`);
    }
    await shown.see(/himBHs[\s\S]*\$ ?\s*$/);
    return shown.text().slice(shown.text().indexOf("$ f()")).trim();
  };
  const bare = openTerminal(place, "/bin/bash", []);
  const seen = await see(bare);
  bare.kill();
  expect(await see(open(["bash"]))).toBe(seen);
});

test("jobs are stopped, continued and interrupted", async () => {
  const shown = open(["bash"]);
  await enter(shown, "true");
  shown.press("sleep 100\r");
  await moment(1500);
  shown.press("\u001a");
  await shown.see("Stopped");
  shown.press("fg\r");
  await moment(1000);
  shown.press("\u0003");
  expect(await enter(shown, "")).toBe(130);
  expect(shown.text()).not.toContain("holdpoint");
});

/** What editors' integrations do: their own prompt, a DEBUG trap, and the line, its start and its end told in escape sequences. */
const editor = `
if [ -n "$EDITOR_LOGIN" ]; then . /etc/profile; else . ~/.bashrc; fi
__ed_running=1
__ed_trap() { builtin local parts; builtin eval "parts=($(trap -p "\${1:-DEBUG}"))"; builtin printf '%s' "\${parts[2]:-}"; }
__ed_before() { if [ "$__ed_running" = 0 ]; then __ed_running=1; __ed_line="$(builtin history 1 | sed 's/ *[0-9]* *//')"; builtin printf '\\e]633;E;%s\\a\\e]633;C\\a' "$__ed_line"; fi; }
if [ -z "$(__ed_trap DEBUG)" ]; then trap '__ed_before "$_"' DEBUG; fi
__ed_after() { __ed_status="$?"; builtin printf '\\e]633;D;%s\\a' "$__ed_status"; __ed_running=0; }
__ed_others=$PROMPT_COMMAND
if [ -n "$__ed_others" ]; then __ed_all() { __ed_after; builtin eval "$__ed_others"; }; PROMPT_COMMAND=__ed_all; else PROMPT_COMMAND=__ed_after; fi
`;

test("an editor's integration tells the lines and their ends", async () => {
  write("editor.sh", editor);
  const shown = open(["bash", "--init-file", join(place.home, "editor.sh")]);
  await shown.see(/[$#] ?\s*$/);
  for (const line of [
    "true",
    "ls /none",
    `/bin/rm ${out("one")}`,
    "echo $?",
    "for i in 1 2; do echo $i; done",
  ]) {
    shown.press(`${line}\r`);
    await expect
      .poll(() => told(shown).at(-1), { timeout: 10_000 })
      .toMatch(new RegExp(`^${literal(line.trim())}.* D`));
  }
  expect(told(shown).slice(-5)).toEqual([
    "true C D;0",
    "ls /none C D;2",
    `/bin/rm ${out("one")} # refused by holdpoint C D;126`,
    "echo $? C D;0",
    "for i in 1 2; do echo $i; done C D;0",
  ]);
  expect(shown.text()).toMatch(/^126$/m);
  expect(existsSync(out("one"))).toBe(true);
});

function told(shown: PersonScreen): readonly string[] {
  const parts = [...shown.raw().matchAll(/\u001b\]633;(E;[^\u0007]*|C|D;\d+)\u0007/g)].map(
    (match) => match[1] ?? "",
  );
  return parts
    .join(" ")
    .split(/(?:^| )E;/)
    .slice(1);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test("hooks that come with the first prompt run before and after each line", async () => {
  write(
    ".bashrc",
    `PS1='$ '
_install() { eval "$(trap -p DEBUG | sed 's/^trap -- /_prior=/; s/ DEBUG$//')"; trap '_before "$_"' DEBUG; PROMPT_COMMAND='_after; _ready=1'; _ready=1; }
_before() { [[ -n $_ready && $BASH_COMMAND != _* ]] || return; _ready=; echo "before <$(HISTTIMEFORMAT= history 1 | sed 's/^ *[0-9]* *//')>"; }
_after() { echo "after <$?>"; }
PROMPT_COMMAND=_install
`,
  );
  const shown = open(["bash"]);
  await shown.see(/[$#] ?\s*$/);
  shown.press("true\r");
  await shown.see(/before <true>\nafter <0>/);
  shown.press(`/bin/rm ${out("one")}\r`);
  await shown.see("after <126>");
  shown.press("ls /none\r");
  await shown.see(/before <ls \/none>\n.*\nafter <2>/);
  expect(existsSync(out("one"))).toBe(true);
});

test("prompts and completions ask nobody, and are no way around", async () => {
  write(
    ".bashrc",
    `PS1='$(_branch)\\$ '
_branch() { local b; b=$(git rev-parse --abbrev-ref HEAD 2>/dev/null); printf '(%s)' "$b"; }
_words() { local cur=\${COMP_WORDS[COMP_CWORD]}; COMPREPLY=($(compgen -W "$(ls ${place.outside})" -- "$cur")); [[ $cur != t* ]] || /bin/rm -f ${out("two")}; }
complete -F _words show
show() { echo "shown $*"; }
`,
  );
  const shown = open(["bash"]);
  await shown.see(/\(\w+\)[$#] ?\s*$/);
  shown.press("show o\t");
  await shown.see("show one");
  shown.press("\r");
  await shown.see("shown one");
  shown.press("show t\t");
  await shown.see("holdpoint: denied");
  shown.press("\u0015");
  await enter(shown, "true");
  expect(await enter(shown, "true")).toBe(0);
  expect(existsSync(out("two"))).toBe(true);
});

const card = /a command waits for you|commands wait for you/;
const moment = (ms = 500): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("one card for a whole line, and what it allows runs; Ctrl-C at a card gives the prompt back", async () => {
  const shown = open(["bash"], ["-q"]);
  await shown.see(/[$#] ?\s*$/);
  shown.press(`for f in ${out("one")} ${out("three")}; do /bin/rm $f; done; echo done $?\r`);
  await shown.see(card);
  await moment();
  const word = /and type (\S+)/.exec(shown.text())?.[1];
  shown.press("a");
  await moment(150);
  if (word !== undefined) shown.press(`${word}\r`);
  await shown.see("done 0");
  expect([existsSync(out("one")), existsSync(out("three"))]).toEqual([false, false]);
  shown.press(`/bin/rm -f ${out("two")}; echo never\r`);
  await shown.see(card);
  await moment();
  shown.press("\u0003");
  await shown.see("holdpoint: denied");
  expect(await enter(shown, "true")).toBe(0);
  expect(shown.text()).not.toMatch(/^never/m);
  const asked = place.records().filter(({ event }) => event === "ask").length;
  expect([existsSync(out("two")), asked]).toEqual([true, 2]);
});

test("a shell within a shell: each holds its own lines", async () => {
  const shown = open(["bash"]);
  await enter(shown, "true");
  shown.press("bash\r");
  expect(await enter(shown, `/bin/rm ${out("one")}`)).toBe(126);
  shown.press("exit\r");
  expect(await enter(shown, "true")).toBe(0);
  shown.press("exec bash -l\r");
  expect(await enter(shown, `/bin/rm ${out("one")}`)).toBe(126);
  shown.press("history -c; history -s 'bash'; fc -ln -1\r");
  expect(existsSync(out("one"))).toBe(true);
});

test("keys that tmux sends are lines like any others", async () => {
  const tmux = (...args: string[]): string =>
    execFileSync("tmux", ["-L", "holdpoint-test", "-f", "/dev/null", ...args], {
      env: place.env,
      encoding: "utf8",
    });
  tmux(
    "new-session",
    "-d",
    "-x",
    "100",
    "-y",
    "30",
    "-c",
    place.workspace,
    `${process.execPath} ${cli} run -q --mode deny -- bash`,
  );
  try {
    tmux("send-keys", `/bin/rm ${out("one")}`, "Enter");
    tmux("send-keys", "echo is $?", "Enter");
    await expect.poll(() => tmux("capture-pane", "-p"), { timeout: 15_000 }).toMatch(/^is 126$/m);
    expect(existsSync(out("one"))).toBe(true);
  } finally {
    tmux("kill-server");
  }
});

test("lines stand in the log as they were typed", async () => {
  const shown = open(["bash"]);
  await enter(shown, "true  'a  b'");
  const lines = place.records().filter(({ event, line }) => event === "line" && typeof line === "string");
  expect(lines.some(({ line, verdict }) => line === "true  'a  b'" && verdict === "allow")).toBe(true);
});
