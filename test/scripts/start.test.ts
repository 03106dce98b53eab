import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { execute, makePlace, type Outcome, type Place, root } from "./session.js";

// What V8 compiled is kept beside the program: whatever lies there, the program does what it does without it.

let place: Place;
let copy: string;
let compiled: string;

beforeAll(async () => {
  place = await makePlace();
});

afterAll(() => place.remove());

beforeEach(() => {
  copy = join(place.base, "package");
  compiled = join(copy, "dist", "compiled");
  mkdirSync(copy);
  for (const name of ["bin", "dist", "shims", "package.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  rmSync(compiled, { recursive: true, force: true });
  writeFileSync(join(place.outside, "precious"), "");
});

afterEach(() => rmSync(copy, { recursive: true, force: true }));

function start(...args: string[]): Promise<Outcome> {
  return execute(process.execPath, [join(copy, "bin", "holdpoint.js"), ...args], {
    ...{ cwd: place.workspace, env: place.env, limit: 120_000 },
  });
}

const line = "rm -rf ../outside";
const held = expect.objectContaining({ status: 3, stdout: expect.stringContaining("would ask") });

test("the first start keeps it, the next ones take it as it is", async () => {
  expect(await start("explain", line)).toEqual(held);
  const names = readdirSync(compiled);
  expect(names.map((name) => name.split(".")[0]).toSorted()).toEqual(["cli", "judge"]);
  const before = names.map((name) => statSync(join(compiled, name)).mtimeMs);
  expect(await start("explain", line)).toEqual(held);
  expect(readdirSync(compiled).map((name) => statSync(join(compiled, name)).mtimeMs)).toEqual(before);
});

test("a session's start takes its own as it is, whatever its judge sets later", async () => {
  const session = () => start("run", "-q", "--mode", "deny", "--", "sh", "-c", "rm -f none");
  const done = { status: 0, stdout: "", stderr: "" };
  const kept = () =>
    readdirSync(compiled).map((name) => [
      name.split(".")[0],
      readFileSync(join(compiled, name)).toString("hex"),
    ]);
  expect(await session()).toEqual(done);
  const before = kept();
  expect(before.map(([part]) => part).toSorted()).toEqual(["cli", "run", "session"]);
  expect(await session()).toEqual(done);
  expect(kept()).toEqual(before);
});

const damage: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ["empty", () => Buffer.alloc(0)],
  ["cut", (bytes) => bytes.subarray(0, bytes.length / 2)],
  ["of another program", () => Buffer.from("not compiled by anybody")],
  ["of another version of V8", (bytes) => changed(bytes, 4)],
  ["of other flags", (bytes) => changed(bytes, 12)],
];

test.each(damage)("%s: it is compiled anew, and kept", async (_, spoil) => {
  await start("explain", line);
  for (const name of readdirSync(compiled)) {
    const path = join(compiled, name);
    writeFileSync(path, spoil(readFileSync(path)));
  }
  const spoiled = readdirSync(compiled).map((name) => readFileSync(join(compiled, name)));
  expect(await start("explain", line)).toEqual(held);
  const mended = readdirSync(compiled).map((name) => readFileSync(join(compiled, name)));
  expect(mended.map((bytes, at) => spoiled[at]?.equals(bytes))).toEqual([false, false]);
});

test("where nothing can be kept, it starts all the same", async () => {
  writeFileSync(compiled, "a file in the folder's place");
  expect(await start("explain", line)).toEqual(held);
  expect(await start("run", "-q", "--mode", "deny", "--", "sh", "-c", "exit 7")).toMatchObject({ status: 7 });
});

test("whoever starts it with new flags each time fills no disk", async () => {
  mkdirSync(compiled);
  for (let at = 0; at < 40; at++) writeFileSync(join(compiled, `other-${at}`), "");
  expect(await start("explain", line)).toEqual(held);
  expect(readdirSync(compiled)).toHaveLength(40);
});

test("what judges a session's calls is as it was before its command began", async () => {
  const attack = join(place.base, "attack");
  // By its path, so that nothing sees it; the broker is stopped meanwhile, for it goes on reading a moment after the start.
  writeFileSync(
    attack,
    `#!/bin/sh
kill -STOP $PPID
cd ${join(copy, "dist")}
for part in parts/* compiled/*; do echo 'process.exit(0)' > "$part"; done
echo '[]' > rules.json
kill -CONT $PPID
rm -rf ${place.outside}
`,
    { mode: 0o755 },
  );
  const outcome = await start("run", "-q", "--mode", "deny", "--", attack);
  expect(outcome).toMatchObject({ status: 126, stderr: expect.stringContaining("holdpoint: denied") });
  expect(existsSync(join(place.outside, "precious"))).toBe(true);
});

test("files of the program that are linked elsewhere meanwhile judge as before", async () => {
  await start("run", "-q", "--mode", "deny", "--", "sh", "-c", "rm -f none");
  const attack = join(place.base, "linker");
  // As a package manager does it, which changes their times. By its path: the shim would ask the broker, which is stopped meanwhile.
  writeFileSync(
    attack,
    `#!/bin/sh
kill -STOP $PPID
cd ${join(copy, "dist")}
for part in parts/* compiled/*; do /bin/ln "$part" "$part.link"; done
kill -CONT $PPID
rm -rf ${place.outside}
`,
    { mode: 0o755 },
  );
  const outcome = await start("run", "-q", "--mode", "deny", "--", attack);
  expect(outcome).toMatchObject({ status: 126, stderr: expect.stringContaining("outside the workspace") });
  expect(existsSync(join(place.outside, "precious"))).toBe(true);
});

/** The words of the header: https://github.com/v8/v8/blob/main/src/snapshot/code-serializer.h */
function changed(bytes: Buffer, at: number): Buffer {
  const copied = Buffer.from(bytes);
  copied.writeUInt32LE(copied.readUInt32LE(at) ^ 1, at);
  return copied;
}
