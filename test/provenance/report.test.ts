import { expect, test } from "vitest";
import { readReport } from "../../src/provenance/report.js";

const found = { line: 3, key: "RAILWAY_TOKEN", kind: "railway", fingerprints: ["0123456789ab"] };
const file = { file: "/w/.env", size: 10, modified: 1, changed: 2, lengths: [36], found: [found] };

test("what a look tells is read", () => {
  expect(readReport(JSON.stringify(file))).toEqual({ kind: "file", file });
  expect(readReport('{"done":true,"complete":false}')).toEqual({ kind: "done", complete: false });
});

test.each([
  ["no JSON", "}{"],
  ["nothing", "null"],
  ["a relative path", JSON.stringify({ ...file, file: "w/.env" })],
  ["a path with a NUL", JSON.stringify({ ...file, file: "/w/\0" })],
  [
    "a value for a fingerprint",
    JSON.stringify({ ...file, found: [{ ...found, fingerprints: ["ghp_1234567890"] }] }),
  ],
  ["no fingerprint", JSON.stringify({ ...file, found: [{ ...found, fingerprints: [] }] })],
  ["a key that is no name", JSON.stringify({ ...file, found: [{ ...found, key: "https://u:p@h" }] })],
  ["a kind that nobody knows", JSON.stringify({ ...file, found: [{ ...found, kind: "thing" }] })],
  ["no lengths", JSON.stringify({ ...file, lengths: undefined })],
  ["a time that is none", JSON.stringify({ ...file, modified: null })],
  ["thousands of one file", JSON.stringify({ ...file, found: Array(201).fill(found) })],
  ["a line without end", JSON.stringify({ ...file, more: "x".repeat(300_000) })],
])("%s is not", (_, line) => {
  expect(readReport(line)).toBeUndefined();
});
