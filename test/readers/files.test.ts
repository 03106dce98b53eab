import { expect, test } from "vitest";
import { type Arg, unknown } from "../../src/model/arg.js";
import type { Call } from "../../src/model/call.js";
import type { Effect, FileEffect } from "../../src/model/effect.js";
import { access } from "../../src/readers/files/access.js";
import { cp, install, ln } from "../../src/readers/files/copy.js";
import { dd } from "../../src/readers/files/dd.js";
import { mv } from "../../src/readers/files/move.js";
import { rimraf, rm, rmdir, unlink } from "../../src/readers/files/rm.js";
import { shred } from "../../src/readers/files/shred.js";
import { sort } from "../../src/readers/files/sort.js";
import { rsync } from "../../src/readers/files/sync.js";
import { tee } from "../../src/readers/files/tee.js";
import { trash } from "../../src/readers/files/trash.js";
import { fallocate, truncate } from "../../src/readers/files/truncate.js";
import type { Reader } from "../../src/readers/reader.js";
import { fakeCall, fakeWorld, fileEffect as file, opaque, renamed, tree } from "./fake-world.js";

const world = fakeWorld({
  files: {
    "/w/notes.txt": "my notes",
    "/w/empty": "",
    "/w/notes/a.txt": "a",
    "/w/from/sub/b.txt": "b",
    "/w/from/c.txt": "c",
    "/w/to/from/sub/b.txt": "older",
    "/w/out/x": "x",
    "/w/link": "-> /elsewhere/deep",
    "/elsewhere/deep/a.txt": "a",
    "/elsewhere/notes": "n",
    "/dev/null": "device",
    "/dev/sda": "device",
  },
  ignored: ["/w/out"],
});
const x = unknown("$X", 'variable "X" is not set here', "", true);
const far = (host: string, target: string): Effect =>
  tree("rsync", target, { place: "remote", host, certainty: "possible", because: `on ${host}` });
const inFolder = unknown("/srv/$X", "r", "/srv/");

const writable = "every account could write to it";
const setId = "whoever starts it gets its owner's rights";
const shut = "not even its owner could use it any longer";
const own = { recovery: "needless", because: "its owner's again" } as const;
const whole = { recursive: true, extent: { kind: "unknown" } } as const;

function mode(
  tool: string,
  action: FileEffect["action"],
  target: string,
  more: Partial<FileEffect> = {},
): Effect {
  return file(tool, action, target, { aspect: "access", recovery: "unknown", ...more });
}

function lost(target: string, isFolder = false): Effect {
  return isFolder
    ? tree("rsync", target, { certainty: "possible" })
    : file("rsync", "delete", target, { certainty: "possible" });
}

const sent: Effect = {
  ...file("rsync", "create", "host:/srv", { place: "remote", host: "host", because: "puts a copy on host" }),
  machine: "host",
  extent: { kind: "exact", count: 1, unit: "objects" },
};
const synced = ["/w/to/c.txt", "/w/to/sub"].map((path) => file("rsync", "create", path));
const table: readonly (readonly [string | readonly Arg[], readonly Effect[], Partial<Call>?])[] = [
  ["rm a b", [file("rm", "delete", "/w/a"), file("rm", "delete", "/w/b")]],
  ["rm -rf notes", [tree("rm", "/w/notes")]],
  ["rm -f notes -R", [tree("rm", "/w/notes")]],
  ["rm --recur notes/", [tree("rm", "/w/notes")]],
  ["rm -- -rf", [file("rm", "delete", "/w/-rf")]],
  ["rm -rf notes/../other //srv//x/.", [tree("rm", "/w/other"), tree("rm", "/srv/x")]],
  // A `..` behind a link is the parent of what the link points to.
  ["rm -rf link/../notes", [tree("rm", "/elsewhere/notes")]],
  ["rm link", [file("rm", "delete", "/w/link")]],
  ["rm -rf link/", [tree("rm", "/elsewhere/deep")]],
  ["rm -rf /", [tree("rm", "/")]],
  ["rm -rf ..", [tree("rm", "/")]],
  ["rm --help x", []],
  [["rm", ""], []],
  [["rm", "-rf", x, "a"], [tree("rm", "/w/a")], { sight: "later" }],
  [
    ["rm", "-rf", x],
    [opaque("rm", "$X", 'cannot tell what it would delete: variable "X" is not set here')],
    { sight: "never" },
  ],
  [["rm", "-rf", inFolder], [opaque("rm", "/srv/$X", "cannot tell what it would delete: r")]],
  [
    "rm a",
    [
      opaque(
        "rm",
        "a",
        "cannot tell what it would delete: the directory that it is relative to is not known: r",
      ),
    ],
    { cwd: unknown("$D", "r") },
  ],
  ["rm a", [], { cwd: unknown("$D", "r"), sight: "later" }],
  ["rm /a", [file("rm", "delete", "/a")], { cwd: unknown("$D", "r"), sight: "later" }],
  [
    ["rm", unknown("-$F", "r", "-"), "d"],
    [tree("rm", "/w/d"), opaque("rm", "-$F", "cannot tell what it would delete: r")],
  ],
  ["rimraf notes", [tree("rimraf", "/w/notes")]],
  ["rsync -av --delete from/ to/", [lost("/w/to/from", true), ...synced]],
  ["rsync -av from/ to/", synced],
  ["rsync -avn --delete from/ to/", []],
  ["rsync -a --delete from/ host:/srv", [{ ...far("host", "host:/srv"), machine: "host" }, sent]],
  ["rsync -a from/ host:/srv", [sent]],
  ["sort -o notes.txt /dev/null", [file("sort", "modify", "/w/notes.txt")]],
  ["sort -u notes.txt -o notes.txt", []],
  ["unlink notes.txt", [file("unlink", "delete", "/w/notes.txt")]],
  ["rmdir notes", [file("rmdir", "delete", "/w/notes", { aspect: "name", recovery: "needless" })]],

  ["mv notes new", [renamed("mv", "/w/notes", "/w/new")]],
  ["mv notes.txt empty", [renamed("mv", "/w/notes.txt", "/w/empty"), file("mv", "delete", "/w/empty")]],
  ["mv -n notes.txt empty", [renamed("mv", "/w/notes.txt", "/w/empty")]],
  ["mv -b notes.txt empty", [renamed("mv", "/w/notes.txt", "/w/empty")]],
  ["mv -n -f notes.txt empty", [renamed("mv", "/w/notes.txt", "/w/empty"), file("mv", "delete", "/w/empty")]],
  [
    "mv notes.txt empty notes",
    [renamed("mv", "/w/notes.txt", "/w/notes/notes.txt"), renamed("mv", "/w/empty", "/w/notes/empty")],
  ],
  ["mv from/c.txt -t notes", [renamed("mv", "/w/from/c.txt", "/w/notes/c.txt")]],
  [
    "mv notes.txt /dev/null",
    [
      file("mv", "delete", "/w/notes.txt", { because: "moved onto a device" }),
      file("mv", "delete", "/dev/null"),
    ],
  ],
  ["mv notes /tmp", [tree("mv", "/w/notes", { because: "moved into a temporary directory" })]],
  ["mv /tmp/a /tmp/b", [renamed("mv", "/tmp/a", "/tmp/b")]],
  ["mv notes.txt out/", [file("mv", "delete", "/w/notes.txt", { because: "moved into build output" })]],
  ["mv notes.txt out", [file("mv", "delete", "/w/notes.txt", { because: "moved into build output" })]],
  ["mv out/x out/y", [renamed("mv", "/w/out/x", "/w/out/y")]],
  ["mv notes.txt notes.txt", []],
  [["mv", "notes.txt", x], [], { sight: "later" }],
  [
    ["mv", "notes.txt", x],
    [opaque("mv", "$X", 'cannot tell what it would overwrite: variable "X" is not set here')],
  ],

  ["cp notes.txt new.txt", [file("cp", "create", "/w/new.txt")]],
  ["cp /dev/null notes.txt", [file("cp", "modify", "/w/notes.txt")]],
  ["cp -n a notes.txt", []],
  ["cp --backup=none a notes.txt", [file("cp", "modify", "/w/notes.txt")]],
  ["cp -b a notes.txt", []],
  ["cp a /dev/sda", [file("cp", "modify", "/dev/sda")]],
  ["cp a /dev/null", []],
  ["cp -r from to", [file("cp", "create", "/w/to/from/c.txt"), file("cp", "modify", "/w/to/from/sub/b.txt")]],
  [
    "cp -r from/. to/from",
    [file("cp", "create", "/w/to/from/c.txt"), file("cp", "modify", "/w/to/from/sub/b.txt")],
  ],
  ["cp -r from new", [file("cp", "create", "/w/new")]],
  ["cp from to", []],
  ["cp -l a notes.txt", []],
  ["cp --remove-destination a notes.txt", [file("cp", "delete", "/w/notes.txt")]],
  [["cp", x, "notes.txt"], [file("cp", "modify", "/w/notes.txt")], { sight: "later" }],
  ["install -m 755 a notes.txt", [file("install", "modify", "/w/notes.txt")]],
  ["install -d notes.txt", []],
  ["ln -s a new", [file("ln", "create", "/w/new", { linksTo: "/w/a" })]],
  ["ln -s a notes.txt", []],
  ["ln -sf a notes.txt", [file("ln", "delete", "/w/notes.txt", { linksTo: "/w/a" })]],
  ["ln -s ../a from/new", [file("ln", "create", "/w/from/new", { linksTo: "/w/a" })]],
  ["ln notes.txt from/new", [file("ln", "create", "/w/from/new", { linksTo: "/w/notes.txt" })]],
  ["ln -sf from/notes.txt", [file("ln", "delete", "/w/notes.txt", { linksTo: "/w/from/notes.txt" })]],
  ["ln -sfn a link", [file("ln", "delete", "/w/link", { linksTo: "/w/a" })]],

  ["dd if=a of=notes.txt", [file("dd", "modify", "/w/notes.txt")]],
  ["dd if=a", []],
  [
    "dd of=notes.txt oflag=append conv=notrunc",
    [file("dd", "modify", "/w/notes.txt", { recovery: "needless" })],
  ],
  [["dd", unknown("of=$X", "r", "of=")], [opaque("dd", "of=$X", "cannot tell what it would overwrite: r")]],
  ["truncate -s 0 notes.txt", [file("truncate", "modify", "/w/notes.txt")]],
  ["truncate -s +5 notes.txt", [file("truncate", "modify", "/w/notes.txt", { recovery: "needless" })]],
  ["truncate --size=100 notes.txt", [file("truncate", "modify", "/w/notes.txt", { recovery: "needless" })]],
  ["truncate -s 0 new", [file("truncate", "create", "/w/new")]],
  ["truncate -c -s 0 new", []],
  ["shred notes.txt", [file("shred", "modify", "/w/notes.txt")]],
  ["shred -zun 3 notes.txt", [file("shred", "delete", "/w/notes.txt")]],
  [
    "tee notes.txt empty",
    [file("tee", "modify", "/w/notes.txt"), file("tee", "modify", "/w/empty", { recovery: "needless" })],
  ],
  ["tee -a notes.txt", [file("tee", "modify", "/w/notes.txt", { recovery: "needless" })]],
  ["tee /dev/stderr", []],
  ["chmod +x notes.txt", [mode("chmod", "modify", "/w/notes.txt")]],
  ["chmod -x notes.txt", [mode("chmod", "modify", "/w/notes.txt")]],
  ["chmod -x a", [mode("chmod", "modify", "/w/a")]],
  ["chmod u=rw,go-rwx notes.txt", [mode("chmod", "modify", "/w/notes.txt")]],
  ["chmod a+w /elsewhere/notes", [mode("chmod", "grant", "/elsewhere/notes", { because: writable })]],
  ["chmod 0666 /elsewhere/notes", [mode("chmod", "grant", "/elsewhere/notes", { because: writable })]],
  // Behind a folder that nobody else may enter.
  ["chmod 777 notes.txt", [mode("chmod", "modify", "/w/notes.txt")]],
  ["chmod +w notes.txt", [mode("chmod", "modify", "/w/notes.txt")]],
  ["chmod o=u /elsewhere/notes", [mode("chmod", "grant", "/elsewhere/notes", { because: writable })]],
  ["chmod 1777 to", [mode("chmod", "modify", "/w/to")]],
  ["chmod 4711 a", [mode("chmod", "grant", "/w/a", { because: setId, recovery: "none" })]],
  ["chmod u+s,g-w a", [mode("chmod", "grant", "/w/a", { because: setId, recovery: "none" })]],
  ["chmod g+s to", [mode("chmod", "modify", "/w/to")]],
  ["chmod 000 notes.txt", [mode("chmod", "delete", "/w/notes.txt", { because: shut })]],
  ["chmod -R 644 to", [mode("chmod", "delete", "/w/to", { because: shut, ...whole })]],
  ["chmod -R a-x,a+X to", [mode("chmod", "modify", "/w/to", whole)]],
  ["chmod -R 755 to", [mode("chmod", "modify", "/w/to", whole)]],
  ["chmod --recurs 777 to", [mode("chmod", "grant", "/w/to", { because: writable, ...whole })]],
  ["chmod 777 to -fR", [mode("chmod", "grant", "/w/to", { because: writable, ...whole })]],
  ["chmod --reference=a notes.txt", [mode("chmod", "modify", "/w/notes.txt")]],
  ["chmod --help", []],
  ["chown -R dev /w", [mode("chown", "grant", "/w", { because: "gives it to dev", ...whole })]],
  ["chown -R dev from", [mode("chown", "modify", "/w/from", whole)]],
  ["chown -R 1000:1000 /w", [mode("chown", "modify", "/w", { ...own, ...whole })]],
  [["chown", "-R", unknown("$USER:$USER", "r"), "."], [mode("chown", "modify", "/w", { ...own, ...whole })]],
  ["chown eve /etc/passwd", [mode("chown", "grant", "/etc/passwd", { because: "gives it to eve" })]],
  ["chown root /etc/passwd", [mode("chown", "modify", "/etc/passwd")]],
  ["chgrp -R dev /w", [mode("chgrp", "modify", "/w", whole)]],
  ["chown -RL dev from", [mode("chown", "modify", "/w/from", whole)]],

  ["rsync notes.txt copy.txt", [file("rsync", "create", "/w/copy.txt")]],
  ["rsync a notes.txt", []],
  ["rsync from/c.txt notes.txt", [file("rsync", "modify", "/w/notes.txt")]],
  ["rsync --ignore-existing from/c.txt notes.txt", []],
  [
    "rsync -a --delete to/ from/",
    [lost("/w/from/sub", true), lost("/w/from/c.txt"), file("rsync", "create", "/w/from/from")],
  ],
  ["rsync -a --delete to from", [file("rsync", "create", "/w/from/to")]],
  [
    "rsync -a --delete --exclude x to/ from/",
    [lost("/w/from", true), file("rsync", "create", "/w/from/from")],
  ],
  ["rsync -a --delete none/ from/", [lost("/w/from", true)]],
  ["rsync -a --remove-sent-files from/ to/", [lost("/w/from", true), ...synced]],
  ["rsync --write-batch=notes.txt -a from/ to/", [...synced, file("rsync", "modify", "/w/notes.txt")]],
  [
    "rsync -a from/sub/ to/from/sub",
    [file("rsync", "modify", "/w/to/from/sub/b.txt", { recovery: "needless" })],
  ],

  ["fallocate -l 10 notes.txt", [file("fallocate", "modify", "/w/notes.txt", { recovery: "needless" })]],
  ["fallocate -po 0 -l 10 notes.txt", [file("fallocate", "modify", "/w/notes.txt")]],
  ["trash notes.txt", [tree("trash", "/w/notes.txt", { recovery: "trash", because: "goes to the trash" })]],
  ["trash --help", []],
  ["gio open notes.txt", []],
  [
    "trash-empty",
    [
      tree("trash-empty", "/home/me/.local/share/Trash", {
        recovery: "none",
        because: "the trash is emptied",
      }),
    ],
  ],
  ["rm -rfx notes", [tree("rm", "/w/notes", { oneFileSystem: true })]],
  ["mv notes.txt /srv/new", [renamed("mv", "/w/notes.txt", "/srv/new"), file("mv", "create", "/srv/new")]],
  ["dc3dd wipe=/dev/sda", [file("dc3dd", "modify", "/dev/sda")]],
];

const readers: readonly Reader[] = [
  trash,
  fallocate,
  rm,
  unlink,
  rmdir,
  mv,
  cp,
  install,
  ln,
  dd,
  truncate,
  shred,
  tee,
  access,
  rimraf,
  rsync,
  sort,
];

for (const [words, expected, more] of table) {
  test(JSON.stringify(words), () => {
    const call = fakeCall(words, more);
    const reader = readers.find(({ names }) => names.includes(String(call.tool)));
    expect(reader?.read(call, world)).toEqual({ effects: expected, inner: [], wantsStdin: false });
  });
}
