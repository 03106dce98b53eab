import fc from "fast-check";
import { expect, test } from "vitest";
import { globMatcher } from "../../src/model/glob.js";
import { planSandbox } from "../../src/sandbox/plan.js";
import type { FakeFile } from "../fake-world.js";
import { inputOf, seen, workspace } from "./inputs.js";

// What holds of any tree and any manifests: each file is seen as the strictest manifest says.

const names = ["a", "b", ".env", "src", "x.ts", "holdpoint.yaml"];
const path = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("/"));
const tree = fc.array(path, { minLength: 1, maxLength: 14 });
const globs = [
  ...[
    "**",
    "*",
    "a/**",
    "a",
    "b/*",
    "src/**",
    "a/b/**",
    "**/.env",
    "**/src/**",
    "*/src",
    "**/*.ts",
    "src/*.ts",
  ],
  ...["**/a/b", "x.ts", "a/*/b/**", ".env", "../other/**"],
];
const glob = fc.constantFrom(...globs);
const manifest = fc.record({
  never: fc.array(
    glob.filter((one) => one !== "**" && one !== "*"),
    { maxLength: 3 },
  ),
  write: fc.option(fc.array(glob, { maxLength: 3 }), { nil: undefined }),
  isTrusted: fc.boolean(),
});
const other = "/home/me/other";

function absolute(one: string): string {
  return one.startsWith("../") ? `/home/me/${one.slice(3)}` : `${workspace}/${one}`;
}

/** Whether a glob names this file, or a folder around it. */
function isNamed(one: string, file: string): boolean {
  return globMatcher([absolute(one), `${absolute(one)}/**`])(file);
}

/** Files alone, none of which is a folder of another. */
function filesOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].filter((one) => !paths.some((two) => two.startsWith(`${one}/`)));
}

test("never is hidden, what all let be written is writable unless held, all else is read-only", () => {
  fc.assert(
    fc.property(tree, fc.array(manifest, { maxLength: 3 }), (paths, manifests) => {
      const files = filesOf(paths).map((one) => `${workspace}/${one}`);
      const input = inputOf({
        files: Object.fromEntries(
          [...files, `${other}/x`].map((one): [string, FakeFile] => [one, { text: "x" }]),
        ),
        manifests: manifests.map(({ never, write, isTrusted }, at) => ({
          file: `${workspace}${at === 0 ? "" : `/${"a/".repeat(at - 1)}src`}/holdpoint.yaml`,
          isTrusted,
          files: { read: undefined, never: never.map(absolute), write: write?.map(absolute) },
        })),
      });
      const plan = planSandbox(input);
      if ("refused" in plan) throw new Error(plan.refused);
      const speaking = manifests.filter(({ write }) => write !== undefined);
      const expected = (file: string): string => {
        if (manifests.some(({ never }) => never.some((one) => isNamed(one, file)))) return "hidden";
        if (input.manifests.some((one) => `${file}/`.startsWith(`${one.file}/`))) return "read";
        const all = speaking.every(({ write = [] }) => write.some((one) => isNamed(one, file)));
        const isOpened =
          file.startsWith(`${workspace}/`) ||
          speaking.some(({ write = [], isTrusted }) => isTrusted && write.some((one) => isNamed(one, file)));
        return all && isOpened ? "write" : "read";
      };
      const words: Readonly<Record<string, string>> = {
        root: "read",
        read: "read",
        write: "write",
        "empty-file": "hidden",
        "empty-folder": "hidden",
      };
      for (const file of [...files, `${other}/x`]) {
        const as = seen(plan, file);
        expect([file, words[as] ?? as]).toEqual([file, expected(file)]);
      }
      const order = plan.mounts.map((mount) => mount.path);
      expect(new Set(order).size).toBe(order.length);
      order.forEach((one, at) => {
        expect(order.slice(at + 1).filter((later) => one.startsWith(`${later}/`))).toEqual([]);
      });
    }),
    { numRuns: 1000 },
  );
});
