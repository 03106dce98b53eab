import { describe, expect, test } from "vitest";
import { boundsOf, judgeDocument, suite } from "./suite.js";

// schema/conformance: what any tool that reads a scope manifest must say. Here also that the verdict follows.

for (const { subject, documents } of suite) {
  for (const document of documents) {
    describe(`${subject}: ${document.name}`, () => {
      const judge = judgeDocument(document);
      test.each(document.cases.map((one) => [one.call, one] as const))("%s", async (call, one) => {
        const judgement = await judge(call);
        const found = boundsOf(judgement, one);
        const said = judgement.effects.map(({ bounds, boundsBecause, ...effect }) => ({
          bounds,
          boundsBecause,
          effect,
        }));
        expect({ is: found, effects: found === one.is ? [] : said }).toEqual({ is: one.is, effects: [] });
        const { because = "" } = one;
        expect(said.map(({ boundsBecause = "" }) => boundsBecause).join("\n")).toContain(because);
        if (found === "never") expect(judgement.verdict).toBe("deny");
        if (found === "outside" || found === "credential") expect(judgement.verdict).not.toBe("allow");
      });
    });
  }
}

test("no case stands twice in a document, and each document has some", () => {
  for (const { documents } of suite)
    for (const { cases } of documents) {
      expect(cases.length).toBeGreaterThan(0);
      expect(
        new Set(cases.map(({ call, action = "", target = "" }) => `${call}|${action}|${target}`)).size,
      ).toBe(cases.length);
    }
});
