import { describe, expect, test } from "vitest";
import { expandLine } from "../../src/expand/line.js";
import { envFrom } from "../../src/model/env.js";
import { fakeWorld } from "../fake-world.js";

const world = fakeWorld({
  files: Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`/w/d/f${at}`, { text: "" }])),
});
const tooMuch = "too long or too deep to be foreseen";

/** Texts that would run for ever, or fill the memory, if they were followed: each says so, or ends by itself. */
const cases: readonly (readonly [what: string, text: string, limited: boolean])[] = [
  ["substitutions in substitutions", `${"echo $(".repeat(100)}x${")".repeat(100)}`, true],
  ["fewer of them", `${"echo $(".repeat(30)}x${")".repeat(30)}`, false],
  ["a function that calls itself", "f() { f; }; f", false],
  ["a fork bomb", ":(){ :|:& };:", false],
  ["two functions that call each other twice", "f(){ g; g; }; g(){ f; f; }; f", false],
  [
    "ten functions that call all ten",
    `${Array.from({ length: 10 }, (_, at) => `f${at}(){ ${Array.from({ length: 10 }, (_, to) => `f${to}`).join(";")}; };`).join(" ")} f0`,
    true,
  ],
  ["eval of itself", 'x=\'eval "$x;$x"\'; eval "$x"', true],
  ["traps that set traps", "trap 'trap \"exit\" EXIT; exit' EXIT; exit", false],
  ["more than 20,000 calls", "x;".repeat(25_000), true],
  ["more than a megabyte", "# comment\n".repeat(120_000), true],
  ["a value that doubles", `x=aaaaaaaa;${"x=$x$x;".repeat(40)}echo $x`, false],
  ["an output that doubles", `x=aaaaaaaa;${"x=$(echo $x$x);".repeat(30)}`, false],
  ["arguments that double", `set -- a b;${'set -- "$@" "$@";'.repeat(40)}rm "$@"`, false],
  ["braces that multiply", `echo ${"{a,b}".repeat(40)}`, false],
  ["braces that stay open", `echo ${"{".repeat(100_000)}`, false],
  ["a sum of 50,000 parts", `echo $((${"1+".repeat(50_000)}1))`, true],
  ["braces, again and again", `echo ${"{1..9999} ".repeat(1_000)}`, true],
  [
    "loops in loops around no command",
    `${"for i in 1 2; do ".repeat(40)}[[ a ]];${"done;".repeat(40)}`,
    false,
  ],
  [
    "loops deeper than the parser goes",
    `${"for i in 1 2; do ".repeat(300)}rm -rf /etc;${"done;".repeat(300)}`,
    true,
  ],
  ["loops in loops", `${"for i in 1 2 3 4 5 6 7 8 9; do ".repeat(8)}x $i;${"done;".repeat(8)}`, false],
  [
    "endless loops in endless loops",
    `${"while x; do a=$a$b; b=$c; ".repeat(10)}x;${"done;".repeat(10)}`,
    false,
  ],
  ["a pattern with many stars", `x=${"a".repeat(1_000)}; echo \${x//${"*a".repeat(30)}b/}`, false],
  ["thousands of matches, again and again", "x d/*1*2*;".repeat(2_000), true],
  [
    "groups that stay open",
    `shopt -s extglob; [[ ax == ${"@(a".repeat(5_000)} ]]; x ${"+(a|".repeat(500)}`,
    false,
  ],
  [
    "groups in groups",
    `shopt -s extglob; x=${"a".repeat(30)}; echo ${"$"}{x##${"+(".repeat(40)}a${")".repeat(40)}b}`,
    true,
  ],
  ["an index far away", "a[999999999]=1; x ${a[@]}", false],
  ["a shift for every argument", `set -- ${"a ".repeat(5_000)};${"shift;".repeat(2_000)}x "$@"`, false],
];

describe("nothing runs for ever", () => {
  test.each(cases)("%s", (_, text, limited) => {
    const env = envFrom([["PATH", "/shims"]]);
    const found = expandLine(
      { text, shell: "bash", args: ["bash"], cwd: "/w", env, stdin: { kind: "none" }, via: [] },
      world,
    );
    expect(found.errors.includes(tooMuch)).toBe(limited);
    expect(found.calls.length).toBeLessThanOrEqual(20_000);
  });

  test.each([
    "\u0000\u0001\ud800 \udc80 $'\\xff'",
    "\\",
    "&&;;|||",
    "${${${",
    "$(x)() { y; }; x",
    "<<",
    "a <<E",
    "((",
    "[[",
  ])("%j is no reason to throw", (text) => {
    const env = envFrom([]);
    const input = {
      text,
      shell: "bash",
      args: [],
      cwd: "/w",
      env,
      stdin: { kind: "none" },
      via: [],
    } as const;
    expect(() => expandLine(input, world)).not.toThrow();
  });
});
