import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTerminal } from "./screen.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

let place: Place;
let user = "";
let settings = "";
let shells = "";

beforeAll(async () => {
  place = await makePlace();
  user = join(place.home, ".config", "Code", "User");
  settings = join(user, "settings.json");
  shells = join(place.home, ".local", "share", "holdpoint", "shells");
});

beforeEach(() => {
  for (const name of [".config", ".local", ".tmux.conf"])
    rmSync(join(place.home, name), { recursive: true, force: true });
  mkdirSync(user, { recursive: true });
});

afterAll(() => place.remove());

const init = (...args: string[]): Promise<Outcome> =>
  execute(process.execPath, [cli, "init", ...args], {
    cwd: place.workspace,
    env: { ...place.env, SHELL: "/bin/bash" },
  });
const system = process.platform === "darwin" ? "osx" : "linux";
const key = (name: string): string => `terminal.integrated.${name}.${system}`;

const texts: readonly (readonly [name: string, text: string])[] = [
  ["empty", ""],
  ["an empty object", "{}\n"],
  ["comments, and commas at the end", '// mine\n{\n  // size\n  "editor.fontSize": 12, /* px */\n}\n'],
  ["tabs, no line break at the end", '{\n\t"a": [1,   2],\n\t"b": { "c":null }\n}'],
  ["CRLF", '{\r\n  "a": 1\r\n}\r\n'],
  ["one line", '{"a":1,"b":{"c":[1,2]}}'],
  [
    "profiles and a default of their own",
    `{\n    "${key("profiles")}": {\n        "mine": { "path": "zsh", "args": ["-l"] } // keep\n    },\n    "${key("defaultProfile")}": "mine",\n    "z": 1\n}\n`,
  ],
];

describe.each(texts)("VS Code's settings: %s", (_, text) => {
  test("set, kept, idempotent, taken back to the byte", async () => {
    writeFileSync(settings, text);
    expect(await init("vscode", "--yes")).toMatchObject({ status: 0, stderr: "" });
    const after = readFileSync(settings, "utf8");
    expect(parse(after)).toEqual({
      ...parse(text || "{}"),
      [key("profiles")]: {
        ...parse(text || "{}")[key("profiles")],
        "holdpoint bash": expect.objectContaining({ path: join(shells, "bash") }),
      },
      [key("defaultProfile")]: "holdpoint bash",
      [key("automationProfile")]: { path: join(shells, "bash") },
    });
    for (const comment of text.match(/\/\/ \w+|\/\*.*?\*\//g) ?? []) expect(after).toContain(comment);
    expect(after.includes("\r\n")).toBe(text.includes("\r\n"));
    expect(await init("vscode", "--yes")).toMatchObject({ status: 0, stdout: `${settings}: set already\n` });
    expect(readFileSync(settings, "utf8")).toBe(after);
    expect(await init("vscode", "--undo", "--yes")).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(settings, "utf8")).toBe(text);
    expect(await init("vscode", "--undo", "--yes")).toMatchObject({
      stdout: `${settings}: nothing of holdpoint's is in it\n`,
    });
  });

  test("changed by somebody else meanwhile: only ours goes, and what stood there comes back", async () => {
    writeFileSync(settings, text);
    await init("vscode", "--yes");
    const after = readFileSync(settings, "utf8");
    writeFileSync(settings, after.replace("{", '{"late": true,'));
    expect((await init("vscode", "--undo", "--yes")).status).toBe(0);
    expect(parse(readFileSync(settings, "utf8"))).toEqual({ ...parse(text || "{}"), late: true });
  });
});

describe("VS Code's settings", () => {
  test("a file that was not there goes again; the program that was never started has no folder", async () => {
    expect((await init("vscode", "--yes")).status).toBe(0);
    expect(existsSync(settings)).toBe(true);
    expect((await init("vscode", "--undo", "--yes")).status).toBe(0);
    expect(existsSync(settings)).toBe(false);
    const cursor = await init("cursor", "--yes");
    expect(cursor).toMatchObject({ status: 1, stdout: "" });
    expect(cursor.stderr).toMatch(/no folder ".*\/Cursor\/User".*--dir names another/);
  });

  test("another shell takes the place of the first, and one undo takes it back", async () => {
    writeFileSync(settings, "{}\n");
    await init("vscode", "--yes");
    await init("vscode", "--yes", "--shell", "zsh");
    expect(Object.keys(parse(readFileSync(settings, "utf8"))[key("profiles")])).toEqual(["holdpoint zsh"]);
    await init("vscode", "--yes", "--undo");
    expect(readFileSync(settings, "utf8")).toBe("{}\n");
  });

  test("a default that was chosen since stays", async () => {
    writeFileSync(settings, "{}\n");
    await init("vscode", "--yes");
    const text = readFileSync(settings, "utf8").replace(/"holdpoint bash",/, '"other",');
    writeFileSync(settings, text);
    await init("vscode", "--undo", "--yes");
    expect(parse(readFileSync(settings, "utf8"))).toEqual({ [key("defaultProfile")]: "other" });
  });

  test("through a link, with the file's mode", async () => {
    const real = join(place.home, ".config", "dotfiles.json");
    writeFileSync(real, "{}\n");
    chmodSync(real, 0o600);
    symlinkSync(real, settings);
    await init("vscode", "--yes");
    expect(lstatSync(settings).isSymbolicLink()).toBe(true);
    expect([parse(readFileSync(real, "utf8"))[key("defaultProfile")], statSync(real).mode & 0o777]).toEqual([
      "holdpoint bash",
      0o600,
    ]);
    expect(readdirSync(user)).toEqual(["settings.json"]);
  });

  test.each([
    ["broken", '{\n  "a": 1,\n  "b"\n}\n', /settings\.json: line 4: .*; mend it, then run this again/],
    ["a list", "[]", /settings\.json: is no object of settings/],
  ])("%s: left alone", async (_, text, expected) => {
    writeFileSync(settings, text);
    const seen = await init("vscode", "--yes");
    expect(seen).toMatchObject({ status: 1, stderr: expect.stringMatching(expected) });
    expect(readFileSync(settings, "utf8")).toBe(text);
  });

  test("nobody to ask: the diff, nothing written, status 2", async () => {
    writeFileSync(settings, '{\n  "a": 1,\n  "b": 2\n}\n');
    const seen = await init("vscode");
    expect(seen).toMatchObject({ status: 2, stderr: expect.stringContaining("--yes") });
    expect(seen.stdout).toMatch(
      /^\S+settings\.json\n@ line 1\n {2}\{\n {4}"a": 1,\n- {3}"b": 2\n\+ {3}"b": 2,\n/,
    );
    expect(readFileSync(settings, "utf8")).toBe('{\n  "a": 1,\n  "b": 2\n}\n');
    expect(existsSync(shells)).toBe(false);
  });

  test.each([
    ["y", 0, true],
    ["", 1, false],
    ["n", 1, false],
    ["\u0003", 1, false],
  ])("a person answers %j", async (answer, status, isSet) => {
    writeFileSync(settings, "{}\n");
    const screen = openTerminal(place, process.execPath, [cli, "init", "vscode"]);
    await screen.see("Write this? [y/N]");
    screen.press(answer === "\u0003" ? answer : `${answer}\r`);
    expect(await screen.exited).toBe(status);
    expect(readFileSync(settings, "utf8") !== "{}\n").toBe(isSet);
  });

  test("--print writes nothing; --dir names another folder", async () => {
    const printed = await init("vscode", "--print", "--shell", "zsh");
    expect(printed.status).toBe(0);
    expect(parse(printed.stdout)[key("defaultProfile")]).toBe("holdpoint zsh");
    expect([existsSync(settings), existsSync(shells)]).toEqual([false, false]);
    const other = join(place.home, ".config", "Insiders");
    mkdirSync(other);
    expect((await init("vscode", "--yes", "--dir", other)).status).toBe(0);
    expect([existsSync(settings), existsSync(join(other, "settings.json"))]).toEqual([false, true]);
    expect((await init()).stdout).toContain(`set up in ${join(other, "settings.json")}`);
  });
});

describe("tmux", () => {
  test.each([["set -g mouse on\n"], ["set -g mouse on"], [""]])("%j: a block of its own", async (text) => {
    const file = join(place.home, ".tmux.conf");
    if (text !== "") writeFileSync(file, text);
    expect((await init("tmux", "--yes")).status).toBe(0);
    expect(readFileSync(file, "utf8")).toContain(`\nset -g default-shell ${join(shells, "bash")}\n`);
    expect((await init("tmux", "--yes")).stdout).toContain("set already");
    writeFileSync(file, `${readFileSync(file, "utf8")}set -g status off\n`);
    await init("tmux", "--undo", "--yes");
    const rest = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    expect(readFileSync(file, "utf8")).toBe(`${rest}set -g status off\n`);
  });
});

describe("the shells", () => {
  test("stay while something names them", async () => {
    writeFileSync(settings, "{}\n");
    await init("vscode", "--yes");
    const refused = await init("shell", "--undo", "--yes");
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(settings) });
    await init("vscode", "--undo", "--yes");
    expect((await init("shell", "--undo", "--yes")).status).toBe(0);
    expect(existsSync(shells)).toBe(false);
  });

  test("an agent does not set up its own guard: not by a line, nor a program, nor without the variable", async () => {
    writeFileSync(settings, "{}\n");
    const program = join(place.workspace, "program.cjs");
    writeFileSync(
      program,
      `const { HOLDPOINT_SESSION, ...env } = process.env;
for (const each of [process.env, env]) {
  const { status, stderr } = require("node:child_process").spawnSync(process.execPath, process.argv.slice(2), { env: each, encoding: "utf8" });
  console.log(status, stderr.trim());
}
`,
    );
    const words = [cli, "init", "vscode", "--yes"];
    const seen = await place.run({ command: [process.execPath, program, ...words] });
    expect(seen.stdout).toMatch(
      /^(126 holdpoint: denied: a session's own guard is not set up from within.*\n){2}$/,
    );
    const line = await place.run({ command: ["bash", "-c", `holdpoint ${words.slice(1).join(" ")}`] });
    expect(line).toMatchObject({ status: 126, stderr: expect.stringContaining("guard/own-set-up") });
    expect(readFileSync(settings, "utf8")).toBe("{}\n");
  });
});
