import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withoutOtherSessions } from "../scripts/apart.js";
import { openTerminal, type PersonScreen } from "../scripts/screen.js";
import { cli, execute, makePlace, type Outcome, type Place } from "../scripts/session.js";

// The built program, with a person at a real terminal, and without one.

let place: Place;
let screen: PersonScreen | undefined;

beforeAll(async () => {
  const made = await makePlace({ keepsTrash: true });
  const own = join(made.base, "run");
  mkdirSync(own);
  place = { ...made, env: { ...made.env, TMPDIR: own, XDG_RUNTIME_DIR: own } };
});
beforeEach(async () => {
  rmSync(join(place.home, ".local", "state", "holdpoint", "trash"), { recursive: true, force: true });
  for (const name of ["one", "two"]) writeFileSync(at(name), name);
  await place.run({ command: ["bash", "-c", "rm one; rm two"], env: place.env });
});
afterEach(() => screen?.kill());
afterAll(() => place.remove());

const at = (name: string): string => join(place.workspace, name);
const read = (name: string): string => readFileSync(at(name), "utf8");
// A session of somebody else's on this machine would be asked who this is, and refuses whoever has no terminal.
const [program = "", ...words] = [...withoutOtherSessions(), process.execPath, cli, "undo"];
const alone = (...args: readonly string[]): Promise<Outcome> =>
  execute(program, [...words, ...args], { cwd: place.workspace, env: place.env });
const ids = async (): Promise<readonly string[]> =>
  JSON.parse((await alone("--list", "--json")).stdout).kept.map(({ id }: { readonly id: string }) => id);

/** A person answers; all that was shown, and the status. */
async function person(answer: string, ...args: readonly string[]): Promise<readonly [string, number]> {
  screen = openTerminal(place, program, [...words, ...args]);
  const over = screen.exited.then(() => true);
  for (let asked = false; !asked; ) {
    asked = screen.raw().includes("[y/N]");
    if (await Promise.race([over, new Promise<false>((done) => setTimeout(() => done(false), 20))])) break;
  }
  screen.press(answer);
  const status = await screen.exited;
  return [screen.raw().replaceAll("\r\n", "\n"), status];
}

test("the list is for people, and for programs", async () => {
  const { kept } = JSON.parse((await alone("--list", "--json")).stdout);
  expect(kept).toMatchObject([
    {
      text: "rm one",
      cwd: place.workspace,
      things: [{ path: at("one"), kind: "file", mode: "0644", bytes: 3, taken: false }],
    },
    { text: "rm two" },
  ]);
  expect(Date.parse(kept[0].expires) - Date.parse(kept[0].time)).toBe(7 * 86_400_000);
  const { stdout } = await alone("--list");
  expect(stdout).toMatch(
    /^[a-z0-9]{6} {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}1 file, 3 B {2}rm one\n {8}\S+\/one\n[\s\S]*6 B in all/,
  );
});

describe("without a name", () => {
  test("a person is shown the newest, and asked", async () => {
    const [shown, status] = await person("y\r");
    expect(shown).toContain(`put back ${at("two")}`);
    expect([status, read("two"), (await ids()).length]).toEqual([0, "two", 1]);
  });

  test("no is no", async () => {
    const [, status] = await person("n\r");
    expect([status, (await ids()).length]).toEqual([1, 2]);
  });

  test("nobody is there to be asked", async () => {
    const { status, stderr } = await alone();
    expect([status, (await ids()).length]).toEqual([2, 2]);
    expect(stderr).toContain(`holdpoint undo ${(await ids())[1]}`);
  });
});

test("several, by the beginning of their names", async () => {
  const [one = "", two = ""] = await ids();
  expect((await alone(one.slice(0, 5), two)).status).toBe(0);
  expect([read("one"), read("two"), await ids()]).toEqual(["one", "two", []]);
});

test("what is in the way stays, and --to goes round it", async () => {
  const [one = ""] = await ids();
  writeFileSync(at("one"), "new");
  expect(await alone(one)).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("--to FOLDER"),
  });
  expect(await alone(one, "--to", "nowhere")).toMatchObject({ status: 2 });
  mkdirSync(at("aside"), { recursive: true });
  expect(await alone(one, "--to", "aside")).toMatchObject({
    status: 0,
    stdout: `put back ${at("aside/one")}\n`,
  });
  expect([read("one"), read("aside/one")]).toEqual(["new", "one"]);
});

test.each([
  [["nosuch"], 'no deletion "nosuch"'],
  [["--purge", "--to", "x"], "cannot be used with"],
])("%j: 2", async (args, message) => {
  expect(await alone(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});

describe("for good", () => {
  test("a person says so", async () => {
    const [shown, status] = await person("y\r", "--purge");
    expect(shown).toContain("Delete 2 files, 6 B for good?");
    expect([status, await ids()]).toEqual([0, []]);
  });

  test("not without a person, but for --yes", async () => {
    const [one = "", two] = await ids();
    expect([(await alone("--purge")).status, await ids()]).toEqual([2, [one, two]]);
    expect([(await alone("--purge", "--yes", one)).status, await ids()]).toEqual([0, [two]]);
  });
});

test("names that are orders to a terminal are shown as what they are, and come back", async () => {
  const names = [
    "\u001b[2J\u001b[1;1Hnothing is in the trash",
    "\u001b]52;c;cm0gLXJmIH4=\u0007",
    "\u001b]8;;x:evil\u001b\\link",
    "fdp.\u202egnihton\u2066",
    "zero\u200bwidth\u2060",
    "two\nabcdef  2026-01-01 00:00  1 file, 3 B  rm etc",
    "back\b\b\b\bspace\rreturn",
    "\u009b31mC1",
  ];
  for (const name of names) writeFileSync(at(name), "dear");
  await place.run({ command: ["bash", "-c", 'for name; do rm -- "$name"; done', "bash", ...names] });
  expect(names.filter((name) => existsSync(at(name)))).toEqual([]);
  const list = await alone("--list");
  const unknown = await alone("no\u001b]52;c;eA==\u0007such");
  const newest = await alone();
  const back = await alone(...(await ids()));
  const others = [list, unknown, newest, back].map(({ stdout, stderr }) => stdout + stderr);
  for (const text of others) expect(text).toMatch(/^(?:[^\p{Cc}\p{Cf}]|\n)*$/u);
  // One line each, and its thing: a line feed in a name makes no row of its own.
  expect(list.stdout.split("\n").filter((row) => /^[a-z0-9]{6} {2}\d/.test(row))).toHaveLength(
    names.length + 2,
  );
  expect(names.filter((name) => !existsSync(at(name)))).toEqual([]);
});
