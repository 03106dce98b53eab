import { expect, test } from "vitest";
import { judgeExample } from "../example-judge.js";

// Wrapped a thousand times in what starts something else: an end, and an answer that stops it.
test.each(["ssh h ", "sudo ", "env ", "docker exec c ", "kubectl exec p -- "])(
  "%s, again and again",
  async (wrapper) => {
    const { verdict } = await judgeExample(`${wrapper.repeat(1000)}rm -rf notes`);
    expect(verdict).not.toBe("allow");
  },
);

// No guarded name is in them to be found: what lies past a bound may be anything all the same.
test.each([
  ["substitutions", `echo $(${"echo $(".repeat(100)}ls${")".repeat(100)})`],
  ["quotes in substitutions", `echo ${'"$(echo '.repeat(100)}x${')"'.repeat(100)}`],
  ["parameters", `echo ${"${x:-".repeat(1000)}y${"}".repeat(1000)}`],
  ["commands", "a && b || ".repeat(15_000)],
])("%s past the bound are asked about", async (_, text) => {
  expect((await judgeExample(text)).verdict).toBe("ask");
});

test("what stands before a bound is judged as always", async () => {
  const [plain, cut] = await Promise.all(
    ["rm -rf /", `rm -rf /; ${"$(".repeat(5000)}`].map((text) => judgeExample(text)),
  );
  expect(cut?.verdict).toBe(plain?.verdict);
});
