import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { expandLine } from "../../src/expand/line.js";
import { isKnown } from "../../src/model/arg.js";
import { envFrom } from "../../src/model/env.js";
import { type FakeFile, fakeWorld } from "../fake-world.js";
import { wordCases } from "./word-cases.js";

const tree: Readonly<Record<string, string>> = {
  "a.txt": "A\n",
  "b.txt": "B\n",
  ".hidden": "h\n",
  "sp ace.txt": "s",
  "[x].txt": "x",
  data: "hello  world\n",
  "sub/c.txt": "c",
  "sub/deep/d.md": "d",
  "top.md": "t",
  "lib.sh": 'FROMLIB=lib\ngreet() { args hello "$1"; }\n',
};

/** The same files on disk and in a fake world, in a folder of their own for every case. */
function plant() {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "expand-")));
  const cwd = join(top, "w");
  const files: Record<string, FakeFile> = { [join(cwd, "link")]: { link: "sub" } };
  for (const [name, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
    files[join(cwd, name)] = { text };
  }
  symlinkSync("sub", join(cwd, "link"));
  mkdirSync(join(top, "home"));
  const env = { HOME: join(top, "home"), PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" };
  const world = fakeWorld({ files, home: env.HOME, workspace: cwd, missing: ["lib.sh"] });
  return { top, cwd, env, world };
}

/** Prints a count and its arguments, each ended by NUL. */
const printer = 'args() { printf \'%s\\0\' "=$#" "$@"; }\n';

describe("words become what bash makes of them", () => {
  test.each(wordCases)("%s", (line, calls) => {
    const { top, cwd, env, world } = plant();
    const mask = (text: string) => text.replaceAll(cwd, "<w>").replaceAll(top, "<t>");
    try {
      const { calls: found, errors } = expandLine(
        {
          text: line,
          shell: "bash",
          args: ["bash"],
          cwd,
          env: envFrom(Object.entries(env)),
          stdin: { kind: "none" },
          via: [],
        },
        world,
      );
      const words = found
        .filter((call) => call.tool === "args" && call.redirects.length === 0)
        .map((call) => call.argv.slice(1));
      expect({
        words: words.map((argv) => argv.map((arg) => (isKnown(arg) ? mask(arg) : `⁇${arg.source}`))),
        errors,
      }).toEqual({
        words: calls,
        errors: [],
      });
      if (!words.flat().every(isKnown)) return;
      const argv = ["--noprofile", "--norc", "-c", printer + line, "bash"];
      const bash = spawnSync("/bin/bash", argv, { cwd, env, input: "", encoding: "utf8", timeout: 20_000 });
      const printed = bash.stdout.split("\0").slice(0, -1).map(mask);
      expect(printed).toEqual(calls.flatMap((call) => [`=${call.length}`, ...call]));
    } finally {
      rmSync(top, { recursive: true });
    }
  });
});
