import { expect, test } from "vitest";
import { parseApi } from "../../src/policy/api-file.js";
import { parseTool } from "../../src/policy/tool-file.js";

const tool = "tool: x\nresource: cloud\nprovider: x\ncommands:\n";
const api = "api: x\nhosts: [x.example.com]\nmutations:\n  thing:\n";

const bad: readonly (readonly [kind: "tool" | "api", text: string, problem: string])[] = [
  [
    "tool",
    `${tool}  a: {deletes: it}\n`,
    'x.yaml:5: "commands.a.deletes": invalid key: Expected never but received "deletes"',
  ],
  ["tool", `${tool}  a: {}\n`, 'x.yaml:5: "commands.a": says neither what it does nor what stands below it'],
  [
    "tool",
    `${tool}  a: {read: x, delete: y}\n`,
    'x.yaml:5: "commands.a": needs exactly one of read, create, modify, delete, execute, grant, send',
  ],
  ["tool", `${tool}  a: {read: x}\n  b: {read: x, aliases: [a]}\n`, 'x.yaml:6: the name "a" stands twice'],
  [
    "api",
    `${api}    a: {id: id}\n`,
    'x.yaml:5: "mutations.thing.a": needs exactly one of read, create, modify, delete, execute, grant, send',
  ],
  ["api", `${api}    a: {read: x}\n  other:\n    a: {read: x}\n`, 'x.yaml:7: the mutation "a" stands twice'],
  [
    "api",
    `${api}    a: {read: x, traps: [{delete: y}]}\n`,
    'x.yaml:5: "mutations.thing.a.traps.0": needs exactly one of is, given, lacks, mentions',
  ],
];

test.each(bad)("a bad %s file: %j", (kind, text, problem) => {
  const result = kind === "tool" ? parseTool(text, "x.yaml") : parseApi(text, "x.yaml");
  expect(result).toEqual({ ok: false, problems: [problem] });
});

test("a tool file", () => {
  const deletes = { action: "delete", recovery: "none", because: "deletes a volume" };
  const command = {
    aliases: [],
    type: "volume",
    values: [],
    target: ["-v"],
    passes: false,
    flags: [],
    commands: [],
  };
  expect(
    parseTool(
      `${tool}  volume:\n    target: -v\n    commands:\n      delete: {aliases: [rm], delete: deletes a volume}\n`,
      "x.yaml",
    ),
  ).toEqual({
    ok: true,
    value: {
      names: ["x"],
      resource: "cloud",
      provider: "x",
      abbreviations: false,
      singleDash: false,
      quiet: [],
      environment: [],
      credentials: [],
      root: {
        ...command,
        name: "",
        type: "x",
        target: [],
        deed: undefined,
        commands: [
          {
            ...command,
            name: "volume",
            deed: undefined,
            commands: [{ ...command, name: "delete", aliases: ["rm"], deed: deletes }],
          },
        ],
      },
    },
  });
});
