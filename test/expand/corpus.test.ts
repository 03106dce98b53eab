import { readFileSync } from "node:fs";
import parsePosix from "bash-parser";
import { expect, test } from "vitest";
import { expandLine } from "../../src/expand/line.js";
import { showArg } from "../../src/model/arg.js";
import { envFrom } from "../../src/model/env.js";
import { fakeWorld } from "../fake-world.js";

const lines = readFileSync(new URL("nl2bash.txt", import.meta.url), "utf8")
  .split("\n")
  .filter(Boolean);
const world = fakeWorld();
const env = envFrom([
  ["HOME", "/home/me"],
  ["PATH", "/shims:/usr/bin"],
]);

function expand(text: string) {
  return expandLine(
    { text, shell: "bash", args: ["bash"], cwd: "/w", env, stdin: { kind: "none" }, via: [] },
    world,
  );
}

test("every line that people wrote is expanded, and nearly all without an error", () => {
  const failed = lines.filter((line) => expand(line).errors.length > 0);
  expect(lines.length).toBe(12_607);
  expect(failed.length).toBeLessThan(80);
});

/** Where the other parser is known to see something else. */
const differences: readonly { readonly why: string; readonly fits: RegExp }[] = [
  { why: "`time` is a keyword of bash, not a command", fits: /(^|[({&] ?)time / },
  { why: "`[[` is a keyword of bash, not a command", fits: /\[\[/ },
  { why: "`x+=` is an assignment of bash, not a command", fits: /^\w+\+=/ },
  { why: "a command named by an expansion is shown as what it expands to", fits: /(^|[|(] *)["`]?[$`]/ },
  { why: "a backslash at the end, or before n, is read differently", fits: /\\$|\\\\n/ },
  { why: "the commands in a prompt run when it is shown", fits: /\bPS[0-4]=/ },
  { why: "it overlooks the second command of a pipeline in quotes with `\\(`", fits: /\\\( .*\| cpio/ },
];

test("both parsers find the same commands", { timeout: 120_000 }, () => {
  // Every third line: the other parser takes most of a millisecond for each.
  const unexplained = lines
    .filter((_, at) => at % 3 === 0)
    .flatMap((line) => {
      const theirs = findNames(line);
      if (theirs === undefined || differences.some(({ fits }) => fits.test(line))) return [];
      const calls = expand(line).calls.filter((call) => call.tool !== "");
      const ours = [...new Set(calls.map((call) => showArg(call.tool)))].sort();
      return ours.join("\n") === theirs.join("\n") ? [] : [{ line, ours, theirs }];
    });
  expect(unexplained).toEqual([]);
});

function findNames(line: string): readonly string[] | undefined {
  const names = new Set<string>();
  try {
    gather(parsePosix(line), names);
  } catch {
    return undefined;
  }
  return [...names].sort();
}

function gather(node: unknown, names: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  const name = "name" in node ? node.name : undefined;
  if ("type" in node && node.type === "Command" && hasText(name)) names.add(name.text.replace(/^.*\//, ""));
  for (const child of Object.values(node)) gather(child, names);
}

function hasText(value: unknown): value is { readonly text: string } {
  return typeof value === "object" && value !== null && "text" in value && typeof value.text === "string";
}
