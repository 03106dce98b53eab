import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JudgedTexts } from "../../src/broker/judged-texts.js";

const hook = readFileSync(new URL("../../shims/rc/bashenv.sh", import.meta.url), "utf8");
const body = /^__hp_was_judged\(\) \{\n[\s\S]*?\n\}\n/m.exec(hook)?.[0] ?? "";

let folder: string;
let texts: JudgedTexts;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-texts-"));
  execFileSync("mkdir", [join(folder, "rc")]);
  texts = new JudgedTexts(join(folder, "rc"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the hook's own function says in a real bash: 0 it was judged, 1 ask. */
function look(token: string, text: string, options: readonly string[] = []): number | null {
  const script = `__hp_dir=$1 HOLDPOINT_LINE=$2 BASH_EXECUTION_STRING=$3\n${body}__hp_was_judged`;
  const args = ["--norc", ...options, "-c", script, "bash", folder, token, text];
  return spawnSync("bash", args, { env: { PATH: process.env["PATH"], HOME: folder } }).status;
}

const long = "x".repeat(8192);

test.each(["true", "", "a\nb\n", "é \t'\"\\", "  spaces  ", "\udcff raw", long.slice(1)])(
  "%j is found once",
  (text) => {
    expect(texts.put("0abc", text)).toBe(true);
    expect([look("0abc", text), look("0abc", text)]).toEqual([text.includes("\udcff") ? 1 : 0, 1]);
  },
);

test("a shorter text after a longer one in the same place", () => {
  texts.put("0first", "echo something long");
  texts.put("0second", "true");
  expect([look("0first", "echo something long"), look("0second", "true")]).toEqual([1, 1]);
  texts.put("0third", "true");
  expect(look("0third", "true")).toBe(0);
});

test.each([
  ["another text", "0abc", "echo no", []],
  ["the same in other letters", "0abc", "ECHO yes", ["-O", "nocasematch"]],
  ["the same, where letters are all one", "0abc", "echo yes", ["-O", "nocasematch"]],
  ["a pattern", "0abc", "*", []],
  ["another token", "0abd", "echo yes", []],
  ["a token of a shell's own", "stdin.1.2.3", "echo yes", []],
  ["a path for a token", "/../0abc", "echo yes", []],
  ["no token", "", "echo yes", []],
] as const)("%s is asked about", (_, token, text, options) => {
  texts.put("0abc", "echo yes");
  expect(look(token, text, options)).toBe(1);
});

test("what is too long to be compared each time is asked about", () => {
  expect([texts.put("0abc", `${long}x`), look("0abc", `${long}x`)]).toEqual([false, 1]);
});

test("nothing is left where the folder is gone", () => {
  rmSync(folder, { recursive: true, force: true });
  expect(texts.put("0abc", "true")).toBe(false);
});
