import { expect, test } from "vitest";
import { type Arg, unknown } from "../../src/model/arg.js";
import { declareOptions, type Options, readOptions } from "../../src/readers/options.js";

const specs = [
  "-r -R --recursive",
  "-f --force",
  "-t --target-directory:",
  "--color::",
  "--reference:",
  "--remove",
  "-i::",
];
const gnu = declareOptions("anywhere", specs);
const posix = declareOptions("first", specs);
const x = unknown("$X", 'variable "X" is not set here');

const table: readonly (readonly [readonly Arg[], typeof gnu, Options])[] = [
  [["-rf", "a", "-R", "--", "-f"], gnu, options(["recursive", "force", "recursive"], ["a", "-f"])],
  [
    ["--force=false", "--recursive=true", "a"],
    gnu,
    { ...options(["recursive"], ["a"]), given: [{ name: "recursive", value: "true" }] },
  ],
  [["-rf", "a", "-R"], posix, options(["recursive", "force"], ["a", "-R"])],
  [
    ["-td", "-t", "e", "--target-directory=f", "--target", "g"],
    gnu,
    valued("target-directory", "d", "e", "f", "g"),
  ],
  [
    ["--rec", "--col=x"],
    gnu,
    {
      ...options(["recursive"], []),
      given: [
        { name: "recursive", value: undefined },
        { name: "color", value: "x" },
      ],
    },
  ],
  [
    ["--color", "x", "-i", "y", "-iz"],
    gnu,
    {
      given: [
        { name: "color", value: undefined },
        { name: "i", value: undefined },
        { name: "i", value: "z" },
      ],
      operands: ["x", "y"],
      doubts: [],
    },
  ],
  [["--re"], gnu, { given: [], operands: [], doubts: [unknown("--re", 'no option "--re" is known here')] }],
  [
    ["-rq"],
    gnu,
    {
      given: [{ name: "recursive", value: undefined }],
      operands: [],
      doubts: [unknown("-rq", 'no option "-q" is known here')],
    },
  ],
  [["-", "a"], gnu, options([], ["-", "a"])],
  [[x, "-f"], gnu, { given: [{ name: "force", value: undefined }], operands: [x], doubts: [x] }],
  [[x, "-f"], posix, { given: [], operands: [x, "-f"], doubts: [x] }],
  [[unknown("d/$X", "r", "d/")], gnu, options([], [unknown("d/$X", "r", "d/")])],
  [
    [unknown("-r$X", "r", "-r")],
    gnu,
    { given: [{ name: "recursive", value: undefined }], operands: [], doubts: [unknown("-r$X", "r", "-r")] },
  ],
  [
    [unknown("-tp$X", "r", "-tp")],
    gnu,
    { given: [{ name: "target-directory", value: unknown("p$X", "r", "p") }], operands: [], doubts: [] },
  ],
  [
    [unknown("--target-directory=p$X", "r", "--target-directory=p")],
    gnu,
    { given: [{ name: "target-directory", value: unknown("p$X", "r", "p") }], operands: [], doubts: [] },
  ],
  [["-t"], gnu, options(["target-directory"], [])],
  [["--", x], gnu, options([], [x])],
];

test.each(table)("%j", (words, options, expected) => {
  expect(readOptions(words, options)).toEqual(expected);
});

function options(names: readonly string[], operands: readonly Arg[]): Options {
  return { given: names.map((name) => ({ name, value: undefined })), operands, doubts: [] };
}

function valued(name: string, ...values: readonly string[]): Options {
  return { given: values.map((value) => ({ name, value })), operands: [], doubts: [] };
}
