import { describe, expect, test } from "vitest";
import {
  type CloudEffect,
  type Effect,
  type FileEffect,
  type HttpEffect,
  plainEffect,
  type SqlEffect,
} from "../../src/model/effect.js";
import type { FileKind, Stat, World } from "../../src/model/world.js";
import { settle } from "../../src/settle/settle.js";

type File = Partial<Extract<Stat, { exists: true }>> | FileKind;

/** No git anywhere; the session began at 1000, the user is 7 and works in /w. */
const files: Readonly<Record<string, File>> = {
  "/w": "directory",
  "/w/old.txt": {},
  "/w/node_modules": "directory",
  "/w/node_modules/a": "directory",
  "/w/lib/node_modules": "directory",
  "/w/lib/node_modules/package.json": {},
  "/w/package.json": {},
  "/w/app/package.json": { born: 1500, changed: 1500, modified: 1500 },
  "/w/app/node_modules": { kind: "directory", changed: 1500, modified: 500 },
  "/w/app/node_modules/thesis.tex": {},
  "/w/mod/package.json": {},
  "/w/mod/node_modules": { kind: "directory", changed: 1500, modified: 1500 },
  "/w/mod/node_modules/a": "directory",
  "/w/mod/node_modules/a/thesis.tex": { changed: 1500 },
  "/w/__pycache__": "directory",
  "/w/__pycache__/a.pyc": {},
  "/w/b.pyc": {},
  "/w/dist": "directory",
  "/w/dist/a.js": {},
  "/w/venv": "directory",
  "/w/venv/pyvenv.cfg": {},
  "/w/venv/bin": "directory",
  "/w/.venv": "directory",
  "/w/.venv/pyvenv.cfg": { changed: 1500 },
  "/w/linked": "directory",
  "/w/linked/node_modules": "directory",
  "/w/linked/node_modules/x.js": { links: 2, changed: 1500 },
  "/w/mount": "directory",
  "/w/mount/disk": { kind: "directory", device: 2 },
  "/w/closed": "directory",
  "/w/closed/inner": { kind: "directory", mode: 0 },
  "/w/huge": "directory",
  "/w/huge/many": { kind: "directory", links: 9999 },
  "/w/old-fs.txt": { born: 0 },
  "/w/own.txt": { born: 1000 },
  "/w/pipe": "fifo",
  "/w/disk": "device",
  "/w/locked": { mode: 0 },
  "/tmp/mine": { uid: 7 },
  "/tmp/theirs": { uid: 8 },
  "/tmp/tree": { kind: "directory", uid: 7 },
  "/tmp/.git": "directory",
  "/tmp/.git/config": {},
  "/h": "directory",
  "/h/notes": "directory",
  "/h/empty": { size: 0 },
  "/tmp/bound": { kind: "directory", uid: 7 },
  "/tmp/bound/in": { kind: "directory", uid: 7 },
  "/tmp/bound/in/a": { uid: 7 },
  "/tmp/bound/share two": { kind: "directory", uid: 7, device: 2 },
  "/tmp/scratch": { kind: "directory", uid: 7 },
  "/tmp/scratch/in": { kind: "directory", uid: 7, device: 3 },
  "/tmp/scratch/in/a": { uid: 7 },
  "/tmp/shown": { kind: "directory", uid: 7 },
  "/tmp/other": { kind: "directory", uid: 7 },
  "/w/cache": "directory",
  "/w/cache/out": "directory",
  "/w/cache/out/CACHEDIR.TAG": {},
  "/w/cache/out/__pycache__": "directory",
  "/w/cache/out/__pycache__/a.pyc": {},
  "/w/volume": "directory",
  "/w/volume/package.json": {},
  "/w/volume/node_modules": "directory",
  "/w/volume/node_modules/a": "directory",
  "/dev/null": "device",
  "/dev/sda": "device",
  "/dev/shm/x": { uid: 7 },
  "/dev/pts/1": "device",
};

describe("files without git", () => {
  test.each([
    ["rm", "/w/old.txt", "workspace none: untracked, from before the session"],
    ["rm", "/w/own.txt", "workspace recreate: made in this session"],
    ["rm", "/w/old-fs.txt", "workspace none: untracked, from before the session"],
    ["rm", "/w/pipe", "workspace recreate: holds no content"],
    [">", "/w/pipe", "workspace needless: holds no content"],
    [">", "/w/disk", "device none: a device"],
    ["rm", "/w/locked", "workspace unknown: cannot be looked at"],
    ["rm -r", "/w/node_modules", 'workspace recreate: build output in "node_modules"'],
    ["rm", "/w/node_modules/none", "workspace needless: does not exist"],
    [
      "rm -r",
      "/w/app/node_modules",
      "workspace none: untracked, from before the session: thesis.tex (of 1 file, 5 B)",
    ],
    [
      "rm -r",
      "/w/mod/node_modules",
      "workspace none: untracked, from before the session: a/thesis.tex (of 1 file, 5 B)",
    ],
    [
      "rm -r",
      "/w/lib/node_modules",
      "workspace none: untracked, from before the session: package.json (of 1 file, 5 B)",
    ],
    ["rm -r", "/w/linked", "workspace recreate: made in this session or build output (1 file, 5 B)"],
    ["rm -r", "/w/__pycache__", 'workspace recreate: build output in "__pycache__"'],
    ["rm", "/w/b.pyc", "workspace recreate: build output"],
    ["rm -r", "/w/dist", "workspace none: untracked, from before the session: a.js (of 1 file, 5 B)"],
    ["rm -r", "/w/venv", 'workspace recreate: build output in "venv"'],
    ["rm -r", "/w/.venv", "workspace none: untracked, from before the session: pyvenv.cfg (of 1 file, 5 B)"],
    ["rm -r", "/w/mount", "workspace none: another file system is mounted in it: disk (of 0 files, 0 B)"],
    ["rm -r", "/w/closed", "workspace unknown: a folder in it cannot be read (EACCES)"],
    ["rm -r", "/w/huge", "workspace unknown: too many files to look at"],
    ["rm", "/w/dist", "workspace recreate: only an empty folder can go this way"],
    [">", "/w/dist", "workspace unknown: may write over any file in the folder"],
    ["rm", "/tmp/mine", "temporary recreate: in a temporary directory"],
    ["rm", "/tmp/theirs", "temporary none: in a temporary directory, but another user's"],
    ["rm -r", "/tmp/tree", "temporary recreate: in a temporary directory"],
    ["rm -r", "/tmp", "protected none: a system folder or a home, not there now"],
    [">", "/tmp/.git/config", "protected none: not to be had again as a whole"],
    ["rm -r", "/h", "protected none: not to be had again as a whole"],
    ["rm -r", "/h/notes", "outside recreate: holds nothing that would be lost"],
    ["rm", "/h/empty", "outside none: outside the workspace"],
    [">", "/h/empty", "outside needless: holds no content"],
    ["chmod -r", "/h", "protected none: "],
    ["chmod", "/w/old.txt", "workspace none: "],
    ["chmod", "/w/own.txt", "workspace recreate: made in this session"],
    ["chmod -r", "/w/node_modules", 'workspace recreate: build output in "node_modules"'],
    ["chmod -r", "/tmp/tree", "temporary recreate: in a temporary directory"],
    ["chmod", "/w/none", "workspace needless: does not exist"],
    ["chmod", "/w/locked", "workspace none: cannot be looked at"],
    ["mv", "/w", "protected needless: "],
    ["mv", "/w/old.txt", "workspace needless: "],
    ["rm -r", "/g", "guard needless: does not exist"],
    ["rm -r", "/g/state/x", "guard needless: does not exist"],
    ["rm -r", "/", "guard needless: does not exist"],
    ["rm", "/home/someone", "protected none: a system folder or a home, not there now"],
    ["rm -r", "/w/.git", "protected needless: does not exist"],
    [">", "/dev/null", "outside needless: a stream keeps nothing"],
    [">", "/dev/fd/3", "outside needless: a stream keeps nothing"],
    [">", "/dev/sda", "device none: a device"],
    [">", "/dev/pts/1", "device none: a device"],
    ["rm", "/dev/null", "device none: a device"],
    ["mv", "/dev/null", "device needless: "],
    ["rm", "/dev/shm/x", "temporary recreate: in a temporary directory"],
    ["rm", "relative", "unknown unknown: "],
  ])("%s %s: %s", (verb, path, expected) => {
    const [effect] = settle([fileEffect(verb, path)], world, []);
    expect(effect?.resource === "file" && `${effect.place} ${effect.recovery}: ${effect.because}`).toBe(
      expected,
    );
  });

  test.each([
    [
      "rm -r",
      "/tmp/bound",
      "temporary none: ext4 /dev/vda (/srv/data) is mounted at /tmp/bound/in, and 1 more in it",
    ],
    ["rm -rx", "/tmp/bound", "temporary none: ext4 /dev/vda (/srv/data) is mounted at /tmp/bound/in"],
    ["rm", "/tmp/bound/in/a", "outside none: outside the workspace"],
    ["rm -r", "/tmp/bound/in", "outside none: outside the workspace: a (of 1 file, 5 B)"],
    ["rm -r", "/tmp/scratch", "temporary recreate: in a temporary directory"],
    ["rm", "/tmp/scratch/in/a", "temporary recreate: in a temporary directory"],
    ["rm -r", "/tmp/shown", "temporary recreate: in a temporary directory"],
    ["rm -r", "/tmp/other", "temporary recreate: in a temporary directory"],
    ["rm -r", "/w/cache", "workspace none: ext4 /dev/vda (/srv/data) is mounted at /w/cache/out"],
    [
      "rm -r",
      "/w/cache/out",
      "workspace none: untracked, from before the session: CACHEDIR.TAG, __pycache__/a.pyc (of 2 files, 10 B)",
    ],
    ["rm", "/w/cache/out/__pycache__/a.pyc", "workspace none: untracked, from before the session"],
    ["rm -r", "/w/volume/node_modules", 'workspace recreate: build output in "node_modules"'],
    ["rm -r", "/w/volume/node_modules/a", 'workspace recreate: build output in "node_modules"'],
  ])("what is mounted: %s %s: %s", (verb, path, expected) => {
    const oneFileSystem = verb.endsWith("x") ? ({ oneFileSystem: true } as const) : {};
    const [effect] = settle([{ ...fileEffect(verb, path), ...oneFileSystem }], world, []);
    expect(effect?.resource === "file" && `${effect.place} ${effect.recovery}: ${effect.because}`).toBe(
      expected,
    );
  });

  test("what a reader said stays, and evidence is added to it", () => {
    const moved: FileEffect = { ...fileEffect("rm", "/w/old.txt"), because: "moved onto a device" };
    const appended: FileEffect = {
      ...fileEffect(">", "/w/old.txt"),
      recovery: "needless",
      because: "appended",
    };
    expect(settle([moved, appended], world, [])).toEqual([
      {
        ...moved,
        place: "workspace",
        recovery: "none",
        because: "moved onto a device; untracked, from before the session",
      },
      { ...appended, place: "workspace" },
    ]);
  });
});

describe("environments by label", () => {
  const labels = [
    { environment: "staging", hosts: ["*.staging.example.com", "staging-db:5432"], ids: ["vol-1"] },
    { environment: "production", hosts: ["*.example.com", "db.internal"], ids: ["vol-2", "orders"] },
  ];
  const http: HttpEffect = {
    ...plainEffect("curl", "send", "/"),
    resource: "http",
    method: "POST",
    host: "",
    path: "/",
  };
  const cloud: CloudEffect = {
    ...plainEffect("railway", "delete", ""),
    resource: "cloud",
    provider: "railway",
    service: "",
    type: "volume",
    operation: "volumeDelete",
  };
  const sql: SqlEffect = {
    ...plainEffect("psql", "delete", "orders"),
    resource: "sql",
    engine: "postgres",
    statement: "DROP TABLE",
    host: "",
    database: "shop",
    restricted: true,
  };
  test.each<[Effect, string]>([
    [{ ...http, host: "api.staging.example.com" }, "staging"],
    [{ ...http, host: "API.Example.com:8443" }, "production"],
    [{ ...http, host: "api.example.com." }, "production"],
    [{ ...http, host: "example.com.evil.org" }, "unknown"],
    [{ ...http, host: "apiXexample.com" }, "unknown"],
    [{ ...http, host: "api.example.com", environment: "staging" }, "staging"],
    [{ ...cloud, target: "vol-1" }, "staging"],
    [{ ...cloud, target: "vol-2" }, "production"],
    [{ ...cloud, target: "vol" }, "unknown"],
    [{ ...sql, host: "staging-db:5432", target: "x" }, "staging"],
    [{ ...sql, host: "staging-db:5433", target: "x" }, "unknown"],
    [{ ...sql, host: "db.internal:5432", target: "x" }, "production"],
  ])("%j", (effect, environment) => {
    expect(settle([effect], world, labels)).toEqual([{ ...effect, environment }]);
  });
});

function fileEffect(verb: string, target: string): FileEffect {
  const [tool = "", flag] = verb.split(" ");
  return {
    ...plainEffect(tool, tool === "rm" ? "delete" : "modify", target),
    resource: "file",
    place: "unknown",
    recursive: flag !== undefined,
    aspect: tool === "mv" ? "name" : tool === "chmod" ? "access" : "content",
  };
}

function lstat(path: string): Stat {
  const file = files[path];
  if (file === undefined) return { exists: false, reason: "missing" };
  const given = typeof file === "string" ? { kind: file } : file;
  if (given.mode === 0 && given.kind === undefined) return { exists: false, reason: "unreadable" };
  const times = { born: 500, modified: 500, changed: 500 };
  return {
    exists: true,
    kind: "file",
    size: 5,
    uid: 7,
    mode: 0o644,
    links: 1,
    device: 1,
    inode: 1,
    ...times,
    ...given,
  };
}

/** Lines of proc(5), mountinfo: binds of a folder, a share, one that cannot be written, one that is gone with the power. */
const mounts = [
  "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
  "40 27 254:0 /srv/data /tmp/bound/in rw,relatime shared:1 - ext4 /dev/vda rw",
  "41 27 0:50 / /tmp/bound/share\\040two rw - nfs4 nas:/work rw",
  "42 27 0:51 / /tmp/scratch/in rw - tmpfs tmpfs rw",
  "43 27 254:0 /srv/data /tmp/shown/in ro,relatime - ext4 /dev/vda rw",
  "44 27 254:0 /srv/data /w/cache/out rw,relatime - ext4 /dev/vda rw",
  "45 27 254:0 /srv/modules /w/volume/node_modules rw,relatime - ext4 /dev/vda rw",
  "46 27 254:0 /srv/x /w/out/pkg/in rw,relatime - ext4 /dev/vda rw",
].join("\n");

const world: World = {
  user: { uid: 7, home: "/h", homeOf: () => undefined },
  session: { startedAt: 1000, workspace: "/w", guardPaths: ["/g/state"], temporary: ["/tmp", "/dev/shm"] },
  lstat,
  realpath: (path) => path,
  readdir(path, cap) {
    if (path === "/w/closed/inner") return { ok: false, reason: "EACCES" };
    if (path === "/w/huge/many") return { ok: true, names: [], complete: false };
    const names = Object.keys(files)
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1))
      .filter((name) => !name.includes("/"));
    return { ok: true, names: names.slice(0, cap), complete: names.length <= cap };
  },
  readFile: (path) =>
    path === "/proc/self/mountinfo"
      ? { ok: true, bytes: Buffer.from(mounts), complete: true }
      : { ok: false, reason: "no content here" },
  git: {
    repository: () => undefined,
    tracked: () => new Map(),
    blobId: () => "",
    ignoredSinceStart: () => false,
    query: () => ({ ok: false, reason: "no git here" }),
  },
  findProgram: () => undefined,
  isShimmed: () => false,
  parseSql: () => ({ kind: "loading" }),
  fingerprint: (value) => value,
};
