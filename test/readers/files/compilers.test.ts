import { expect, test } from "vitest";
import { compiling } from "../../../src/readers/files/compilers.js";
import { fakeCall, fakeWorld } from "../fake-world.js";

const world = fakeWorld({
  files: {
    "/w/app": "\x7fELF\x02\x01\x01\0",
    "/w/notes.txt": "notes",
    "/w/graph.png": "png",
    "/w/a.d": "a.o: a.c",
    "/w/bin/app": "\x7fELF\x02\x01\x01\0",
    "/usr/bin/tool": "\x7fELF\x02\x01\x01\0",
  },
});

test.each([
  ["gcc -o app a.c", ["modify /w/app recreate"]],
  ["gcc -o notes.txt a.c", ["modify /w/notes.txt unknown"]],
  ["gcc -o notes.txt notes.c", ["modify /w/notes.txt unknown"]],
  ["gcc -c -MD -MF a.d a.c", ["modify /w/a.d recreate"]],
  ["dot -Tpng -o graph.png graph.dot", ["modify /w/graph.png recreate"]],
  ["dot -Tpng -o graph.png other.dot", ["modify /w/graph.png unknown"]],
  ["gcc -o other a.c", ["create /w/other needless"]],
  ["gcc -o /usr/bin/tool a.c", ["modify /usr/bin/tool unknown"]],
  ["go build -o bin ./...", []],
  ["go vet -o notes.txt", []],
])("%s", (line, wanted) => {
  const { effects } = compiling.read(fakeCall(line), world);
  expect(effects.map(({ action, target, recovery }) => `${action} ${target} ${recovery}`)).toEqual(wanted);
});

test("what make compiles is made again", () => {
  const { effects } = compiling.read(fakeCall("cc -o notes.txt a.c", { via: ["make"] }), world);
  expect(effects.map(({ recovery }) => recovery)).toEqual(["recreate"]);
});
