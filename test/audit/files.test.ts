import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLines } from "../../src/audit/files.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-files-"));
  path = join(folder, "log.jsonl");
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["nothing", "", []],
  ["whole lines", "a\nb\n", ["a", "b"]],
  ["a last one without its end", "a\nb", ["a", "b"]],
  ["an empty one", "a\n\nb\n", ["a", "", "b"]],
  ["a carriage return is text", "a\r\nb\n", ["a\r", "b"]],
  ["longer than what is read at once", `${"ü".repeat(100_000)}\nb\n`, ["ü".repeat(100_000), "b"]],
])("%s", async (_name, text, lines) => {
  writeFileSync(path, text);
  const found: string[] = [];
  for await (const line of readLines(path, undefined)) found.push(line);
  expect(found).toEqual(lines);
});

test("follows: what comes later, each line once it is whole, also after a half one was cut off", async () => {
  writeFileSync(path, "a\nhal");
  const stop = new AbortController();
  const found: string[] = [];
  const reading = (async () => {
    for await (const line of readLines(path, stop.signal)) found.push(line);
  })();
  await expect.poll(() => found).toEqual(["a"]);
  appendFileSync(path, "f\nta");
  await expect.poll(() => found).toEqual(["a", "half"]);
  truncateSync(path, 7);
  await new Promise((resolve) => setTimeout(resolve, 50));
  appendFileSync(path, "c\n");
  await expect.poll(() => found, { timeout: 5000 }).toEqual(["a", "half", "c"]);
  stop.abort();
  await reading;
});
