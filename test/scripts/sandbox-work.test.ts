import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openInternet } from "../net/internet.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";
import { type Starter, starters } from "./starters.js";

// What people do all day, in a session with --sandbox: it works as it does without, and nothing is asked.

const files: Readonly<Record<string, string>> = {
  "drive.cjs": `
const { spawnSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");
const failed = [];
for (const [cwd, ...words] of JSON.parse(readFileSync("calls.json", "utf8"))) {
  const { status, error, stdout, stderr } = spawnSync(words[0], words.slice(1), { cwd, encoding: "utf8" });
  if (status !== 0) failed.push([words.join(" "), status, String(error ?? ""), stdout + stderr]);
}
writeFileSync("failed.json", JSON.stringify(failed));
`,
  "left/package.json": `{ "name": "left", "version": "1.0.0", "main": "left.js", "bin": { "curl": "left.js" } }`,
  "left/left.js": `#!/usr/bin/env node\nmodule.exports = (text) => text.padStart(5);\n`,
  "app/package.json": `{ "name": "app", "version": "1.0.0", "scripts": { "test": "node test.js" }, "dependencies": { "left": "file:../left-1.0.0.tgz" } }`,
  "app/test.js": `
const server = require("node:http").createServer((_, answer) => answer.end(require("left")("abc")));
server.listen(0, "127.0.0.1", async () => {
  const text = await (await fetch("http://127.0.0.1:" + server.address().port)).text();
  server.close();
  process.exitCode = text === "  abc" ? 0 : 1;
});
`,
  "c/main.c": `int one(void); int two(void);\nint main(void) { return one() + two() - 3; }\n`,
  "c/one.c": `int one(void) { return 1; }\n`,
  "c/two.c": `int two(void) { return 2; }\n`,
  // As autoconf writes them: shells tried by their paths, what they are given comes by a pipe or is put together first.
  "c/configure": `#!/bin/sh
unset BASH_ENV ENV
as_required='as_fn () { (exit $1); }; exitcode=0; as_fn 0 || exitcode=1'
for as_shell in /bin/sh /bin/bash; do
  if { printf '%s\\n' "$as_required" 'test x$exitcode = x0' | $as_shell; }; then CONFIG_SHELL=$as_shell; fi
done
test -n "$CONFIG_SHELL" || exit 1
ac_try='echo "$CC" >conftest.log'
for CC in gcc; do eval "$ac_try" && eval "ac_cv_$CC=\\$CC"; done
test "$ac_cv_gcc" = gcc || exit 1
sed "s/@CC@/$ac_cv_gcc/" Makefile.in >Makefile
rm -f conftest.log
`,
  "c/Makefile.in": `build/main: build/main.o build/one.o build/two.o
	@CC@ -o $@ $^
build/%.o: %.c
	mkdir -p build; for each in $<; do eval "@CC@ -c -o $@ $$each"; done
check: build/main
	./build/main
clean:
	rm -rf build
`,
  // A wheel is an archive.
  "wheel.py": `
from zipfile import ZipFile
with ZipFile("small-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("small.py", "word = 1\\n")
    wheel.writestr("small-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1.0\\n")
    wheel.writestr("small-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("small-1.0.dist-info/RECORD", "")
`,
  "notes/one": "kept\n",
};

/** In order; the folder first. */
const work: readonly (readonly string[])[] = [
  ["app", "npm", "ci", "--offline", "--no-audit"],
  ["app", "npm", "test"],
  ["app", "rm", "-rf", "node_modules"],
  ["c", "./configure"],
  ["c", "make", "-j4"],
  ["c", "make", "check", "clean"],
  [".", "git", "add", "c", "app"],
  [".", "git", "commit", "-qm", "work"],
  [".", "git", "checkout", "-q", "-b", "feature"],
  [".", "sh", "-c", "echo more >> tracked.txt && git stash -q && git stash pop -q && git commit -qam more"],
  [".", "git", "worktree", "add", "-q", "tree", "-b", "other"],
  ["tree", "git", "commit", "-q", "--allow-empty", "-m", "there"],
  [".", "git", "worktree", "remove", "tree"],
  [".", "git", "gc", "-q"],
  // Scripts of the system's, full of eval.
  [".", "zgrep", "-q", "word", "text.gz"],
  [".", "sh", "-c", `ldd ${process.execPath} > /dev/shm/ldd.txt`],
  // Of the folder on PATH that the build writes.
  [".", "rm", "node_modules/.bin/curl"],
  [".", "sh", "-c", "cp left/left.js node_modules/.bin/curl && mktemp && echo x > /dev/shm/x"],
  [".", "python3", "-c", "from multiprocessing import Pool; print(Pool(2).map(abs, [-1]))"],
  [".", "rm", "-rf", "notes"],
];

describe.each(starters())(`as $name`, (starter) => {
  const { why, before } = starter;
  if (why !== undefined) console.warn(`no sandbox for ${starter.name} here: ${why}`);
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(starter);
  });
  afterEach(() => {
    writeFileSync(join(place.workspace, "calls.json"), "[]");
  });
  afterAll(() => place.remove());

  const holdpoint = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> => {
    const [program = "", ...words] = [...before, process.execPath, cli, ...args];
    return execute(program, words, { cwd: place.workspace, env: { ...place.env, ...env }, limit: 240_000 });
  };

  async function failures(calls: typeof work, flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
    writeFileSync(join(place.workspace, "calls.json"), JSON.stringify(calls));
    const words = ["--sandbox", "--mode", "deny", ...flags, "--", "node", "drive.cjs"];
    const { status, stderr } = await holdpoint(words, {
      PATH: `${place.workspace}/node_modules/.bin:${place.env["PATH"]}`,
      ...env,
    });
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.not.stringContaining("denied") });
    return JSON.parse(readFileSync(join(place.workspace, "failed.json"), "utf8"));
  }

  test.skipIf(why !== undefined).each([[[]], [["--net"]]])(
    "builds, tests, git and scripts work %s",
    async (flags) => {
      expect(await failures(work, flags)).toEqual([]);
      expect(existsSync(join(place.workspace, "notes"))).toBe(false);
      const [, id = ""] = /^(\w{6}) .*rm -rf notes/m.exec((await holdpoint(["undo", "--list"])).stdout) ?? [];
      expect((await holdpoint(["undo", id])).status).toBe(0);
      expect(readFileSync(join(place.workspace, "notes", "one"), "utf8")).toBe("kept\n");
      const own = ["-c", `safe.directory=${place.workspace}`];
      expect((await place.git(...own, "checkout", "-q", "--detach")).status).toBe(0);
      expect((await place.git(...own, "reset", "-q", "first")).status).toBe(0);
      rmSync(join(place.workspace, "c", "Makefile"));
      expect((await place.git(...own, "branch", "-D", "feature", "other")).status).toBe(0);
    },
    250_000,
  );

  test.skipIf(why !== undefined || lacks("python3", "-c", "import ensurepip, venv"))(
    "a virtual environment, and what pip installs into it",
    async () => {
      const pip = ["install", "-q", "--no-index", "./small-1.0-py3-none-any.whl"];
      expect(
        await failures(
          [
            [".", "python3", "wheel.py"],
            [".", "python3", "-m", "venv", "venv"],
            [".", "venv/bin/python", "-m", "pip", ...pip],
            [".", "venv/bin/python", "-c", "import small"],
          ],
          [],
        ),
      ).toEqual([]);
    },
    250_000,
  );

  test.skipIf(why !== undefined)("npm, whose roots stand in an npmrc, takes the session's", async () => {
    const internet = await openInternet();
    const { SSL_CERT_FILE: _, ...env } = internet.env;
    const roots = join(place.home, "roots.pem");
    writeFileSync(roots, readFileSync(internet.certificate));
    writeFileSync(join(place.home, ".npmrc"), `cafile = ${roots}\nfetch-retries = 0\n`);
    try {
      const ping = [".", "npm", "ping", "--registry", "https://api.example.com/"];
      expect(await failures([ping], ["--net"], env)).toEqual([]);
      expect(internet.reached.map(({ url }) => url)).toContain("/-/ping");
    } finally {
      await internet.close();
      rmSync(join(place.home, ".npmrc"));
    }
  });

  test.skipIf(why !== undefined)("holdpoint itself inside, and what says that it is a sandbox", async () => {
    const inner = (...words: readonly string[]) => [".", process.execPath, cli, ...words];
    const calls = [
      inner("status"),
      inner("log", "verify"),
      inner("undo", "--list"),
      inner("doctor"),
      inner("--sandbox", "--", "true"),
      [".", "sh", "-c", 'test "$HOLDPOINT_SANDBOX" = 1'],
    ];
    expect(await failures(calls, [])).toEqual([]);
    const { stderr } = await holdpoint(["--sandbox", "--mode", "deny", "--", "true"]);
    expect(stderr).toMatch(/^holdpoint: session \w+, mode deny, sandbox, log /m);
  });
});

function lacks(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status !== 0;
}

/** A place that belongs to whoever starts the sessions. */
async function openPlace({ uid }: Starter): Promise<Place> {
  const place = await makePlace({ keepsTrash: true });
  const { workspace, home, base, env } = place;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text, { mode: path === "c/configure" ? 0o755 : 0o644 });
  }
  writeFileSync(join(workspace, "text.gz"), gzipSync("word\n"));
  mkdirSync(join(workspace, "node_modules", ".bin"), { recursive: true });
  writeFileSync(join(workspace, "node_modules", ".bin", "curl"), "#!/bin/sh\n", { mode: 0o755 });
  const npm = (folder: string, ...args: readonly string[]) =>
    execute("npm", args, { cwd: join(workspace, folder), env, limit: 120_000 });
  expect((await npm(".", "pack", "./left")).status).toBe(0);
  expect((await npm("app", "install", "--package-lock-only", "--offline")).status).toBe(0);
  await place.git("tag", "first");
  if (uid !== undefined) spawnSync("chown", ["-R", `${uid}:${uid}`, base, home]);
  return place;
}
