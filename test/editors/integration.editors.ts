import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openTerminal, type PersonScreen } from "../scripts/screen.js";
import { cli, execute, makePlace, type Place, root } from "../scripts/session.js";

// The installed shells, started as VS Code starts a terminal's shell (vs/platform/terminal/node/terminalEnvironment.ts), with its own
// scripts: what they report to the editor still comes, and the guard is in front.

let place: Place;
let shells = "";
let precious = "";
const scripts = inject("scripts");

beforeAll(async () => {
  place = await makePlace();
  const runtime = join(place.base, "run");
  mkdirSync(runtime, { mode: 0o700 });
  Object.assign(place.env, { XDG_RUNTIME_DIR: runtime });
  const installed = await execute(process.execPath, [cli, "init", "shell"], {
    cwd: place.base,
    env: place.env,
  });
  expect(installed.status).toBe(0);
  shells = join(place.home, ".local", "share", "holdpoint", "shells");
  precious = join(place.outside, "precious");
  writeFileSync(join(place.home, ".bash_profile"), "PROFILE=read\n. ~/.bashrc\n");
  writeFileSync(join(place.home, ".bashrc"), "RC=read\nPS1='$ '\n");
  writeFileSync(join(place.home, ".zprofile"), "PROFILE=read\n");
  writeFileSync(join(place.home, ".zshrc"), "RC=read\nPS1='$ '\n");
  const zsh = join(place.base, "zsh");
  mkdirSync(zsh, { mode: 0o1700 });
  for (const [from, to] of [
    ["rc", ".zshrc"],
    ["env", ".zshenv"],
    ["profile", ".zprofile"],
    ["login", ".zlogin"],
  ] as const)
    copyFileSync(join(scripts, `shellIntegration-${from}.zsh`), join(zsh, to));
  await new Promise((resolve) => setTimeout(resolve, 100));
});

afterAll(() => place.remove());

const bash = () => ["--init-file", join(scripts, "shellIntegration-bash.sh")];
const zshFolder = () => ({ ZDOTDIR: join(place.base, "zsh"), USER_ZDOTDIR: place.home });
const has = (name: string): boolean => ["/bin", "/usr/bin"].some((folder) => existsSync(join(folder, name)));
const shimRc = (name: string): boolean => existsSync(join(root, "shims", "rc", name));

interface Form {
  readonly shell: string;
  readonly args: () => readonly string[];
  readonly env: () => Readonly<Record<string, string>>;
  readonly isLogin: boolean;
  /** Lines typed at it are judged before they run. */
  readonly isHeld: boolean;
}

const forms: readonly (readonly [string, Form])[] = [
  [
    "bash",
    { shell: "bash", args: bash, env: () => ({}), isLogin: false, isHeld: shimRc("interactive.bash") },
  ],
  [
    "bash, a login shell",
    {
      shell: "bash",
      args: bash,
      env: () => ({ VSCODE_SHELL_LOGIN: "1" }),
      isLogin: true,
      isHeld: shimRc("interactive.bash"),
    },
  ],
  [
    "zsh",
    { shell: "zsh", args: () => ["-i"], env: zshFolder, isLogin: false, isHeld: shimRc("zsh/lines.zsh") },
  ],
  [
    "zsh, a login shell",
    { shell: "zsh", args: () => ["-il"], env: zshFolder, isLogin: true, isHeld: shimRc("zsh/lines.zsh") },
  ],
  [
    "fish",
    {
      shell: "fish",
      args: () => ["--init-command", `source "${join(scripts, "shellIntegration.fish")}"`],
      env: () => ({}),
      isLogin: false,
      isHeld: shimRc("fish"),
    },
  ],
];

test.each(forms.filter(([, { shell }]) => has(shell)))("%s", async (_, form) => {
  for (const path of [precious, `${precious}-too`]) writeFileSync(path, "work\n");
  const env = {
    ...place.env,
    SHLVL: undefined,
    TERM_PROGRAM: "vscode",
    VSCODE_INJECTION: "1",
    VSCODE_NONCE: "the-nonce",
    VSCODE_STABLE: "1",
    ...form.env(),
  };
  const screen = openTerminal({ ...place, env }, join(shells, form.shell), form.args());
  const reports = (wanted: string) => expect.poll(() => screen.raw(), { timeout: 15_000 }).toContain(wanted);
  try {
    await reports("\u001b]633;B");
    expect(screen.raw()).not.toContain("waits for you");
    screen.press("echo PATH=$PATH\r");
    // fish's own script loses the nonce: it sets it inside a block.
    await reports(`\u001b]633;E;echo PATH=$PATH${form.shell === "fish" ? "" : ";the-nonce"}`);
    await reports("\u001b]633;C");
    await reports("\u001b]633;D;0");
    await expect
      .poll(() => screen.raw().replaceAll(/\r?\n/g, ""))
      .toMatch(
        form.isLogin && !form.isHeld && form.shell === "bash"
          ? /PATH=\//
          : /PATH=\S*\/holdpoint\/[a-z2-7]{7}\/bin[: ]/,
      );
    await reports(`\u001b]633;P;Cwd=${place.workspace}`);
    if (form.shell !== "fish") {
      screen.press('echo "<$PROFILE> <$RC>"\r');
      await screen.see(form.isLogin ? "<read> <read>" : "<> <read>");
    }
    if (!form.isLogin || form.isHeld || form.shell !== "bash") await refuse(screen, `rm ${precious}`);
    // Another file: what was refused once is refused again without a card.
    if (form.isHeld) await refuse(screen, `/bin/rm ${precious}-too`);
    expect([precious, `${precious}-too`].map((path) => readFileSync(path, "utf8"))).toEqual([
      "work\n",
      "work\n",
    ]);
    screen.press("exit 3\r");
    expect(await screen.exited).toBe(3);
  } finally {
    screen.kill();
  }
});

/** Types it, says no to the card, and waits for the shell's next prompt. */
async function refuse(screen: PersonScreen, line: string): Promise<void> {
  const prompts = () => screen.raw().split("\u001b]633;B").length;
  const before = prompts();
  screen.press(`${line}\r`);
  await screen.see("command waits for you");
  await new Promise((resolve) => setTimeout(resolve, 500));
  screen.press("d");
  await screen.unsee("command waits for you");
  await expect.poll(prompts, { timeout: 15_000 }).toBeGreaterThan(before);
}
