import { expect, test } from "vitest";
import { parseApi } from "../../src/policy/api-file.js";
import { parseTool } from "../../src/policy/tool-file.js";

const tool = "tool: x\nresource: cloud\nprovider: x\ncommands:\n";
const api = "api: x\nhosts: [x.example.com]\nmutations:\n  thing:\n";

const bad: readonly (readonly [kind: "tool" | "api", text: string, problem: string])[] = [
  [
    "tool",
    `${tool}  a: {deletes: it}\n`,
    'x.yaml:5:7: "commands.a.deletes": invalid key: Expected never but received "deletes"',
  ],
  [
    "tool",
    `${tool}  a: {}\n`,
    'x.yaml:5:6: "commands.a": says neither what it does nor what stands below it',
  ],
  [
    "tool",
    `${tool}  a: {read: x, delete: y}\n`,
    'x.yaml:5:6: "commands.a": needs exactly one of read, create, modify, delete, execute, grant, send',
  ],
  ["tool", `${tool}  a: {read: x}\n  b: {read: x, aliases: [a]}\n`, 'x.yaml:6:6: the name "a" stands twice'],
  [
    "tool",
    `${tool}  a: {read: x, takes: {language: sql}}\n`,
    'x.yaml:5:23: "commands.a.takes": needs at least one of words, texts, files, stdin',
  ],
  [
    "api",
    `${api}    a: {id: id}\n`,
    'x.yaml:5:8: "mutations.thing.a": needs exactly one of read, create, modify, delete, execute, grant, send',
  ],
  [
    "api",
    `${api}    a: {read: x}\n  other:\n    a: {read: x}\n`,
    'x.yaml:7:8: the mutation "a" stands twice',
  ],
  [
    "api",
    `${api}    a: {read: x, traps: [{delete: y}]}\n`,
    'x.yaml:5:26: "mutations.thing.a.traps.0": needs exactly one of is, given, lacks, mentions, only',
  ],
  [
    "api",
    "api: x\nhosts: [x.example.com]\npaths:\n  delete /a: {read: x}\n",
    'x.yaml:4:3: "paths.delete /a": must be a path, with its methods before it: DELETE /a/{id}',
  ],
  ["api", "api: x\nhosts: [https://x.example.com]\n", 'x.yaml:2:9: "hosts.0": must be a host in lower case'],
];

test.each(bad)("a bad %s file: %j", (kind, text, problem) => {
  const result = kind === "tool" ? parseTool(text, "x.yaml") : parseApi(text, "x.yaml");
  expect(result).toEqual({ ok: false, problems: [problem] });
});

test("the cases of a tool file and an API file", () => {
  const cases =
    "cases:\n  - {line: x a, verdict: ask, rules: [cloud/delete]}\n  - line: x b\n    verdict: allow\n";
  const expected = (from: number) => [
    {
      line: "x a",
      place: `x.yaml:${from}:12`,
      expected: { kind: "verdict", verdict: "ask", rules: ["cloud/delete"] },
    },
    {
      line: "x b",
      place: `x.yaml:${from + 1}:11`,
      expected: { kind: "verdict", verdict: "allow", rules: undefined },
    },
  ];
  expect(parseTool(`${tool}  a: {read: x}\n${cases}`, "x.yaml")).toMatchObject({ cases: expected(7) });
  expect(parseApi(`${api}    a: {read: x}\n${cases}`, "x.yaml")).toMatchObject({ cases: expected(7) });
  expect(parseTool(`${tool}  a: {read: x}\n${cases.replace("ask", "maybe")}`, "x.yaml")).toEqual({
    ok: false,
    problems: [
      'x.yaml:7:26: "cases.0.verdict": invalid type: Expected ("allow" | "ask" | "deny") but received "maybe"',
    ],
  });
});

test("a tool file", () => {
  const deletes = { action: "delete", recovery: "none", because: "deletes a volume" };
  const command = {
    aliases: [],
    type: "volume",
    values: [],
    target: ["-v"],
    resource: undefined,
    passes: false,
    starts: false,
    takes: undefined,
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
      variables: [],
      credentials: { options: [], variables: [], files: [] },
      several: "no",
      anywhere: [],
      database: { options: [], variables: [] },
      engine: "sql",
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
    cases: [],
  });
});

test("an API file", () => {
  const source = [
    "api: x",
    'hosts: [x.example.com, "*:7000"]',
    "bases: [/v1]",
    "paths:",
    "  DELETE|PURGE /a/{id}: {type: a, delete: deletes an a}",
    "  PATCH /a/{id}:",
    "    modify: changes an a",
    "    traps: [{is: {public: true}, type: door, grant: opens it}]",
    "    sql: query",
    "",
  ].join("\n");
  const plain = { action: "modify", recovery: "needless", because: "changes an a" };
  expect(parseApi(source, "x.yaml")).toEqual({
    ok: true,
    value: {
      provider: "x",
      hosts: ["x.example.com", "*:7000"],
      sandboxes: [],
      testKeys: [],
      shapes: [],
      bases: ["/v1"],
      graphql: [],
      protocol: "rest",
      mutations: [],
      paths: [
        {
          request: "DELETE|PURGE /a/{id}",
          type: "a",
          deed: { action: "delete", recovery: "none", because: "deletes an a" },
        },
        {
          request: "PATCH /a/{id}",
          type: "",
          deed: plain,
          traps: [
            {
              when: { kind: "is", argument: "public", values: ["true"] },
              deed: { action: "grant", recovery: "unknown", because: "opens it" },
              type: "door",
            },
          ],
          sql: ["query"],
        },
      ],
    },
    cases: [],
  });
});
