import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makePlace, type Place } from "./session.js";
import { openShell, type ShellOptions, type ShellScreen } from "./shell-screen.js";

// fish: texts and scripts before they run, and each line at a prompt as it is entered.

const path = spawnSync("sh", ["-c", "command -v fish"], { encoding: "utf8" }).stdout.trim();

describe.skipIf(path === "")("fish (skipped where it is not installed)", () => {
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
  const config =
    'set -g fish_greeting\nset -g fish_key_bindings fish_default_key_bindings\nfunction fish_prompt; echo "[$status] "; end\n';

  async function open(options: Partial<ShellOptions> = {}): Promise<ShellScreen> {
    const opened = openShell(place, {
      command: ["fish"],
      files: { ".config/fish/config.fish": config },
      ...options,
    });
    shell = opened;
    await opened.prompt();
    return opened;
  }

  test("a refused line does not run, says why, sets $status, is marked in history, and the shell goes on", async () => {
    const screen = await open();
    await screen.line("sleep 300 &", 0);
    await screen.line(`echo first; /bin/rm ${keep()}; echo last`, 126);
    expect(isKept()).toBe(true);
    expect(screen.text()).toContain("holdpoint: denied by rule files/lose-work");
    expect(screen.text()).not.toMatch(/^(first|last)$/m);
    await screen.line("echo status $status", 0);
    await screen.see(/^status 126$/m);
    await screen.line("history | head -4", 0);
    await screen.see(`refused-by-holdpoint # echo first; /bin/rm ${keep()}; echo last`);
    await screen.line("refused-by-holdpoint # again", 126);
    await screen.line("jobs", 0);
    await screen.see("sleep 300");
    await screen.line("kill %1; echo over", 0);
    expect(place.records().map(({ event, line, verdict }) => [event, line, verdict])).toContainEqual([
      "line",
      `echo first; /bin/rm ${keep()}; echo last`,
      "deny",
    ]);
  });

  test("what is judged is what runs: variables, lists, functions, blocks, abbreviations, several lines", async () => {
    const screen = await open();
    for (const [line, status] of [
      ["set tool /bin/rm; set words /bin/rm -f", 0],
      [`$tool ${keep()}`, 126],
      [`$words ${keep()}`, 126],
      ["function f; g $argv; end; function g; /bin/rm -f $argv; end", 0],
      [`f ${keep()}`, 126],
      [`for i in 1 2; echo $i; end > ${keep()}`, 126],
      [`if true; /bin/rm ${keep()}; end`, 126],
      [`false; or /bin/rm ${keep()}`, 126],
      [`echo (/bin/rm ${keep()})`, 126],
      [`echo x > ${keep()} &`, 126],
      [`abbr -a nuke 'rm -f ${keep()}'`, 0],
      ["alias gone='rm -f'; for i in (seq 2); echo $i; end", 0],
      ["ls -la | head -1; and set -gx NAME value; and git status --short", 0],
    ] as const)
      await screen.line(line, status);
    screen.press("nuke\r");
    await screen.prompt(126);
    screen.press(`\u001b[200~begin\n/bin/rm ${keep()}\u001b[201~\r`);
    screen.press("end\r");
    await screen.prompt(126);
    expect(isKept()).toBe(true);
  });

  test.each([
    ["emacs", "\r", "true"],
    ["emacs, the other key", "\n", "true"],
    ["vi", "\r", "set -g fish_key_bindings fish_vi_key_bindings"],
    ["vi, from its normal mode", "\u001b\r", "set -g fish_key_bindings fish_vi_key_bindings"],
    ["a binding of one's own", "\u0007", "bind \\cg 'commandline -f execute'"],
    ["a function of one's own", "\u0007", "function go; commandline -f execute; end; bind \\cg go"],
    ["Enter bound anew", "\r", "bind \\r execute"],
  ])("keys: %s", async (_name, key, setting) => {
    const screen = await open();
    await screen.line(`${setting}; function fish_mode_prompt; end; set -g fish_escape_delay_ms 10`, 0);
    screen.press(`/bin/rm ${keep()}`);
    await screen.see(keep());
    for (const one of key) {
      screen.press(one);
      await new Promise((resolve) => setTimeout(resolve, key.length > 1 ? 400 : 0)); // or it is Alt-Enter
    }
    await screen.see("holdpoint: denied");
    await screen.see(/\[126\]\s*$/);
    expect(isKept()).toBe(true);
  });

  test("a line that gets past the keys ends the shell before it runs", async () => {
    const screen = await open();
    await screen.line("function go; builtin commandline -f execute; end; bind \\cg go", 0);
    screen.press("echo harmless\u0007");
    await screen.see(/^harmless$/m);
    screen.press(`/bin/rm ${keep()}\u0007`);
    expect(await screen.exited).toBe(126);
    expect(isKept()).toBe(true);
  });

  test("what a command reads is no line", async () => {
    const screen = await open();
    screen.press("read -P 'name? ' answer; echo got $answer\r");
    await screen.see("name? ");
    screen.press(`/bin/rm ${keep()}\r`);
    await screen.see(`got /bin/rm ${keep()}`);
    expect(isKept()).toBe(true);
  });

  test.each([
    "functions -e __hp_enter",
    "functions -e (functions -a)",
    "functions --erase commandline",
    "function commandline; builtin commandline $argv; end",
    "exec /usr/bin/fish -N",
    "env -i /usr/bin/fish",
    "exec /bin/zsh -f",
  ])("refused: %s", async (line) => {
    const screen = await open();
    await screen.line(line, 126);
  });

  test.each([
    ["fish", ["-l"]],
    ["fish", ["-N"]],
    ["fish", ["-i"]],
    ["fish", ["--init-command", "set -g from editor"]],
    [path, ["-l"]],
    [path, ["-N"]],
  ])("started as %s %j", async (program, args) => {
    const screen = openShell(place, {
      command: [program, ...args],
      files: { ".config/fish/config.fish": config },
    });
    shell = screen;
    await screen.see(/[>#\]]\s*$/);
    screen.press(`function fish_prompt; echo "[$status] "; end; set -g fish_greeting\r`);
    await screen.prompt(0);
    await screen.line(`/bin/rm ${keep()}`, 126);
    expect(isKept()).toBe(true);
  });

  test("an editor's own integration, that nobody could foresee, is no line of anybody's; in a line it is", async () => {
    const file = join(place.home, "editor.fish");
    writeFileSync(file, 'set -g from editor\ntest -n "$nothing"; and eval (cat /nothing)\n');
    const screen = openShell(place, {
      command: ["fish", "--init-command", `source "${file}"`],
      files: { ".config/fish/config.fish": config },
    });
    shell = screen;
    await screen.prompt();
    await screen.line('test "$from" = editor', 0);
    await screen.line(`fish --init-command 'source "${file}"' -c true`, 126);
  });

  test("asked: a person refuses a line", async () => {
    const screen = await open({ flags: [] });
    screen.press(`/bin/rm ${keep()}; echo gone\r`);
    await screen.see("command waits for you");
    await new Promise((resolve) => setTimeout(resolve, 600));
    screen.press("d");
    await screen.prompt(126);
    await screen.see("a human refused it");
    expect(isKept()).toBe(true);
  });

  test.each([
    ["a text", () => ["fish", "-c", `echo one; /bin/rm ${keep()}`], ""],
    ["a script", () => ["fish", script(`echo one\n/bin/rm ${keep()}\n`)], ""],
    ["a script by its own path", () => [script(`#!${path}\necho one\n/bin/rm ${keep()}\n`)], ""],
    ["input", () => ["fish"], "echo one\n/bin/rm KEEP\n"],
    ["started by a program, by its path", () => spawning(["-c", `echo one; /bin/rm ${keep()}`]), ""],
    ["started by a program, a script", () => spawning([script(`echo one\n/bin/rm ${keep()}\n`)]), ""],
  ])("%s", async (_name, command, input) => {
    const { stdout, stderr } = await place.run({
      flags: ["-q", "--mode", "deny"],
      command: command(),
      input: input.replace("KEEP", keep()),
    });
    expect(stderr).toContain("holdpoint: denied");
    expect(stderr.match(/denied/g)).toHaveLength(1);
    expect(stdout).toBe("");
    expect(isKept()).toBe(true);
  });

  test("what is harmless runs, with its arguments and its status", async () => {
    const text = "for word in $argv; echo $word; end; set -l x (count $argv); test $x -eq 2; and exit 7";
    const ran = await place.run({
      flags: ["-q", "--mode", "deny"],
      command: ["fish", "-c", text, "a b", "c"],
    });
    expect([ran.status, ran.stdout, ran.stderr]).toEqual([7, "a b\nc\n", ""]);
  });

  function script(text: string): string {
    const file = join(place.base, "script.fish");
    writeFileSync(file, text, { mode: 0o755 });
    return file;
  }

  function spawning(args: readonly string[]): readonly string[] {
    const file = join(place.base, "spawn.cjs");
    const words = JSON.stringify(args);
    writeFileSync(
      file,
      `require("node:child_process").spawnSync(${JSON.stringify(path)}, ${words}, { stdio: "inherit" });\n`,
    );
    return [process.execPath, file];
  }
});
