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

test("alerts: webhooks and programs, for some events or all", () => {
  const alerts = `version: 1
alerts:
  - {webhook: "https://hooks.example.com/a?k=v", secret_file: keys/hook, on: [outside, log]}
  - {webhook: "http://127.0.0.1:9/", secret_file: /etc/key}
  - {command: [notify-send, holdpoint]}
`;
  const result = applyConfig(alerts, "/home/ann/.config/holdpoint/config.yaml", builtin);
  const all = ["log", "credential", "outside", "denied"];
  expect(result.ok && result.config.alerts).toEqual([
    {
      ...{ kind: "webhook", url: "https://hooks.example.com/a?k=v", on: ["outside", "log"] },
      secretFile: "/home/ann/.config/holdpoint/keys/hook",
    },
    { kind: "webhook", url: "http://127.0.0.1:9/", secretFile: "/etc/key", on: all },
    { kind: "command", command: ["notify-send", "holdpoint"], on: all },
  ]);
});

test.each([
  ["neither", "{on: [denied]}", 'c.yaml:2:10: "alerts.0": needs either "webhook" or "command"'],
  ["both", '{webhook: "https://a.example", command: [a]}', 'needs either "webhook" or "command"'],
  ["a secret for a program", "{command: [a], secret_file: b}", '"secret_file" is for a webhook'],
  ["in the clear", '{webhook: "http://hooks.example.com"}', "must be a URL of https"],
  ["nearly this machine", '{webhook: "http://127.0.0.1.example.com"}', "must be a URL of https"],
  ["a password in it", '{webhook: "https://ann:pw@hooks.example.com"}', "without a user and a password"],
  ["another scheme", '{webhook: "file:///etc/passwd"}', "must be a URL of https"],
  ["no URL", "{webhook: hooks.example.com}", "must be a URL of https"],
  ["no such event", "{command: [a], on: [asked]}", "must be of: log, credential, outside, denied"],
  ["no event", "{command: [a], on: []}", "must name an event"],
  ["a program of the agent's folder", "{command: [./a]}", "must begin with a name on PATH"],
  ["an unknown key", "{command: [a], url: b}", '"alerts.0.url"'],
])("an alert that cannot be used: %s", (_name, entry, message) => {
  const result = applyConfig(`version: 1\nalerts: [${entry}]\n`, "c.yaml", builtin);
  expect(result.ok ? "" : result.problems.join("\n")).toContain(message);
});

const sandboxOf = (entry: string) => {
  const result = applyConfig(`version: 1\nsandbox: ${entry}`, "config.yaml", []);
  return result.ok ? result.config.sandbox : result.problems;
};

test("the sandbox: what is left out is as usual", () => {
  const usual = {
    always: false,
    write: [],
    read: [],
    hide: [],
    tmp: "private",
    caches: "private",
    share: [],
  };
  expect(sandboxOf("{}")).toEqual({ ...usual, loopback: [] });
  expect(
    sandboxOf("{ write: [~/x, .git/config, /data], share: [ssh-agent], tmp: shared, loopback: [5432] }"),
  ).toEqual({
    ...usual,
    write: ["~/x", ".git/config", "/data"],
    share: ["ssh-agent"],
    tmp: "shared",
    loopback: [5432],
  });
});

test.each([
  ["{ wirte: [x] }", /did you mean "write"/],
  ["{ write: ['**/x'] }", /must be a path without wildcards/],
  ["{ write: [/] }", /must be a path without wildcards/],
  ["{ hide: [~other/x] }", /must be a path without wildcards/],
  ["{ write: [../x] }", /must be a path without wildcards/],
  ["{ share: [ssh] }", /must be a service; did you mean "ssh-agent"/],
  ["{ tmp: mine }", /must be "private" or "shared"/],
  ["{ loopback: [0] }", /must be a port/],
  ["{ loopback: ['5432'] }", /must be a port/],
])("sandbox: %s", (entry, problem) => {
  expect(String(sandboxOf(entry))).toMatch(problem);
});

test.each(["", "\n", "# version: 1\n# timeout: 60\n", "\uFEFF  \r\n\t# rules:\r\n"])(
  "a config that sets nothing is as good as none: %j",
  (source) => {
    expect(applyConfig(source, "config.yaml", builtin)).toMatchObject({
      ok: true,
      config: { rules: builtin },
    });
  },
);
