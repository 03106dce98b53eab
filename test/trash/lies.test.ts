import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { trashName } from "../../src/model/trash.js";
import { readEntries } from "../../src/trash/entries.js";
import { makeTrashFolder } from "../../src/trash/folder.js";
import { cleanUp } from "../../src/trash/purge.js";
import { restore } from "../../src/trash/restore.js";
import { openTrash } from "../../src/trash/trash.js";

// Records that say what is not so, and links in the way: nothing else is deleted, moved or made.

const uid = process.getuid?.() ?? 0;
let base: string;
let state: string;
let workspace: string;

beforeEach(() => {
  base = mkdtempSync(join(uid === 0 ? "/var/lib" : homedir(), "holdpoint-lies-"));
  [state, workspace] = [join(base, "state"), join(base, "work")];
  mkdirSync(workspace);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const journal = (id: string) => join(state, "trash", `${id}.json`);

/** `d/x` in the trash: its record, which may then be made to say something else. */
function take(): { readonly id: string; readonly place: string; readonly text: string } {
  mkdirSync(join(workspace, "d"), { recursive: true });
  writeFileSync(join(workspace, "d/x"), "x");
  const trash = openTrash({ state, workspace, uid, max: 1e9, session: "aaaaaaa" });
  const id = trash.newId();
  const room = trash.prepare({ id, text: "rm d/x", cwd: workspace, paths: [join(workspace, "d/x")] });
  if (typeof room === "string") throw new Error(room);
  const place = room.places[0] ?? "";
  renameSync(join(workspace, "d/x"), place);
  return { id, place, text: readFileSync(journal(id), "utf8") };
}

/** Somebody's folders, which hold what a trash's would. */
function photos(): string {
  const folder = join(base, "photos");
  for (const name of ["", "album", "old.gone"]) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ["0", "album/0", "old.gone/0"]) writeFileSync(join(folder, name), "dear");
  return folder;
}

test.each<readonly [string, (folder: string, id: string) => object]>([
  ["a folder elsewhere", (folder) => ({ folder })],
  ["a folder elsewhere, by its own name", (folder) => ({ id: "album", folder: join(folder, "album") })],
  ["a folder by a way up", (_, id) => ({ folder: `${state}/trash/files/../../../photos/${id}` })],
  ["another's deletion", (_, id) => ({ id: `${id}x` })],
])("a record that names %s is none, and nothing there goes", async (_, lie) => {
  const folder = photos();
  const { id, text } = take();
  const forged = { ...JSON.parse(text), pid: 999_999_999, time: "2020-01-01T00:00:00Z", ...lie(folder, id) };
  rmSync(journal(id));
  writeFileSync(journal(forged.id), JSON.stringify(forged));
  if (forged.id !== "album") renameSync(journal(forged.id), journal("abcdef"));
  expect(readEntries(state)).toEqual([]);
  await cleanUp(state, { max: 1, keep: 1 }, Date.now());
  expect(["0", "album/0", "old.gone/0"].filter((name) => existsSync(join(folder, name)))).toHaveLength(3);
});

test("a trash behind a link is none", async () => {
  const folder = photos();
  const { id, text } = take();
  symlinkSync(folder, join(workspace, trashName));
  const forged = {
    ...JSON.parse(text),
    id: "album",
    folder: join(workspace, trashName, "album"),
    pid: 999_999_999,
  };
  rmSync(journal(id));
  writeFileSync(journal("album"), JSON.stringify(forged));
  expect(readEntries(state)).toEqual([]);
  await cleanUp(state, { max: 1, keep: 1 }, Date.now());
  expect(readdirSync(folder).sort()).toEqual(["0", "album", "old.gone"]);
});

test("a trash that became a link takes nothing more", () => {
  const folder = { path: join(workspace, trashName), device: 0, mount: "/" };
  makeTrashFolder(folder);
  expect(readdirSync(folder.path)).toEqual([".gitignore"]);
  renameSync(folder.path, join(workspace, "moved"));
  symlinkSync(photos(), folder.path);
  expect(() => makeTrashFolder(folder)).toThrow("no folder");
});

test("what was put in a thing's place is not put back for it", () => {
  const { place } = take();
  rmSync(place);
  symlinkSync("/etc/passwd", place);
  const outcomes = readEntries(state).flatMap((kept) => restore(kept, undefined));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    { kind: "failed", reason: "what lies in the trash is not what was put there" },
  ]);
  expect(readdirSync(join(workspace, "d"))).toEqual([]);
});

test("no folder is made behind a link, or for another thing", () => {
  const { id, text } = take();
  const entry = JSON.parse(text);
  rmSync(join(workspace, "d"), { recursive: true });
  symlinkSync(photos(), join(workspace, "d"));
  const path = join(workspace, "d/new/x");
  const parents = [
    { path: join(workspace, "d/new"), mode: 0o755 },
    { path: join(base, "made"), mode: 0o755 },
  ];
  writeFileSync(journal(id), JSON.stringify({ ...entry, items: [{ ...entry.items[0], path, parents }] }));
  const outcomes = readEntries(state).flatMap((kept) => restore(kept, undefined));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    { kind: "failed", reason: "its folder is now a link to another" },
  ]);
  expect([existsSync(join(base, "photos/new")), existsSync(join(base, "made"))]).toEqual([false, false]);
});
