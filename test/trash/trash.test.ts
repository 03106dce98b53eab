import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Room } from "../../src/model/trash.js";
import { readEntries } from "../../src/trash/entries.js";
import { cleanUp, purge } from "../../src/trash/purge.js";
import { restore } from "../../src/trash/restore.js";
import { openTrash, type SessionTrash, viewTrash } from "../../src/trash/trash.js";
import { lookAt } from "./tree.js";

let base: string;
let state: string;
let workspace: string;
let trash: SessionTrash;
const uid = process.getuid?.() ?? 0;
const week = 7 * 86_400_000;
const roomy = { max: 5e9, keep: week };

beforeEach(() => {
  base = mkdtempSync(join(uid === 0 ? "/var/lib" : homedir(), "holdpoint-trash-"));
  state = join(base, "state");
  workspace = join(base, "work");
  mkdirSync(workspace);
  trash = openTrash({ state, workspace, uid, max: 1e9, session: "aaaaaaa" });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const at = (name: string): string => join(workspace, name);
const write = (name: string, text = name): string => {
  mkdirSync(join(workspace, name, ".."), { recursive: true });
  writeFileSync(at(name), text);
  return at(name);
};

/** As a shim would: the room first, then the moves. */
function take(...paths: readonly string[]): Room {
  const room = prepare(...paths);
  for (const [index, path] of paths.entries()) renameSync(path, room.places[index] ?? "");
  return room;
}

function prepare(...paths: readonly string[]): Room {
  const room = trash.prepare({ id: trash.newId(), text: "rm", cwd: workspace, paths });
  if (typeof room === "string") throw new Error(room);
  return room;
}

const outcomes = (to?: string): readonly unknown[] =>
  readEntries(state).flatMap((kept) => restore(kept, to).map(({ path, outcome }) => [path, outcome.kind]));

describe("put back", () => {
  test("is as it was, and leaves nothing in the trash", () => {
    write("notes/a");
    write("notes/sub/b");
    symlinkSync("nowhere", at("notes/link"));
    linkSync(at("notes/a"), at("other-name"));
    utimesSync(at("notes/a"), 1234567.5, 7654321.25);
    chmodSync(at("notes/sub"), 0o500);
    const before = lookAt(at("notes"));
    const room = take(at("notes"));
    expect([room.isFull(), existsSync(at("notes"))]).toEqual([true, false]);
    expect(outcomes()).toEqual([[at("notes"), "restored"]]);
    expect(lookAt(at("notes"))).toEqual(before);
    expect(readdirSync(join(state, "trash"))).toEqual(["files"]);
    expect(readdirSync(join(state, "trash", "files"))).toEqual([]);
  });

  test("makes the folders above anew, with their modes", () => {
    write("a/b/c");
    chmodSync(at("a/b"), 0o750);
    chmodSync(at("a"), 0o711);
    take(at("a/b/c"));
    rmSync(at("a"), { recursive: true });
    expect(outcomes()).toEqual([[at("a/b/c"), "restored"]]);
    expect([lstatSync(at("a")).mode & 0o777, lstatSync(at("a/b")).mode & 0o777]).toEqual([0o711, 0o750]);
  });

  test("a folder comes back before what was taken out of it first", () => {
    write("d/x");
    write("d/y");
    const before = lookAt(at("d"));
    const time = lstatSync(at("d")).mtime;
    take(at("d/x"), at("d"));
    expect(outcomes().length).toBe(2);
    utimesSync(at("d"), time, time);
    expect(lookAt(at("d")).map((row) => row.split(" ")[0])).toEqual(before.map((row) => row.split(" ")[0]));
  });

  test("writes over nothing, and what is in the way can be gone round", () => {
    write("one", "old");
    write("two", "old");
    take(at("one"), at("two"));
    write("one", "new");
    expect(outcomes()).toEqual([
      [at("two"), "restored"],
      [at("one"), "in the way"],
    ]);
    expect(readFileSync(at("one"), "utf8")).toBe("new");
    mkdirSync(at("aside"));
    expect(outcomes(at("aside"))).toEqual([[at("aside/one"), "restored"]]);
    expect(readFileSync(at("aside/one"), "utf8")).toBe("old");
    expect(readEntries(state)).toEqual([]);
  });

  test("does not follow a link that came in the folder's place", () => {
    write("d/x");
    take(at("d/x"));
    rmSync(at("d"), { recursive: true });
    mkdirSync(join(base, "elsewhere"));
    symlinkSync(join(base, "elsewhere"), at("d"));
    expect(outcomes()).toEqual([[at("d/x"), "failed"]]);
    expect(readdirSync(join(base, "elsewhere"))).toEqual([]);
  });
});

describe("a crash", () => {
  test("between the record and the move: the file is where it was, and the record goes", async () => {
    write("a");
    prepare(at("a"));
    expect(readEntries(state).map(({ things }) => things.length)).toEqual([0]);
    await cleanUp(state, roomy, Date.now());
    expect([readEntries(state), readFileSync(at("a"), "utf8")]).toEqual([[], "a"]);
  });

  test("between two moves: what was moved comes back", () => {
    write("a");
    write("b");
    const room = prepare(at("a"), at("b"));
    renameSync(at("a"), room.places[0] ?? "");
    expect(room.isFull()).toBe(false);
    expect(outcomes()).toEqual([[at("a"), "restored"]]);
    expect([readFileSync(at("a"), "utf8"), readFileSync(at("b"), "utf8")]).toEqual(["a", "b"]);
  });

  test("while it was put back, after the name stood there again", () => {
    write("a");
    const room = take(at("a"));
    linkSync(room.places[0] ?? "", at("a"));
    expect(outcomes()).toEqual([[at("a"), "restored"]]);
    expect([lstatSync(at("a")).nlink, readEntries(state)]).toEqual([1, []]);
  });

  test("a torn record is none", () => {
    write("a");
    prepare(at("a"));
    const [name = ""] = readdirSync(join(state, "trash")).filter((each) => each.endsWith(".json"));
    writeFileSync(join(state, "trash", name), '{"version":1,"id":"a');
    expect(readEntries(state)).toEqual([]);
  });
});

describe("what does not fit", () => {
  const look = (name: string, prompts = false) => {
    const found = viewTrash({ state, workspace, uid, max: 1000 }).takes(at(name), prompts);
    return found.ok ? [found.files, found.bytes] : found.because;
  };

  test("sizes are counted through the tree", () => {
    write("t/a", "1234");
    write("t/b/c", "12");
    symlinkSync("a", at("t/l"));
    expect(look("t")).toEqual([3, 6]);
    write("t/big", "x".repeat(1000));
    expect(look("t")).toBe("it is too large");
  });

  test("histories, other trashes, what is not there", () => {
    write("clone/.git/HEAD");
    expect(look("clone")).toBe("it holds a git repository");
    for (const name of ["HEAD", "objects", "refs"]) write(`bare/${name}`);
    expect(look("bare")).toBe("it holds a git repository");
    write("old/.holdpoint-trash/x");
    expect(look("old")).toBe("it holds a trash");
    expect(look("gone")).toBe("it is not there");
  });

  test("a file in the place of the trash: there is none", () => {
    write("a");
    mkdirSync(state);
    writeFileSync(join(state, "trash"), "");
    expect(look("a")).toBe("no trash on its file system can be used");
  });

  test("what the session kept counts", () => {
    const small = openTrash({ state, workspace, uid, max: 10, session: "aaaaaaa" });
    write("a", "1234567");
    write("b", "1234567");
    const room = small.prepare({ id: "first1", text: "rm a", cwd: workspace, paths: [at("a")] });
    if (typeof room === "string") throw new Error(room);
    renameSync(at("a"), room.places[0] ?? "");
    room.keep();
    expect(small.view.takes(at("b"), false)).toEqual({ ok: false, because: "it is too large" });
    expect(small.kept).toBe(1);
  });
});

describe("clean-up", () => {
  const age = (id: string, change: (entry: Record<string, unknown>) => void) => {
    const path = join(state, "trash", `${id}.json`);
    const entry = JSON.parse(readFileSync(path, "utf8"));
    change(entry);
    writeFileSync(path, JSON.stringify(entry));
  };
  const put = (id: string, text: string, time: string, pid = 999_999_999) => {
    write(id, text);
    const room = trash.prepare({ id, text: "rm", cwd: workspace, paths: [at(id)] });
    if (typeof room === "string") throw new Error(room);
    renameSync(at(id), room.places[0] ?? "");
    age(id, (entry) => Object.assign(entry, { time, pid }));
  };
  const left = () => readEntries(state).map(({ entry }) => entry.id);
  const now = Date.parse("2026-06-15T00:00:00Z");

  test("what is older than the limit goes, then the oldest until the rest fits", async () => {
    put("week", "1234", "2026-06-01T00:00:00.000Z");
    put("first", "1234", "2026-06-12T00:00:00.000Z");
    put("second", "1234", "2026-06-13T00:00:00.000Z");
    put("third", "1234", "2026-06-14T00:00:00.000Z");
    await cleanUp(state, { max: 1000, keep: week }, now);
    expect(left()).toEqual(["first", "second", "third"]);
    await cleanUp(state, { max: 8, keep: week }, now);
    expect(left()).toEqual(["second", "third"]);
    expect(readdirSync(join(state, "trash", "files")).sort()).toEqual(["second", "third"]);
  });

  test("never what a session that runs put there", async () => {
    put("aged", "1234", "2026-01-01T00:00:00.000Z", process.ppid);
    await cleanUp(state, { max: 1, keep: 1 }, now);
    expect(left()).toEqual(["aged"]);
  });

  test("a deletion that was stopped half way is finished, and never put back", async () => {
    put("half", "1234", "2026-06-14T00:00:00.000Z");
    const folder = join(state, "trash", "files");
    renameSync(join(folder, "half"), join(folder, "half.gone"));
    expect(readEntries(state).map(({ things }) => things.length)).toEqual([0]);
    await cleanUp(state, roomy, now);
    expect([left(), readdirSync(folder)]).toEqual([[], []]);
  });

  test("purged is gone", async () => {
    put("once", "1234", "2026-06-14T00:00:00.000Z");
    expect(await Promise.all(readEntries(state).map(purge))).toEqual([undefined]);
    expect(readdirSync(join(state, "trash", "files"))).toEqual([]);
  });
});
