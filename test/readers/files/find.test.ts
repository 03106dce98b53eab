import { expect, test } from "vitest";
import { type Arg, unknown } from "../../../src/model/arg.js";
import type { Call, Inner } from "../../../src/model/call.js";
import type { Effect } from "../../../src/model/effect.js";
import { find } from "../../../src/readers/files/find.js";
import { fakeCall, fakeWorld, fileEffect as file, opaque, tree } from "../fake-world.js";

const world = fakeWorld({
  files: {
    "/w/d/a.txt": "a",
    "/w/d/.hidden": "h",
    "/w/d/b.log": "",
    "/w/d/sub/c.log": "cc",
    "/w/d/node_modules/x/y.log": "y",
    "/w/d/link": "-> /elsewhere",
    "/elsewhere/z.log": "z",
  },
});
const each = unknown("{}", "each file that find comes upon");
const all = { ...each, splits: true };
const gone = (...paths: readonly string[]) => paths.map((path) => file("find", "delete", path));
const maybe = (...paths: readonly string[]) =>
  gone(...paths).map((one) => ({ ...one, certainty: "possible" as const }));
const x = unknown("$X", "r");

const table: readonly (readonly [
  string | readonly Arg[],
  readonly Effect[],
  readonly Inner[],
  Partial<Call>?,
])[] = [
  ["find d", [], []],
  ["find d -name *.log -print", [], []],
  ["find d -delete", [tree("find", "/w/d")], []],
  ["find d/a.txt -delete", gone("/w/d/a.txt"), []],
  ["find missing -delete", [], []],
  ["find d -name *.log -delete", gone("/w/d/b.log", "/w/d/node_modules/x/y.log", "/w/d/sub/c.log"), []],
  [
    "find -L d -name *.log -delete",
    gone("/w/d/b.log", "/w/d/link/z.log", "/w/d/node_modules/x/y.log", "/w/d/sub/c.log"),
    [],
  ],
  ["find d -maxdepth 1 -type f -delete", gone("/w/d/.hidden", "/w/d/a.txt", "/w/d/b.log"), []],
  ["find d -mindepth 2 -iname *.LOG -delete", gone("/w/d/node_modules/x/y.log", "/w/d/sub/c.log"), []],
  ["find d -empty -delete", gone("/w/d/b.log"), []],
  ["find d -size -1 -type f -delete", gone("/w/d/b.log"), []],
  ["find d -path */node_modules/* -delete", gone("/w/d/node_modules/x/y.log"), []],
  ["find d ( -name a* -o -name [!a-z]* ) -type f -delete", gone("/w/d/.hidden", "/w/d/a.txt"), []],
  ["find d ! -name *.log -type f -delete", gone("/w/d/.hidden", "/w/d/a.txt"), []],
  ["find d -not -name *.log -a -type l -delete", gone("/w/d/link"), []],
  [
    "find d -name *.log -mtime +7 -delete",
    maybe("/w/d/b.log", "/w/d/node_modules/x/y.log", "/w/d/sub/c.log"),
    [],
  ],
  ["find d -name a.txt , -name b.log -delete", gone("/w/d/b.log"), []],
  ["find d -type f -name nothing -delete", [], []],
  ["find d -strange -type f -name a.txt -delete", maybe("/w/d/a.txt"), []],
  [
    "find d -name a.txt -fprint d/b.log",
    [file("find", "modify", "/w/d/b.log", { recovery: "needless" })],
    [],
  ],
  [["find", "d", "-name", x, "-type", "l", "-delete"], maybe("/w/d/link"), [], { sight: "later" }],
  [["find", x, "-delete"], [], [], { sight: "later" }],
  [
    ["find", x, "-delete"],
    [opaque("find", "$X", "cannot tell what it would delete: r")],
    [],
    { sight: "never" },
  ],
  [
    ["find", "d", "-type", "f", x],
    [opaque("find", "$X", "cannot tell what it would do: r")],
    [],
    { sight: "never" },
  ],
  [["find", "d", "-type", "f", x], [], [], { sight: "later" }],

  // Seen by rm's own shim: nothing to foresee at find's exec door.
  ["find d -name a.txt -exec rm {} ;", [], [inner(["rm", each], "later", false)]],
  ["find d -name a.txt -exec rm {} ;", [], [inner(["rm", "/w/d/a.txt"], "later")], { sight: "later" }],
  ["find d -name a* -exec /bin/rm -f {} +", [], [inner(["/bin/rm", "-f", "/w/d/a.txt"], "never")]],
  ["find d -name a* -mtime 1 -exec /bin/rm {} ;", [], [inner(["/bin/rm", "/w/d/a.txt"], "never", false)]],
  [
    "find d -name a* -execdir /bin/mv {} {}.bak ;",
    [],
    [
      {
        kind: "call",
        argv: ["/bin/mv", "/w/d/a.txt", "/w/d/a.txt.bak"],
        via: "find -exec",
        sight: "never",
        cwd: "/w/d",
      },
    ],
  ],
  ["find d -name nothing -exec rm {} +", [], [], { sight: "later" }],
  ["find d -exec grep -l x {} +", [], [inner(["grep", "-l", "x", all], "later", false)]],
  [
    ["find", x, "-exec", "/bin/rm", "{}", ";"],
    [],
    [inner(["/bin/rm", each], "never", false)],
    { sight: "never" },
  ],
];

for (const [words, effects, expected, more] of table) {
  test(JSON.stringify(words), () => {
    const reading = find.read(fakeCall(words, more), world);
    const sorted = [...reading.effects].sort((a, b) => (a.target < b.target ? -1 : 1));
    expect({ ...reading, effects: sorted }).toEqual({ effects, inner: expected, wantsStdin: false });
  });
}

function inner(argv: readonly Arg[], sight: "later" | "never", certain = true): Inner {
  return { kind: "call", argv, via: "find -exec", sight, ...(certain ? {} : { certain }) };
}
