import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprintOf } from "../../src/model/fingerprint.js";
import type { Provenance } from "../../src/model/world.js";
import { openProvenance, type SessionProvenance } from "../../src/provenance/provenance.js";
import { readsOf } from "../../src/readers/reach/reads.js";
import { lstat, realpath } from "../../src/world/file-system.js";
import { createScratch, type Scratch } from "../world/scratch.js";

// The real looking process, as the build made it, in folders of its own.

const program = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "credential-scan.js");
const salt = "salt of a test";
const value = "b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b";
const other = "c8b2d1ef-41a7-4c8e-b2f6-70d95e1a3b8c";
const print = (text: string) => fingerprintOf(text, salt);

let scratch: Scratch;
let session: SessionProvenance | undefined;

beforeEach(() => {
  scratch = createScratch();
  scratch.write("work/infra/domains/.env", `# domains\n\nRAILWAY_TOKEN=${value}\n`);
});

afterEach(() => {
  session?.close();
  scratch.remove();
});

interface Opened {
  readonly view: Provenance;
  /** Asks, waits for what is missing, and asks again, as the judge does; how often it waited. */
  placesOf(fingerprint: string): Promise<{ readonly waits: number; readonly places: readonly object[] }>;
  keptIn(file: string): Promise<{ readonly waits: number; readonly places: readonly object[] }>;
}

function open(options: Partial<Parameters<typeof openProvenance>[0]> = {}): Opened {
  const startedAt = scratch.pause();
  session = openProvenance({
    program,
    job: { salt, never: [], passed: [], home: scratch.home },
    roots: [[], [join(scratch.root, "work")]],
    startedAt,
    variables: () => new Set(),
    files: { lstat, realpath },
    readsOf,
    // On a busy machine a process takes its time.
    patience: 30_000,
    ...options,
  });
  let missing: Promise<void> | undefined;
  const view = session.view((answer) => {
    missing = answer;
  });
  const settle = async (ask: () => readonly object[] | "loading") => {
    for (let waits = 0; ; waits++) {
      const places = ask();
      if (places !== "loading") return { waits, places };
      await missing;
    }
  };
  return {
    view,
    placesOf: (fingerprint) => settle(() => view.placesOf(fingerprint, true)),
    keptIn: (file) => settle(() => view.keptIn(file, true)),
  };
}

const place = (path: string, line: number, more = {}) =>
  expect.objectContaining({ file: join(scratch.root, path), line, key: "RAILWAY_TOKEN", ...more });

test("who changes something waits for the first look, who reads does not", async () => {
  const { view, placesOf } = open();
  expect(view.placesOf(print(value), false)).toEqual([]);
  expect(view.isComplete?.()).toBe(false);
  const { waits, places } = await placesOf(print(value));
  expect(places).toEqual([place("work/infra/domains/.env", 3, { kind: "railway" })]);
  expect(waits).toBe(1);
  expect(view.isComplete?.()).toBe(true);
  expect(view.placesOf(print(value), false)).toEqual(places);
  expect(await placesOf(print(value))).toEqual({ waits: 0, places });
});

test("a session that begins looks by itself", async () => {
  const { view } = open();
  session?.start();
  await expect.poll(() => view.placesOf(print(value), false), { timeout: 20_000 }).toHaveLength(1);
});

test("a file that came later, a renamed one and one that was emptied are found again", async () => {
  const { placesOf } = open();
  await placesOf(print(value));
  scratch.write("work/notes.env", `RAILWAY_TOKEN=${other}\n`);
  expect((await placesOf(print(other))).places).toEqual([place("work/notes.env", 1, { change: "new" })]);
  const first = join(scratch.root, "work/infra/domains/.env");
  renameSync(first, join(scratch.root, "work/moved"));
  expect((await placesOf(print(value))).places).toEqual([
    place("work/infra/domains/.env", 3, { change: "gone" }),
    place("work/moved", 3, { change: "new" }),
  ]);
  writeFileSync(join(scratch.root, "work/moved"), "nothing\n");
  expect((await placesOf(print(value))).places).toEqual([
    place("work/infra/domains/.env", 3, { change: "gone" }),
  ]);
});

test("a changed line is told as it is now", async () => {
  const { placesOf } = open();
  await placesOf(print(value));
  writeFileSync(join(scratch.root, "work/infra/domains/.env"), `RAILWAY_TOKEN=${value}\n# more\n`);
  const { waits, places } = await placesOf(print(value));
  expect({ waits, places }).toEqual({ waits: 1, places: [place("work/infra/domains/.env", 1)] });
});

test("one file, wherever it lies and by whatever name, with all places of what it holds", async () => {
  const { keptIn, placesOf, view } = open();
  await placesOf(print(value));
  scratch.write("elsewhere/header", `RAILWAY_TOKEN=${value}\n`);
  symlinkSync(join(scratch.root, "elsewhere"), join(scratch.root, "work/link"));
  expect(view.keptIn(join(scratch.root, "work/link/header"), false)).toEqual([]);
  expect((await keptIn(join(scratch.root, "work/link/header"))).places).toEqual([
    place("work/infra/domains/.env", 3),
    place("elsewhere/header", 1, { change: "new" }),
  ]);
  scratch.write("elsewhere/plain", "nothing\n");
  expect(await keptIn(join(scratch.root, "elsewhere/plain"))).toEqual({ waits: 1, places: [] });
  expect(await keptIn(join(scratch.root, "elsewhere/plain"))).toEqual({ waits: 0, places: [] });
  expect(await keptIn(join(scratch.root, "elsewhere/missing"))).toEqual({ waits: 0, places: [] });
  expect(await keptIn("/dev/null")).toEqual({ waits: 0, places: [] });
});

test("what no manifest lets anybody read is not looked at, under its own name or another's", async () => {
  scratch.write("work/prod/.env", `RAILWAY_TOKEN=${other}\n`);
  symlinkSync(join(scratch.root, "work/prod/.env"), join(scratch.root, "work/alias.env"));
  const folder = join(scratch.root, "work");
  const never = [{ folder, globs: [`${folder}/prod/**`] }];
  const { placesOf, keptIn } = open({
    job: { salt, never, passed: [join(folder, "infra")], home: scratch.home },
  });
  expect((await placesOf(print(other))).places).toEqual([]);
  expect((await placesOf(print(value))).places).toEqual([]);
  expect((await keptIn(join(folder, "prod/.env"))).places).toEqual([]);
  expect((await keptIn(join(folder, "alias.env"))).places).toEqual([]);
});

/** A looking program that first does something else. */
function wrapped(code: string): string {
  const path = join(scratch.root, "wrapped.mjs");
  writeFileSync(path, `${code}\nawait import(${JSON.stringify(program)});\n`);
  return path;
}

test("what is not found is looked for once, and what stood in a variable from the start not again", async () => {
  const count = join(scratch.root, "count");
  const { placesOf } = open({
    program: wrapped(`import fs from "node:fs"; fs.appendFileSync(${JSON.stringify(count)}, ".");`),
    variables: () => new Set([print("a variable's value")]),
  });
  const looks = () => readFileSync(count, "utf8").length;
  await placesOf(print(value));
  expect(looks()).toBe(1);
  await placesOf(print("a variable's value"));
  expect(looks()).toBe(1);
  await Promise.all([placesOf(print("unknown")), placesOf(print("unknown as well"))]);
  expect(looks()).toBe(2);
  expect((await placesOf(print("unknown"))).waits).toBe(0);
  expect(looks()).toBe(2);
});

test("it has no terminal, no variable, nothing of the session, and the lowest priority", async () => {
  const out = join(scratch.root, "seen.json");
  process.env["SECRET_OF_THE_SESSION"] = value;
  const { placesOf } = open({
    program: wrapped(`import fs from "node:fs"; import os from "node:os";
const own = fs.readlinkSync("/proc/self/fd/0");
const stat = fs.readFileSync("/proc/self/stat", "latin1").split(") ").at(-1).split(" ");
fs.writeFileSync(${JSON.stringify(out)}, JSON.stringify({ env: process.env, cwd: process.cwd(), argv: process.argv.slice(2),
  nice: os.getPriority(), group: Number(stat[2]) === process.pid, session: Number(stat[3]) === process.pid, terminal: Number(stat[4]),
  sockets: fs.readdirSync("/proc/self/fd").map((fd) => { try { return fs.readlinkSync("/proc/self/fd/" + fd); } catch { return ""; } }).filter((to) => to.startsWith("socket:") || to.startsWith("/dev/pts")).length }));`),
  });
  await placesOf(print(value));
  Reflect.deleteProperty(process.env, "SECRET_OF_THE_SESSION");
  if (process.platform !== "linux") return;
  expect(JSON.parse(readFileSync(out, "utf8"))).toEqual({
    ...{ env: {}, cwd: "/", argv: [], nice: 19, group: true, session: true, terminal: 0 },
    // Its own stdin and stdout.
    sockets: 2,
  });
});

test.each([
  ["dies", "process.exit(3);"],
  ["speaks of something else", 'console.log("nothing"); process.exit(0);'],
  ["never ends", "await new Promise((resolve) => setInterval(() => {}, 1000));"],
  ["is not there", undefined],
])("a look that %s keeps nobody: what is known is told, and that it is not all", async (_, code) => {
  const { placesOf, view } = open({
    program: code === undefined ? join(scratch.root, "none.js") : wrapped(code),
    ...(code?.includes("setInterval") === true ? { patience: 300 } : {}),
  });
  const { places, waits } = await placesOf(print(value));
  expect({ places, waits }).toEqual({ places: [], waits: 1 });
  expect(view.isComplete?.()).toBe(false);
});

test("with the session the look ends", async () => {
  const path = join(scratch.root, "pid");
  const { view } = open({
    program:
      wrapped(`import fs from "node:fs"; fs.writeFileSync(${JSON.stringify(path)}, String(process.pid));
await new Promise((resolve) => setInterval(() => {}, 1000));`),
  });
  view.placesOf(print(value), true);
  await expect
    .poll(() => existsSync(path) && readFileSync(path, "utf8") !== "", { timeout: 20_000 })
    .toBe(true);
  const pid = Number(readFileSync(path, "utf8"));
  session?.close();
  const isThere = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isThere, { timeout: 20_000 }).toBe(false);
  // Whoever asks then gets an answer, too.
  expect(view.placesOf(print(other), false)).toEqual([]);
});

test("a workspace that is gone, or may not be read, is an empty one", async () => {
  rmSync(join(scratch.root, "work"), { recursive: true });
  const { placesOf, view } = open();
  expect(await placesOf(print(value))).toEqual({ waits: 1, places: [] });
  expect(view.isComplete?.()).toBe(true);
});
