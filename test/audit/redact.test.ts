import { parse } from "shell-quote";
import { expect, test } from "vitest";
import { createRedactor, redactDeep, secretValues } from "../../src/audit/redact.js";
import { shapes } from "../../src/audit/secret-shapes.js";
import { planted } from "./secrets.js";

const redact = createRedactor();

test.each(planted)("hides: $name", ({ secret, line }) => {
  expect(redact(line)).not.toContain(secret);
});

test.each(planted)("hides in an argv: $name", ({ secret, line }) => {
  const argv = line.includes("\n") ? [line] : parse(line).filter((word) => typeof word === "string");
  expect(JSON.stringify(redactDeep({ argv, effects: [{ target: line }] }, redact))).not.toContain(secret);
});

test.each(planted)("is suspected: $name", ({ line }) => {
  const argv = line.includes("\n") ? [line] : parse(line).filter((word) => typeof word === "string");
  expect([redact.suspects([line]), redact.suspects(argv)]).toEqual([true, true]);
});

test.each(shapes)("a hint stands in every match: $name", ({ pattern, hint }) => {
  const texts = planted.map(({ line }) => line).flatMap((line) => line.match(pattern) ?? []);
  expect(texts.filter((text) => !hint.test(text))).toEqual([]);
});

test("a value that is known is suspected without any hint", () => {
  const known = createRedactor(["plain-looking-value"]);
  expect([known.suspects(["echo plain-looking-value"]), known.suspects(["echo plain"])]).toEqual([
    true,
    false,
  ]);
});

test("what is known again by somebody else is hidden, alone and among the words of an argv", () => {
  const known = createRedactor([], (text) => (text.includes("n0-shape-at-all") ? ["n0-shape-at-all"] : []));
  expect([known.suspects(["echo n0-shape-at-all"]), known.suspects(["echo n0-shape"])]).toEqual([
    true,
    false,
  ]);
  expect(known("echo n0-shape-at-all n0-shape-at-all")).toBe("echo ‹redacted› ‹redacted›");
  expect(redactDeep({ argv: ["echo", "n0-shape-at-all"] }, known)).toEqual({ argv: ["echo", "‹redacted›"] });
});

test.each([
  [
    ["curl", "-u", "me:hunter2-hunter2", "https://a.example.com"],
    ["curl", "-u", "me:‹redacted›", "https://a.example.com"],
  ],
  [
    ["tool", "--password", "hunter2", "x"],
    ["tool", "--password", "‹redacted›", "x"],
  ],
  [
    ["tool", "--token", "$TOKEN"],
    ["tool", "--token", "$TOKEN"],
  ],
  [
    ["rm", "-rf", "build"],
    ["rm", "-rf", "build"],
  ],
])("words after an option that takes a secret: %j", (argv, expected) => {
  expect(redactDeep(argv, redact)).toEqual(expected);
});

test.each([
  "rm -rf node_modules build dist",
  "git commit -m 'use tokens of the design system'",
  "curl https://api.example.com/v1/users?page=2",
  "psql postgres://app@db.example.com/shop -c 'select 1'",
  'curl -H "Authorization: Bearer $TOKEN" https://api.example.com',
  "grep -rn password src | head",
  "cat ~/.ssh/config",
  "docker run -p 8080:80 -u 1000:1000 nginx",
])("leaves alone: %s", (line) => {
  expect(redact(line)).toBe(line);
});

test("values of variables that hold secrets are hidden wherever they stand", () => {
  const known = createRedactor(
    secretValues({ RAILWAY_TOKEN: "f00dfeed-plain-looking", PATH: "/usr/bin:/usr/sbin" }),
  );
  expect(known("echo f00dfeed-plain-looking /usr/bin:/usr/sbin")).toBe("echo ‹redacted› /usr/bin:/usr/sbin");
});

test("a long hostile text takes no long time", () => {
  const text = `${"password".repeat(5000)}${"a:b@".repeat(20_000)}${" -u ".repeat(10_000)}${"token=".repeat(10_000)}`;
  expect(redact(text).length).toBeGreaterThan(0);
});
