import { expect, test } from "vitest";
import { Environments } from "../../src/broker/environments.js";

const cases: readonly (readonly [
  text: string | undefined,
  values: Readonly<Record<string, string>>,
  entries: number,
])[] = [
  [undefined, {}, 0],
  ["", {}, 1],
  ["A=1", { A: "1" }, 1],
  ["A=1\0A=2\0B=x=y", { A: "1", B: "x=y" }, 3],
  ["=odd\0noequals\0A=", { A: "" }, 3],
  ["A=1\nB=2", { A: "1\nB=2" }, 1],
];

test.each(cases)("%j", (text, values, entries) => {
  const environments = new Environments();
  for (const time of [1, 2]) {
    const env = environments.of(text);
    expect([time, Object.fromEntries(env.values), env.entries]).toEqual([time, values, entries]);
  }
});

test("another text is another environment, however much of it is the same", () => {
  const environments = new Environments();
  const many = Array.from({ length: 100 }, (_, at) => environments.of(`A=${at}\0B=same`).values.get("A"));
  expect(many).toEqual(Array.from({ length: 100 }, (_, at) => String(at)));
  expect(environments.of("A=3\0B=same").values.get("A")).toBe("3");
});
