import { expect, test } from "vitest";
import { parsePack } from "../../src/policy/pack.js";

const rule = (extra: string): string => `pack: files
rules:
  - id: files/x
    when: {action: delete, resource: file}
    then: ask
    because: why
    back: none
    match: [rm x]
    no-match: [ls]
${extra}`;

test("a rule as written becomes a rule that says where it stands", () => {
  const parsed = parsePack(
    `pack: files
rules:
  - id: files/lose-work
    when: {action: [delete, modify], resource: file, recovery: {not: [git]}, extent: {over: 3}, recursive: true}
    unless: [{target: "/tmp/**"}]
    then: ask
    because: It is gone.
    back: None.
    match: [rm x]
    no-match: [ls]
`,
    "rules/files.yaml",
  );
  expect(parsed).toEqual({
    ok: true,
    pack: {
      rules: [
        {
          id: "files/lose-work",
          origin: "rules/files.yaml:3",
          when: [
            { field: "action", test: { kind: "any", of: ["delete", "modify"] } },
            { field: "resource", test: { kind: "any", of: ["file"] } },
            { field: "recovery", test: { kind: "none", of: ["git"] } },
            { field: "extent", test: { kind: "over", count: 3 } },
            { field: "recursive", test: { kind: "any", of: ["true"] } },
          ],
          unless: [[{ field: "target", test: { kind: "any", of: ["/tmp/**"] } }]],
          then: "ask",
          severity: "medium",
          because: "It is gone.",
          instead: undefined,
          back: "None.",
          locked: false,
        },
      ],
      examples: [
        {
          line: "rm x",
          place: "rules/files.yaml:9:13",
          expected: { kind: "rule", rule: "files/lose-work", matches: true },
        },
        {
          line: "ls",
          place: "rules/files.yaml:10:16",
          expected: { kind: "rule", rule: "files/lose-work", matches: false },
        },
      ],
    },
  });
});

test.each([
  ["no YAML", "pack: [", "p.yaml:1:8: "],
  ["unknown key", rule("    colour: red"), 'p.yaml:10:5: "rules.0.colour"'],
  ["unknown field", rule("").replace("action:", "acton:"), '"acton" is not a field of an effect'],
  ["unknown word", rule("").replace("delete", "remove"), '"remove" is not a value of "action"'],
  ["unknown verdict", rule("").replace("then: ask", "then: block"), 'p.yaml:5:11: "rules.0.then"'],
  ["empty condition", rule("").replace("{action: delete, resource: file}", "{}"), "empty condition"],
  ["empty list", rule("").replace("delete", "[]"), "p.yaml:4"],
  ["extent without over", rule("").replace("resource: file", "extent: 3"), '"extent", and nothing else'],
  ["no reason", rule("").replace("    because: why\n", ""), 'p.yaml:3:5: "rules.0.because"'],
  ["foreign id", rule("").replace("files/x", "git/x"), 'p.yaml:3:5: the id "git/x" must begin with "files/"'],
  ["id twice", rule(rule("").split("\n").slice(2).join("\n")), 'p.yaml:10:5: the id "files/x" stands twice'],
  [
    "no example",
    rule("").replace("    match: [rm x]\n", ""),
    'p.yaml:3:5: "files/x" needs a line that it matches',
  ],
  ["no counter-example", rule("").replace("    no-match: [ls]\n", ""), "needs a line that it leaves alone"],
  ["key twice", rule("    then: deny"), "p.yaml:10:5: this key stands twice"],
  [
    "a bomb of aliases",
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]`,
    "p.yaml:2:8: unfolds into too much: at most 20 aliases",
  ],
])("refused with its place: %s", (_name, text, message) => {
  const parsed = parsePack(text, "p.yaml");
  expect(parsed).toMatchObject({ ok: false });
  expect(parsed.ok ? "" : parsed.problems.join("\n")).toContain(message);
});
