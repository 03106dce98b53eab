import { expect, test } from "vitest";
import { parseManifest } from "../../src/scope/manifest.js";
import { sessionWords } from "../../src/scope/session-words.js";

test.each([
  ["purpose: fix the login", ["fix the login (holdpoint.yaml)"]],
  [
    "purpose: x\nenvironments: {staging: {allow: [modify], hosts: [a]}, production: {allow: [read], hosts: [b]}}",
    ["x; acts in staging; not in production (holdpoint.yaml)"],
  ],
  ["environments: {production: {allow: [], hosts: [b]}}", ["not in production (holdpoint.yaml)"]],
  ["files: {never: [secret]}", []],
])("%s", (text, words) => {
  const parsed = parseManifest(`version: 1\n${text}\n`, "/w/holdpoint.yaml", {
    home: "/home/dev",
    realpath: (path) => path,
  });
  expect(parsed.ok && sessionWords([parsed.manifest])).toEqual(words);
});
