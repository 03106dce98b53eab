import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withoutOtherSessions } from "../scripts/apart.js";
import { openTerminal, type PersonScreen } from "../scripts/screen.js";
import { cli, execute, makePlace, type Outcome, type Place } from "../scripts/session.js";

// The built program, with a person at a real terminal, and without one.

let place: Place;
let screen: PersonScreen | undefined;

const file = (): string => join(place.workspace, "holdpoint.yaml");
const state = (): string => join(place.home, ".local", "state", "holdpoint");
const text = `version: 1
purpose: debug staging
environments:
  staging: {allow: [read, modify], hosts: ["*.staging.example.com"]}
  production: {allow: [], hosts: ["*.example.com"]}
files: {never: [secret]}
`;

beforeAll(async () => {
  const made = await makePlace();
  const own = join(made.base, "run");
  mkdirSync(own);
  place = { ...made, env: { ...made.env, TMPDIR: own, XDG_RUNTIME_DIR: own } };
});
beforeEach(() => {
  rmSync(state(), { recursive: true, force: true });
  writeFileSync(file(), text);
});
afterEach(() => screen?.kill());
afterAll(() => place.remove());

// Sessions of others on this machine are not looked for.
const [program = "", ...words] = [...withoutOtherSessions(), process.execPath, cli, "trust"];
/** Nobody is at a terminal. */
const alone = (...args: string[]): Promise<Outcome> =>
  execute(program, [...words, ...args], { cwd: place.workspace, env: place.env });

/** A person answers; all that was shown, and the status. */
async function person(answer: string, ...args: string[]): Promise<readonly [string, number]> {
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

const isTrusted = async (): Promise<readonly unknown[]> =>
  JSON.parse((await alone("--list", "--json")).stdout).trusted.map(
    (each: { readonly standing: unknown }) => each.standing,
  );

describe("a person at a terminal", () => {
  test("sees the text and what it would allow, and says y", async () => {
    const [shown, status] = await person("y\r");
    expect(status).toBe(0);
    for (const line of text.trimEnd().split("\n")) expect(shown).toContain(`  ${line}`);
    expect(shown).toContain("staging: read, modify on host *.staging.example.com");
    expect(shown).not.toContain("production:  on");
    expect(shown).toContain("trusted, for sessions that begin from now on");
    expect(await isTrusted()).toEqual(["trusted"]);
    // Nobody else reads or writes it.
    for (const folder of ["trust", "manifests"]) expect(readdirSync(join(state(), folder))).toHaveLength(1);
    expect(await person("y\r")).toEqual([expect.stringContaining("trusted already, since 2"), 0]);
  });

  test.each([
    ["n", "n\r"],
    ["Enter", "\r"],
    ["any other word", "yesterday\r"],
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("%s trusts nothing", async (_, keys) => {
    expect(await person(keys)).toEqual([expect.stringContaining("nothing was trusted"), 1]);
    expect(await isTrusted()).toEqual([]);
  });

  test("what would not be seen, or would draw over the rest, is made visible", async () => {
    writeFileSync(file(), "version: 1 # a\u202e\u200bb ⟨U+202E⟩\nfiles: {never: [x]}\n");
    const [shown] = await person("n\r");
    expect(shown).toContain("a⟨U+202E⟩⟨U+200B⟩b");
    expect(shown).not.toContain("\u202e");
  });

  test("control characters are no manifest", async () => {
    writeFileSync(file(), "version: 1 # \u001b[2J\n");
    const [shown] = await person("");
    expect(shown).toContain("holds a control character");
    expect(shown).not.toContain("\u001b[2J");
    expect(await isTrusted()).toEqual([]);
  });

  test("one that allows nothing: it says what trusting is good for", async () => {
    writeFileSync(file(), "version: 1\nfiles: {never: [secret]}\n");
    const [shown] = await person("n\r");
    expect(shown).toContain("It allows nothing that is asked about");
  });

  test("a change takes it back, and the next look shows what has changed", async () => {
    await person("y\r");
    writeFileSync(file(), text.replace("[read, modify]", "[read, modify, delete]"));
    expect(await isTrusted()).toEqual(["changed"]);
    const [shown] = await person("y\r");
    expect(shown).toContain("Another content was trusted here");
    expect(shown).toContain("-   staging: {allow: [read, modify], hosts");
    expect(shown).toContain("+   staging: {allow: [read, modify, delete], hosts");
    expect(await isTrusted()).toEqual(["trusted"]);
    rmSync(file());
    expect(await isTrusted()).toEqual(["gone"]);
  });

  test("an edit while the person reads is not trusted", async () => {
    screen = openTerminal(place, program, words);
    await screen.see("[y/N]");
    writeFileSync(file(), `${text}# late\n`);
    screen.press("y\r");
    expect(await screen.exited).toBe(0);
    expect(await isTrusted()).toEqual(["changed"]);
  });

  test("takes it back, also where the file is gone", async () => {
    await person("y\r");
    rmSync(file());
    expect(await person("n\r", "--revoke")).toEqual([expect.stringContaining("nothing was taken back"), 1]);
    expect(await isTrusted()).toEqual(["gone"]);
    expect(await person("y\r", "--revoke")).toEqual([expect.stringContaining("taken back, for"), 0]);
    expect(await isTrusted()).toEqual([]);
    expect(await person("y\r", "--revoke")).toEqual([expect.stringContaining("was not trusted"), 1]);
  });

  test("an invalid one is not trusted, and it says why", async () => {
    writeFileSync(file(), "version: 1\nfiles: {nver: []}\n");
    const [shown, status] = await person("y\r");
    expect(status).toBe(2);
    expect(shown).toMatch(/holdpoint\.yaml:2/);
    expect(shown).toContain("nothing was trusted");
    expect(await isTrusted()).toEqual([]);
  });
});

describe("nobody at a terminal", () => {
  test.each([[[]], [["--revoke"]]])("%j: 2, and nothing is changed", async (args) => {
    const outcome = await alone(...args);
    expect(outcome).toMatchObject({ status: 2, stdout: "" });
    expect(outcome.stderr).toContain("a person at a terminal");
    expect(await isTrusted()).toEqual([]);
  });

  test("y on a pipe, and a terminal on stdout alone, are nobody", async () => {
    const piped = await execute(process.execPath, [cli, "trust"], {
      cwd: place.workspace,
      env: place.env,
      input: "y\n",
    });
    expect(piped.status).toBe(2);
    screen = openTerminal(place, "sh", ["-c", `echo y | "${process.execPath}" "${cli}" trust`]);
    expect(await screen.exited).toBe(2);
  });

  test("the list needs no terminal", async () => {
    expect(await alone("--list")).toEqual({
      status: 0,
      stdout: "nothing is trusted; to trust a manifest: holdpoint trust FILE\n",
      stderr: "",
    });
  });
});

test("the start of a session says which manifest holds, and its log does", async () => {
  const start = (): Promise<Outcome> =>
    execute(process.execPath, [cli, "run", "--", "true"], { cwd: place.workspace, env: place.env });
  expect((await start()).stderr).toContain(
    `scope ${file()} (debug staging): not trusted, so it only tightens; to let it allow what it says: holdpoint trust\n`,
  );
  await person("y\r");
  expect((await start()).stderr).toContain(`scope ${file()} (debug staging)\n`);
  writeFileSync(file(), "version: 1\n");
  const changed = await start();
  expect(changed.stderr).toContain(`scope ${file()}\n`);
  expect(changed.stderr).toContain(
    `scope ${file()} (debug staging): as it was trusted last; the file is another now, or gone\n`,
  );
  const scopes = place
    .records()
    .filter(({ event }) => event === "session.start")
    .map(({ scope }) => scope);
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(scopes).toEqual([
    [{ file: file(), sha256: hash, trusted: false }],
    [{ file: file(), sha256: hash, trusted: true }],
    [
      { file: file(), sha256: hash, trusted: false },
      { file: file(), sha256: hash, trusted: false },
    ],
  ]);
  expect(readFileSync(place.logs()[0] ?? "", "utf8")).toContain('"scope":[{');
});

test("its help shows examples, and completion knows it", async () => {
  const help = await alone("--help");
  expect(help.stdout).toContain("holdpoint trust --revoke");
  const completion = await execute(process.execPath, [cli, "completion", "bash"], {
    cwd: place.workspace,
    env: place.env,
  });
  expect(completion.stdout).toContain("--list --json --revoke");
});
