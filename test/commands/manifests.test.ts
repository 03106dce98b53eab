import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withValues } from "../../src/commands/manifest-credentials.js";
import {
  findTrust,
  forgetTrust,
  keepContent,
  listTrust,
  rememberTrust,
  sha256,
} from "../../src/commands/manifest-store.js";
import { findManifests, foldersAround, manifestPath, recallManifests } from "../../src/commands/manifests.js";
import { findPlaces, type Places } from "../../src/commands/places.js";
import { loadScoped } from "../../src/commands/scoped.js";
import { UsageError } from "../../src/commands/usage-error.js";

let base = "";
let work = "";
let inner = "";
let places: Places;

const parent = process.getuid?.() === 0 ? "/var/lib" : join(homedir(), ".cache");

beforeEach(() => {
  mkdirSync(parent, { recursive: true });
  base = realpathSync(mkdtempSync(join(parent, "holdpoint-test-")));
  work = join(base, "shop");
  inner = join(work, "a", "b");
  mkdirSync(inner, { recursive: true });
  places = findPlaces({ HOME: join(base, "home") });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const manifest = (purpose: string): string => `version: 1\npurpose: ${purpose}\n`;

function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function trustIt(file: string, text: string, time = new Date().toISOString()): void {
  rememberTrust(places, { file, sha256: sha256(text), time, evidence: [] }, text);
}

/** What holds, as `purpose, standing`. */
async function held(cwd = inner, named?: string): Promise<readonly string[]> {
  const found = await findManifests({ cwd, env: {}, named }, places);
  return found.map(
    ({ manifest: { purpose, isTrusted }, from }) =>
      `${purpose} ${from === "remembered" ? "remembered" : isTrusted ? "trusted" : "untrusted"}`,
  );
}

async function problems(cwd = inner, named?: string): Promise<string> {
  try {
    await findManifests({ cwd, env: {}, named }, places);
  } catch (error) {
    if (error instanceof UsageError) return error.problems.join("\n").replaceAll(base, "BASE");
    throw error;
  }
  return "";
}

describe("which hold", () => {
  test("none: nothing is held, and nothing is written", async () => {
    expect(await held()).toEqual([]);
    const loaded = await loadScoped(places, undefined, { cwd: inner, env: {}, named: undefined });
    expect(loaded.policy.manifests).toEqual([]);
  });

  test("the folder's own, all above, and the named one; each once", async () => {
    write(join(work, "holdpoint.yaml"), manifest("outer"));
    write(join(inner, "holdpoint.yaml"), manifest("inner"));
    const named = write(join(base, "other", "staging.yaml"), manifest("named"));
    write(join(base, "other", "holdpoint.yaml"), manifest("elsewhere"));
    expect(await held()).toEqual(["inner untrusted", "outer untrusted"]);
    expect(await held(inner, named)).toEqual(["inner untrusted", "outer untrusted", "named untrusted"]);
    expect(await held(inner, join(inner, "holdpoint.yaml"))).toEqual(["inner untrusted", "outer untrusted"]);
    const loaded = await loadScoped(places, undefined, { cwd: inner, env: {}, named: undefined });
    expect(loaded.policy.manifests.map(({ folder }) => folder)).toEqual([inner, work]);
  });

  test("up to the account's home and not above; where it is not above, up to the root", () => {
    expect(foldersAround(inner, work)).toEqual([inner, join(work, "a"), work]);
    expect(foldersAround(work, work)).toEqual([work]);
    expect(foldersAround(inner, join(base, "home")).slice(-1)).toEqual(["/"]);
  });

  test("$HOME in the middle of the work hides nothing above", async () => {
    write(join(work, "holdpoint.yaml"), manifest("outer"));
    places = findPlaces({ HOME: join(work, "a") });
    expect(await held()).toEqual(["outer untrusted"]);
  });

  test("begun through a link: the real folder counts", async () => {
    write(join(work, "holdpoint.yaml"), manifest("outer"));
    const link = join(base, "link");
    symlinkSync(inner, link);
    expect(await held(link)).toEqual(["outer untrusted"]);
  });

  test("a link is read through, and its globs start where its name lies", async () => {
    const real = write(join(base, "conf", "scope.yaml"), "version: 1\nfiles: {never: [secret]}\n");
    symlinkSync(real, join(work, "holdpoint.yaml"));
    const [found] = await findManifests({ cwd: inner, env: {}, named: undefined }, places);
    expect(found?.manifest).toMatchObject({
      file: join(work, "holdpoint.yaml"),
      folder: work,
      files: { never: [join(work, "secret")] },
    });
  });
});

describe("nothing starts", () => {
  const cases: readonly (readonly [what: string, make: () => void, said: string])[] = [
    [
      "an invalid one, above",
      () => void write(join(work, "holdpoint.yaml"), "version: 2\n"),
      "BASE/shop/holdpoint.yaml:1",
    ],
    ["a folder of its name", () => mkdirSync(join(work, "holdpoint.yaml")), "not a regular file"],
    [
      "a link that leads nowhere",
      () => symlinkSync(join(base, "gone"), join(work, "holdpoint.yaml")),
      "BASE/shop/holdpoint.yaml: cannot be read: no such file",
    ],
    [
      "a link to itself",
      () => symlinkSync("holdpoint.yaml", join(work, "holdpoint.yaml")),
      "BASE/shop/holdpoint.yaml: cannot be read: ELOOP",
    ],
    ["a device", () => symlinkSync("/dev/zero", join(work, "holdpoint.yaml")), "not a regular file"],
    [
      "one that is too long",
      () => void write(join(work, "holdpoint.yaml"), `version: 1\n${"#".repeat(2 ** 20)}`),
      "longer than",
    ],
    [
      "the other spelling of its name",
      () => void write(join(inner, "holdpoint.yml"), manifest("x")),
      "BASE/shop/a/b/holdpoint.yml: a scope manifest is called holdpoint.yaml",
    ],
  ];
  test.each(cases)("%s", async (_, make, said) => {
    make();
    expect(await problems()).toContain(said);
  });

  test("a named one that is not there", async () => {
    expect(await problems(inner, join(base, "none.yaml"))).toBe(
      "BASE/none.yaml: cannot be read: no such file",
    );
  });

  test("all that is wrong is said at once", async () => {
    write(join(work, "holdpoint.yaml"), "version: 2\n");
    write(join(inner, "holdpoint.yaml"), "version: 3\n");
    const said = await problems();
    expect(said).toContain("BASE/shop/a/b/holdpoint.yaml:1");
    expect(said).toContain("BASE/shop/holdpoint.yaml:1");
  });
});

describe("trust", () => {
  const was = manifest("was");
  const file = (): string => join(work, "holdpoint.yaml");

  test("this content in this place", async () => {
    write(file(), was);
    trustIt(file(), was);
    expect(await held()).toEqual(["was trusted"]);
    write(join(inner, "holdpoint.yaml"), was);
    expect(await held()).toEqual(["was untrusted", "was trusted"]);
  });

  test("changed: neither allows anything, and both hold", async () => {
    trustIt(file(), was);
    write(file(), manifest("now"));
    expect(await held()).toEqual(["now untrusted", "was remembered"]);
    write(file(), was);
    expect(await held()).toEqual(["was trusted"]);
  });

  test("gone: it holds, from each folder below, and not elsewhere", async () => {
    trustIt(file(), was);
    expect(await held(inner)).toEqual(["was remembered"]);
    expect(await held(work)).toEqual(["was remembered"]);
    expect(await held(base)).toEqual([]);
  });

  test("trusted anew: the last one counts; taken back: nothing is remembered", async () => {
    trustIt(file(), was);
    write(file(), manifest("now"));
    trustIt(file(), manifest("now"));
    expect(await held()).toEqual(["now trusted"]);
    expect(listTrust(places).map((each) => each.file)).toEqual([file()]);
    expect(forgetTrust(places, file())).toBe(true);
    expect(forgetTrust(places, file())).toBe(false);
    expect(await held()).toEqual(["now untrusted"]);
  });

  test("a named one is remembered as well", async () => {
    const named = write(join(base, "staging.yaml"), was);
    trustIt(named, was);
    expect(await held(inner, named)).toEqual(["was trusted"]);
    write(named, manifest("now"));
    expect(await held(inner, named)).toEqual(["now untrusted", "was remembered"]);
  });

  test("the same file by another way is the same place", () => {
    write(file(), was);
    symlinkSync(work, join(base, "link"));
    expect(manifestPath(join(base, "link", "holdpoint.yaml"))).toBe(file());
  });

  test("a store that was tampered with: nothing starts, and it says what mends that", async () => {
    trustIt(file(), was);
    write(join(places.state, "manifests", `${sha256(was)}.yaml`), manifest("tampered"));
    expect(await problems()).toMatch(/has changed.*holdpoint trust --revoke BASE\/shop\/holdpoint.yaml/);
    rmSync(join(places.state, "manifests"), { recursive: true });
    expect(await problems()).toContain("no such file");
    const record = join(places.state, "trust", `${sha256(file()).slice(0, 32)}.json`);
    write(record, "{");
    expect(await problems()).toContain("is not as holdpoint wrote it");
    // A record of another place, copied here.
    write(record, JSON.stringify({ file: "/elsewhere", sha256: sha256(was), time: "2026-01-01T00:00:00Z" }));
    expect(await problems()).toContain("is not as holdpoint wrote it");
    expect(() => findTrust(places, file())).toThrow(UsageError);
  });

  test("what was trusted is invalid by now: nothing starts, and it says which content", async () => {
    trustIt(file(), "version: 0\n");
    expect(await problems()).toContain("in what was trusted there last");
  });
});

describe("what held when work began", () => {
  const file = (): string => join(work, "holdpoint.yaml");
  const recall = async (trusted: boolean, text: string, time = Date.now()): Promise<readonly string[]> => {
    const scope = [{ file: file(), sha256: sha256(text), trusted }];
    const found = await recallManifests({ time, scope }, {}, places);
    return found.map(({ manifest: { purpose, isTrusted } }) => `${purpose} ${isTrusted}`);
  };

  test("it is that content, whatever lies there now", async () => {
    keepContent(places, manifest("was"));
    write(file(), manifest("now"));
    expect(await recall(false, manifest("was"))).toEqual(["was false"]);
    expect(await recall(true, manifest("was"))).toEqual(["was true"]);
    await expect(recall(false, manifest("never kept"))).rejects.toThrow(UsageError);
  });

  test("what a person trusted since takes its place; what was trusted before does not", async () => {
    keepContent(places, manifest("was"));
    const began = Date.parse("2026-01-02T00:00:00Z");
    trustIt(file(), manifest("old"), "2026-01-01T00:00:00Z");
    expect(await recall(false, manifest("was"), began)).toEqual(["was false"]);
    trustIt(file(), manifest("new"), "2026-01-03T00:00:00Z");
    expect(await recall(false, manifest("was"), began)).toEqual(["new true"]);
  });
});

test("credentials get the value that they have now", async () => {
  const from = [
    "env:TOKEN",
    "env:NONE",
    "file:whole",
    "file:.env#A",
    "file:.env#B",
    "file:.env#C",
    "file:.env#D",
    "file:.env#MISSING",
    "file:none",
    "file:../conf",
    "file:~/key",
    "profile:staging",
  ];
  const list = from.map((each, at) => `  - {name: x${at}, from: "${each}", allow: []}`).join("\n");
  write(join(work, "holdpoint.yaml"), `version: 1\ncredentials:\n${list}\n`);
  write(join(work, "whole"), "  whole \n");
  write(
    join(work, ".env"),
    'A=first\nexport A=last # why\n#A=not\nB="two \\"words\\"" # why\nC=\'si#ngle\'\r\nD=\n',
  );
  mkdirSync(join(base, "conf"));
  write(join(places.home, "key"), "home");
  const [found] = await findManifests({ cwd: work, env: { TOKEN: "t0ken" }, named: undefined }, places);
  expect(found?.manifest.credentials?.map(({ value }) => value)).toEqual([
    "t0ken",
    undefined,
    "whole",
    "last",
    'two "words"',
    "si#ngle",
    undefined,
    undefined,
    undefined,
    undefined,
    "home",
    undefined,
  ]);
  expect(found && withValues({ ...found.manifest, credentials: undefined }, {}, "/")).toMatchObject({
    credentials: undefined,
  });
});
