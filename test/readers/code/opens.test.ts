import { expect, test } from "vitest";
import type { CodeLibrary } from "../../../src/readers/code/cursor.js";
import { readCodeMode } from "../../../src/readers/code/modes.js";
import { openingOf, writingOf } from "../../../src/readers/code/opens.js";
import { readCalls } from "../../../src/readers/code/parser.js";
import type { LanguageName } from "../../../src/readers/code/syntax.js";
import { type CodeCall, hiddenValue } from "../../../src/readers/code/values.js";

const library: CodeLibrary = { value: () => undefined, call: () => undefined };

function callOf(language: LanguageName, text: string): CodeCall {
  const call = readCalls(text, language, library).at(-1);
  if (call === undefined) throw new Error(`no call in ${text}`);
  return call;
}

test.each<[LanguageName, string, string | undefined]>([
  ["python", "open('w')", "anew"],
  ["python", "open('xb')", "anew"],
  ["python", "open('rb')", undefined],
  ["python", "open('a+')", "kept"],
  ["python", "open('r+b')", "kept"],
  ["python", "open(os.O_RDWR | os.O_CREAT | os.O_TRUNC)", "anew"],
  ["python", "open(os.O_WRONLY | os.O_CREAT)", "kept"],
  ["python", "open(os.O_RDONLY)", undefined],
  ["python", "open(577)", "anew"],
  ["python", "open(0o2001)", "kept"],
  ["python", "open(mode)", undefined],
  ["javascript", "open({ write: true, truncate: true })", "anew"],
  ["javascript", "open({ write: true })", "kept"],
  ["javascript", "open({ read: true })", undefined],
  ["javascript", "open({ flags: 'w+' })", "anew"],
  ["perl", "open('+>')", "anew"],
  ["perl", "open('>>')", "kept"],
  ["perl", "open('<')", undefined],
  ["elixir", "open([:write])", "anew"],
  ["elixir", "open([:read, :write])", "kept"],
  ["elixir", "open([:read])", undefined],
])("a mode in %s: %s", (language, text, opening) => {
  expect(openingOf(callOf(language, text).values[0])).toEqual(opening);
});

test.each<[LanguageName, string, string]>([
  ["javascript", "fs.writeFileSync('f', 'x')", "anew"],
  ["javascript", "fs.writeFileSync('f', 'x', { flag: 'a' })", "kept"],
  ["javascript", "Deno.writeTextFile('f', 'x', { append: true })", "kept"],
  ["php", "file_put_contents('f', 'x', FILE_APPEND | LOCK_EX)", "kept"],
  ["ruby", "File.write('f', 'x', mode: 'a')", "kept"],
  ["elixir", "File.write('f', 'x', [:append])", "kept"],
])("a write in %s: %s", (language, text, opening) => {
  expect(writingOf(callOf(language, text))).toEqual(opening);
});

test.each<[LanguageName, string, string]>([
  ["python", "f(0o755)", "755"],
  ["ruby", "f(0644)", "0644"],
  ["python", "f(493)", "755"],
  ["python", "f(511)", "777"],
  ["javascript", "f(0x1ff)", "777"],
  ["javascript", "f('600')", "600"],
  ["ruby", "f('u+x')", "u+x"],
  ["python", "f(stat.S_IRWXU | stat.S_IRWXG)", "770"],
  ["python", "f(st.st_mode | stat.S_IXUSR)", "+100"],
])("a mode for chmod in %s: %s", (language, text, mode) => {
  expect(readCodeMode(callOf(language, text).values[0] ?? hiddenValue(""))).toEqual(mode);
});
