import { describe, expect, test } from "vitest";
import { worldAfter } from "../../src/expand/files.js";
import { expandLine, type LineInput } from "../../src/expand/line.js";
import { type Arg, isKnown } from "../../src/model/arg.js";
import type { Call, Stdin } from "../../src/model/call.js";
import { envFrom, envGet } from "../../src/model/env.js";
import { fakeWorld } from "../fake-world.js";
import { lineCases } from "./line-cases.js";

const world = fakeWorld({
  files: {
    "/w/a.txt": { text: "A\n" },
    "/w/b.txt": { text: "B\n" },
    "/w/sub/c.txt": { text: "C\n" },
    "/w/lib.sh": { text: 'greet() { rm "$1"; }\nX=fromlib\ncd sub\n' },
    "/srv/data": { text: "precious" },
  },
  missing: ["lib.sh"],
});
const env = envFrom([
  ["HOME", "/home/me"],
  ["PATH", "/shims:/usr/bin"],
]);

function expand(text: string, more: Partial<LineInput> = {}) {
  const input = {
    text,
    shell: "bash",
    args: ["bash"],
    cwd: "/w",
    env,
    stdin: { kind: "terminal" },
    via: [],
  } as const;
  return expandLine({ ...input, ...more }, world);
}

describe("text becomes the calls that it would make", () => {
  const rows = lineCases.map(([line, calls, errors = []]) => ({ line, calls, errors }));
  test.each(rows)("$line", ({ line, calls, errors }) => {
    const found = expand(line);
    expect({ calls: found.calls.map(show), errors: found.errors }).toEqual({ calls, errors });
  });
});

describe("what starts itself without end", () => {
  const cases: readonly (readonly [text: string, storms: readonly string[], args?: readonly string[]])[] = [
    [":(){ :|:& };:", [":", ":"]],
    ["bomb(){ bomb & }; bomb", ["bomb"]],
    ["function f { f | f; }; f", ["f", "f"]],
    ["f(){ (f); }; f", ["f"]],
    ["f(){ x=$(f); }; f", ["f"]],
    ["f(){ coproc f; }; f", ["f"]],
    ["a(){ b & }; b(){ a; }; a", ["a"]],
    ["f(){ while :; do f & done; }; f", ["f"]],
    ["f(){ for i in 1 2; do f & done; }; f", ["f", "f"]],
    ["x && f(){ f & }; x || f", ["f"]],
    ["$0 & $0 &", ["$0", "$0"], ["./s.sh"]],
    ["bash $0 | cat", ["bash $0"], ["s.sh"]],
    ["$0 & $0 &", []],
    ["f(){ f; }; f", []],
    ["f(){ f & }", []],
    ["f(){ x && f & }; f", []],
    ["f(){ if x; then f | cat; fi; }; f", []],
    ["f(){ [ $1 = 0 ] && return; f 0 & }; f", []],
    ["f(){ x || exit; f | cat; }; f", []],
    ["f(){ ls | while read -r d; do f $d; done; }; f", []],
    ["f(){ for d in */; do (f $d); done; }; f", []],
    ["ls(){ command ls | cat; }; ls", []],
    ["while true; do work & done", []],
    ["exec $0", [], ["./s.sh"]],
    ["[ $# = 0 ] || $0 &", [], ["./s.sh"]],
  ];
  test.each(cases.map(([text, storms, args = ["bash"]]) => ({ text, storms, args })))("$text", (row) => {
    const { text, storms, args } = row;
    const found = expand(text, { args }).storms.map(({ start, end }) => text.slice(start, end));
    expect([...new Set(found)]).toEqual([...new Set(storms)]);
  });
});

describe("shells differ", () => {
  const cases: readonly (readonly [LineInput["shell"], string, readonly string[]])[] = [
    ["sh", "rm {a,b}", ["rm {a,b}"]],
    ["zsh", "x='a b'; rm $x", ['rm "a b"']],
    ["zsh", "x=; rm $x a", ["rm a"]],
    ["zsh", "rm d/*(.)", ["rm ⁇d/*(.)[d/]"]],
    ["zsh", "echo x | read y; rm $y", ["*echo x", "*read y <pipe:x\\n", "rm ⁇$y"]],
    ["sh", "alias l=/bin/rm\nl x", ["*alias l=/bin/rm", "*l x as ⁇l"]],
    ["sh", "echo 'a\\nb' | sh", ['*echo "a\\\\nb"', "sh <⁇comes from a pipe"]],
  ];
  test.each(cases)("%s: %s", (shell, line, calls) => {
    expect(expand(line, { shell, args: [shell] }).calls.map(show)).toEqual(calls);
  });
});

describe("what surrounds a line", () => {
  test("arguments, depth of the way, sight, certainty and span come from the input", () => {
    const { calls } = expand('rm "$0" "$@"', {
      args: ["x", "a", "b c"],
      via: ["bash -c"],
      sight: "never",
      certain: false,
      span: { start: 3, end: 9 },
    });
    expect(calls.map((call) => [show(call), call.span])).toEqual([
      ['*?rm x a "b c" (bash -c)', { start: 3, end: 9 }],
    ]);
  });

  test("spans are offsets in the text, also inside substitutions; in decoded text the whole substitution's", () => {
    const text = "a; b $(c d) `e \\`f\\``";
    const spans = expand(text).calls.map(({ span }) => text.slice(span?.start, span?.end));
    expect(spans).toEqual(["a", "c d", "`e \\`f\\``", "`e \\`f\\``", "b $(c d) `e \\`f\\``"]);
  });

  test("exported variables and prefix assignments are in the environment of a call, others are not", () => {
    const { calls } = expand("A=1; export B=2; HOME=/h; C=3 cmd; unset HOME; cmd");
    const seen = calls.filter((call) => call.tool === "cmd");
    expect(seen.map((call) => ["A", "B", "C", "HOME"].map((name) => envGet(call.env, name)))).toEqual([
      [undefined, "2", "3", "/h"],
      [undefined, "2", undefined, undefined],
    ]);
  });

  test("a file that the line wrote reads as what it wrote, from then on", () => {
    const { calls, made, fileNames } = expand(
      "cat a.txt; echo new > a.txt; cat a.txt; date > a.txt; cat a.txt",
    );
    const seen = calls.filter((call) => call.redirects.length === 0);
    const texts = seen.map((call) => {
      const content = worldAfter(world, made.get(call) ?? new Map(), fileNames).readFile("/w/a.txt", 100);
      return content.ok ? new TextDecoder().decode(content.bytes) : content.reason;
    });
    expect(texts).toEqual(["A\n", "new\n", "was written by this line before"]);
  });
});

/** `*` never seen, `?` not for certain; then argv, redirections, stdin, working directory and the way to it. */
function show(call: Call): string {
  const marks = (call.sight === "never" ? "*" : "") + (call.certain ? "" : "?");
  const words = call.argv.map(showWord);
  const redirects = call.redirects.map(
    (one) => `${one.descriptor ?? ""}${one.operator}${showWord(one.target)}`,
  );
  const stdin = showStdin(call.stdin);
  const named = isKnown(call.tool) ? [] : [`as ${showWord(call.tool)}`];
  const cwd = call.cwd === "/w" ? [] : [`@${showWord(call.cwd)}`];
  const via = call.via.length === 0 ? [] : [`(${call.via.join(", ")})`];
  return marks + [...words, ...redirects, ...stdin, ...cwd, ...named, ...via].join(" ");
}

function showWord(arg: Arg): string {
  if (!isKnown(arg)) return `⁇${arg.source}${arg.prefix === "" ? "" : `[${arg.prefix}]`}`;
  return /^[^\s"'\\]+$/.test(arg) ? arg : JSON.stringify(arg);
}

function showStdin(stdin: Stdin): readonly string[] {
  switch (stdin.kind) {
    case "terminal":
      return [];
    case "none":
      return ["<none"];
    case "text":
      return [`<${stdin.from}:${JSON.stringify(stdin.text).slice(1, -1)}`];
    case "file":
      return [`<file:${showWord(stdin.path)}`];
    case "unknown":
      return [`<⁇${stdin.reason}`];
  }
}
