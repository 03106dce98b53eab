import { expect, test } from "vitest";
import { envFrom } from "../../../src/model/env.js";
import { readLine } from "../../../src/readers/read.js";
import { table } from "../../example-judge.js";
import { fakeWorld } from "../../fake-world.js";
import { show } from "../effect-words.js";

const makefile = [
  "OUT := build",
  "DEST ?= /srv/site",
  "CACHE = $(shell mktemp -d)",
  "",
  "all: compile ## the default",
  "\techo done",
  "compile: | $(OUT)",
  "\tcc -o $(OUT)/app main.c",
  "$(OUT):",
  "\tmkdir -p $@",
  "clean:",
  "\t@rm -rf $(OUT) \\",
  "\t  *.o",
  "\t-$(RM) data.db",
  "distclean: clean",
  "\t$(MAKE) -C sub wipe",
  "publish:",
  "\trsync -a --delete $(OUT)/ $(DEST)/",
  "unclear:",
  "\trm -rf $(CACHE)/x",
  "dollars:",
  '\tfor f in a b; do rm "$$f"; done',
  "loop: pool",
  "pool: loop",
  "\trm pool",
  "ifdef X",
  "maybe: ; rm maybe",
  "endif",
].join("\n");

const justfile = [
  "target := 'x'",
  "default: build",
  "",
  "# builds",
  "build:",
  "    echo build",
  "clean: build",
  "    @rm -rf out",
  "    -rm data.db",
  "param name='x' +rest:",
  "    rm {{name}}",
  "script:",
  "    #!/usr/bin/env bash",
  "    set -e",
  "    rm one",
  "    rm two",
].join("\n");

const world = fakeWorld({
  files: {
    "/w/Makefile": { text: makefile },
    "/w/sub/Makefile": { text: "wipe:\n\trm deep\n" },
    "/w/other.mk": { text: "x:\n\trm other\n" },
    "/w/justfile": { text: justfile },
    "/w/data.db": { text: "rows" },
    "/w/a.o": { text: "o" },
    "/w/build/index.html": { text: "new" },
    "/srv/site/index.html": { text: "older" },
    "/srv/site/old.html": { text: "old" },
  },
});

const gone = (...paths: readonly string[]) => paths.map((path) => `delete file ${path}, unknown`);

test.each<[string, readonly string[]]>([
  ["make", []],
  ["make clean", gone("/w/build", "/w/a.o", "/w/data.db")],
  ["make -n clean", []],
  ["make -j4 distclean", gone("/w/build", "/w/a.o", "/w/data.db", "/w/sub/deep")],
  ["make clean OUT=/srv/www", gone("/srv/www", "/w/a.o", "/w/data.db")],
  ["make publish", ["delete file /srv/site/old.html, unknown?"]],
  ["make unclear", []],
  ["make dollars", gone("/w/a", "/w/b")],
  ["make loop", gone("/w/pool")],
  ["make maybe", gone("/w/maybe")],
  ["make -f other.mk", gone("/w/other")],
  ["make -f - < other.mk", gone("/w/other")],
  [String.raw`printf 'x:\n\trm piped\n' | make -f -`, gone("/w/piped")],
  ["make -C sub wipe", gone("/w/sub/deep")],
  ["cd sub && make", gone("/w/sub/deep")],
  ["make nothing-of-that-name", []],
  ["just", []],
  ["just clean", gone("/w/out", "/w/data.db")],
  ["cd sub; just clean", gone("/w/out", "/w/data.db")],
  ["just --dry-run clean", []],
  ["just param notes", []],
  ["just script", gone("/w/one", "/w/two")],
])("%s", (text, expected) => {
  const { effects } = readLine(
    {
      text,
      shell: "bash",
      args: ["bash"],
      cwd: "/w",
      env: envFrom([["PATH", "/shims:/usr/bin"]]),
      stdin: { kind: "none" },
      via: [],
    },
    table,
    world,
  );
  expect(effects.filter(({ action }) => action === "delete").map(show)).toEqual(expected);
});
