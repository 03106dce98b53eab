import { expect, test } from "vitest";
import { interpretersReader } from "../../../src/readers/code/interpreters.js";
import { apiTable } from "../../../src/readers/http/api-table.js";
import type { Reader } from "../../../src/readers/reader.js";
import { runners } from "../../../src/readers/shell/runners.js";
import { fakeCall, fakeWorld } from "../fake-world.js";

const world = fakeWorld({
  files: {
    "/w/package.json": JSON.stringify({
      scripts: {
        clean: "rm -rf dist",
        prebuild: "npm run clean",
        build: "tsc",
        postbuild: "echo done",
        test: "vitest",
        loop: "npm run loop",
      },
    }),
    "/w/sub/a.js": "",
    "/w/other/package.json": JSON.stringify({ scripts: { clean: "rm -rf out" } }),
    "/w/deno.json": JSON.stringify({ tasks: { wipe: "rm -rf cache" } }),
  },
});

/** A command → the lines of the scripts that it runs, each with its folder. */
const table: readonly (readonly [line: string, lines: readonly string[]])[] = [
  ["npm run clean", ["/w: rm -rf dist"]],
  ["npm run -s clean", ["/w: rm -rf dist"]],
  ["npm run build", ["/w: npm run clean", "/w: tsc", "/w: echo done"]],
  ["npm test", ["/w: vitest"]],
  ["npm t", ["/w: vitest"]],
  ["npm run clean -- notes", ['/w: rm -rf dist "$@" (notes)']],
  ["npm --prefix other run clean", ["/w/other: rm -rf out"]],
  ["npm run clean -w packages/a", []],
  ["npm run missing", []],
  ["npm install", []],
  ["yarn clean", ["/w: rm -rf dist"]],
  ["yarn run clean", ["/w: rm -rf dist"]],
  ["yarn add clean", []],
  ["pnpm clean", ["/w: rm -rf dist"]],
  ["pnpm -C other run clean", ["/w/other: rm -rf out"]],
  ["bun run clean", ["/w: rm -rf dist"]],
  ["node --run clean", ["/w: rm -rf dist"]],
  ["deno task wipe", ["/w: rm -rf cache"]],
];

const readers: readonly Reader[] = [...runners, ...interpretersReader(apiTable(() => []))];

test.each(table)("%s", (line, lines) => {
  const call = fakeCall(line);
  const reader = readers.find(({ names }) => names.includes(String(call.tool)));
  const inner = reader?.read(call, world).inner ?? [];
  const shown = inner.flatMap((one) => {
    if (one.kind !== "line") return [];
    const words = (one.args ?? []).slice(1).map(String);
    return [`${String(one.cwd)}: ${one.text}${words.length === 0 ? "" : ` (${words.join(" ")})`}`];
  });
  expect(shown).toEqual(lines);
});

test("from a folder below, and not in circles", () => {
  const [npm] = runners.filter(({ names }) => names.includes("npm"));
  const below = npm?.read(fakeCall("npm run clean", { cwd: "/w/sub" }), world).inner.map((one) => one.cwd);
  const again = npm?.read(fakeCall("npm run loop", { via: ["npm run loop"] }), world).inner;
  expect({ below, again }).toEqual({ below: ["/w"], again: [] });
});
