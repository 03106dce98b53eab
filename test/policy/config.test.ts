import { expect, test } from "vitest";
import type { Rule } from "../../src/model/rule.js";
import { applyConfig, parseConfig } from "../../src/policy/config.js";

const builtin: readonly Rule[] = [
  {
    id: "files/lose-work",
    origin: "rules/files.yaml:1",
    when: [{ field: "action", test: { kind: "any", of: ["delete"] } }],
    unless: [],
    then: "ask",
    severity: "high",
    because: "It is gone.",
    instead: undefined,
    locked: false,
  },
  {
    id: "files/root",
    origin: "rules/files.yaml:9",
    when: [{ field: "place", test: { kind: "any", of: ["protected"] } }],
    unless: [],
    then: "deny",
    severity: "critical",
    because: "Everything is gone.",
    instead: undefined,
    locked: true,
  },
];

const apply = (rules: string) => applyConfig(`version: 1\nrules:\n${rules}`, "config.yaml", builtin);

test("a known id changes that rule, and says who did", () => {
  const result = apply("  - {id: files/lose-work, then: deny, unless: [{target: '/scratch/**'}]}");
  expect(result.ok && result.config.rules[0]).toEqual({
    ...builtin[0],
    then: "deny",
    unless: [[{ field: "target", test: { kind: "any", of: ["/scratch/**"] } }]],
    origin: "rules/files.yaml:1, config.yaml:3",
  });
});

test("a new id is a new rule; labels and time-out are read", () => {
  const result = applyConfig(
    `version: 1
timeout: 30s
rules:
  - {id: mine/no-mail, when: {resource: http, host: "*.mail.example"}, then: deny, because: no mail}
environments:
  production: {hosts: ["*.example.com"]}
`,
    "config.yaml",
    builtin,
  );
  expect(result).toMatchObject({
    ok: true,
    config: {
      timeout: "30s",
      labels: [{ environment: "production", hosts: ["*.example.com"], ids: [] }],
      rules: [
        {},
        {},
        { id: "mine/no-mail", then: "deny", severity: "medium", locked: false, origin: "config.yaml:4" },
      ],
    },
  });
});

test.each([
  ["loosening a locked rule", "  - {id: files/root, then: ask}", 'config.yaml:3:5: "files/root" is locked'],
  ["an exception to a locked rule", "  - {id: files/root, unless: [{target: /x}]}", "is locked"],
  ["unlocking", "  - {id: files/root, locked: false}", "is locked"],
  [
    "a new when for a known rule",
    "  - {id: files/lose-work, when: {action: read}}",
    'add exceptions with "unless"',
  ],
  ["a new rule without a reason", "  - {id: mine/x, when: {action: delete}, then: ask}", "needs"],
  ["no version", "x", "config.yaml:"],
])("refused with its place: %s", (_name, rules, message) => {
  const result = rules === "x" ? applyConfig("rules: []", "config.yaml", builtin) : apply(rules);
  expect(result.ok ? "" : result.problems.join("\n")).toContain(message);
});

test("what a config includes is named with its place", () => {
  expect(parseConfig("version: 1\ninclude:\n  - acme.yaml\n  - apis/acme.yaml\n", "c.yaml")).toMatchObject({
    include: [
      { name: "acme.yaml", place: "c.yaml:3:5" },
      { name: "apis/acme.yaml", place: "c.yaml:4:5" },
    ],
  });
});

test.each(["/etc/acme.yaml", "../acme.yaml", "a/../../acme.yaml", "..", "a\\\\..\\\\b.yaml"])(
  "a config includes nothing from elsewhere: %j",
  (name) => {
    const parsed = parseConfig(`version: 1\ninclude: ["${name}"]\n`, "c.yaml");
    expect(parsed).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^c\.yaml:2:11: "include\.0"/)],
    });
  },
);
