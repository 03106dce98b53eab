import { expect, test } from "vitest";
import { isDeepYaml, parseYaml } from "../../src/model/yaml-text.js";

test.each([
  ["flow lists", "a: ".concat("[".repeat(200_000))],
  ["flow maps", "{a: ".repeat(100_000)],
  ["lists in one line", `${"- ".repeat(100_000)}a`],
  ["keys in one line", `${"? ".repeat(200)}a`],
  ["keys below each other", Array.from({ length: 200 }, (_, at) => `${" ".repeat(at)}?`).join("\n")],
  ["maps below each other", Array.from({ length: 500 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")],
  ["over several lines", "[\n".repeat(200)],
])("too deep: %s", (_, text) => {
  expect(isDeepYaml(text)).toBe(true);
  expect(() => parseYaml(text)).toThrow("nested too deep");
});

test.each<[string, string, unknown]>([
  ["what looks like it in texts", `a: "${"[".repeat(500)}"\nb: |\n${"  [ { ? -\n".repeat(200)}`, undefined],
  ["long lists", `[${"[1],".repeat(1000)}]`, undefined],
  ["far to the right, but a text", `a: |\n${" ".repeat(500)}b\n`, undefined],
  ["merged", "a: &a {b: 1}\nc:\n  <<: *a\n", { a: { b: 1 }, c: { b: 1 } }],
  ["a list of maps", "- a: 1\n  b: [2, {c: 3}]\n- - d\n", [{ a: 1, b: [2, { c: 3 }] }, ["d"]]],
])("not too deep: %s", (_, text, value) => {
  expect(isDeepYaml(text)).toBe(false);
  const found = parseYaml(text, { merge: true });
  if (value !== undefined) expect(found).toEqual(value);
});

test("aliases that multiply are refused; keys by the ten thousand are read", () => {
  const bomb = Array.from(
    { length: 9 },
    (_, at) => `a${at}: &a${at} [${at === 0 ? "x," : `*a${at - 1},`.repeat(9)}]`,
  );
  expect(() => parseYaml(bomb.join("\n"))).toThrow(/alias/i);
  const keys = Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`).join("\n");
  expect(parseYaml(keys)).toMatchObject({ k0: 1, k19999: 1 });
});
