import { expect, test } from "vitest";
import { showArg } from "../../../src/model/arg.js";
import { type AwkValues, readAwkCommands } from "../../../src/readers/code/awk-program.js";

const values: AwkValues = {
  lookUp: (name) => ({ c: "ls -l", "ENVIRON.HOME": "/home/dev" })[name],
  fields: undefined,
};
const line: AwkValues = { ...values, fields: ["a b c", "a", "b", "c"] };

test.each<[string, AwkValues, readonly (readonly string[])[]]>([
  ['BEGIN { system("date") }', values, [["date"]]],
  ["BEGIN { system(c) }", values, [["ls -l"]]],
  // A name with several values on the way stands for none of them.
  ['BEGIN { c = "date"; system(c) }', values, [["c"]]],
  ['BEGIN { d = "rm"; d = d " -rf x"; system(d) }', values, [["d"]]],
  ['BEGIN { d = "rXm"; gsub(/X/, "", d); system(d) }', values, [["d"]]],
  ['BEGIN { d = "ls"; "cat f" | getline d; system(d) }', values, [["cat f"], ["d"]]],
  ['BEGIN { d = "du -s"; system(d " " ENVIRON["HOME"]) }', values, [["du -s /home/dev"]]],
  ['{ system("wc -l " $1) }', line, [["wc -l a"]]],
  ['{ system("wc -l " $9 "x") }', line, [["wc -l x"]]],
  ["{ system($0) }", line, [["a b c"]]],
  ["{ system($0) }", values, [["$0"]]],
  ['{ while (("ls " $2 | getline x) > 0) n++ }', line, [["ls b"]]],
  ['{ print $1, $2 | "sort" }', line, [["sort", "a"]]],
  ['{ print | "sh" }', line, [["sh", "a b c"]]],
  ['BEGIN { printf("x%s\\n", "y") | "sh" }', values, [["sh", "x%s\n"]]],
  ['BEGIN { system("\\x6cs\\040-a") }', values, [["ls -a"]]],
  ['/a|b/ { n = $1 || $2 } { print "a | b" > "f" }', line, []],
])("%s", (text, given, commands) => {
  const found = readAwkCommands(text, given).map(({ text: command, input }) =>
    [command, ...(input === undefined ? [] : [input])].map(showArg),
  );
  expect(found).toEqual(commands);
});

test.each<[string, number]>([
  ["system(".repeat(9_000), 9_000],
  ["a = b\n".repeat(9_000), 0],
  ["| ".repeat(30_000), 30_000],
  ['"'.repeat(60_000), 0],
  ["print x ".repeat(8_000), 0],
  [`x = ${"x ".repeat(40)}; system(x)`, 1],
])(
  "a long program is looked through once: %#",
  (text, commands) => {
    expect(readAwkCommands(text, values).length).toBe(commands);
  },
  30_000,
);
