import { expect, test } from "vitest";
import { type CloudEffect, plainEffect } from "../../src/model/effect.js";
import { renderCard } from "../../src/prompt/card.js";
import { withLookups } from "../../src/prompt/looked-up.js";
import { redactQuestion } from "../../src/prompt/redacted.js";
import { item, question } from "./sample-questions.js";

// Where it is, by what a look at the provider said, in the words alone.

const volume = (environment: string): CloudEffect => ({
  ...plainEffect("railway", "delete", "data"),
  resource: "cloud",
  ...{ provider: "railway", service: "volume", type: "volume", operation: "volumeDelete" },
  recovery: "none",
  ...{ because: "", environment },
});
const asked = (environment: string, found?: string) =>
  question([
    {
      ...item("railway volume delete", [volume(environment)], "high", "railway/delete", "it is gone"),
      previews: {
        isLooking: false,
        found: [
          {
            ...{ effect: 0, kind: "railway", state: "found", rows: [], tookMs: 1 },
            ...(found === undefined ? {} : { environment: found }),
          },
        ],
      },
    },
  ]);
const view = { columns: 100, rows: 40, colour: false, challenge: undefined, remainingMs: 60_000 } as const;
const card = (environment: string, found?: string, full = false) =>
  renderCard(asked(environment, found), { ...view, full, redact: (text) => text }).join("\n");

test.each([false, true])(
  "an environment that nobody knew is the one that was found (all of the card: %s)",
  (full) => {
    expect(card("unknown", undefined, full)).toContain("environment unknown");
    expect(card("unknown", "production", full)).not.toContain("environment unknown");
    expect(card("unknown", "production", full)).toContain("production, by lookup");
    // What is known is what the verdict went by.
    expect(card("staging", "production", full)).not.toContain("in production, by lookup");
  },
);

test("nothing but the shown words hears of it", () => {
  const before = asked("unknown", "production");
  const copy = structuredClone(before);
  expect(withLookups(before).items[0]?.judgement.effects[0]?.environment).toBe("production, by lookup");
  expect(before).toEqual(copy);
  expect(redactQuestion(before, (text) => text).items[0]?.judgement.effects[0]?.environment).toBe("unknown");
  expect(redactQuestion(before, (text) => text).plan?.summary.environments).toEqual([
    "production, by lookup",
  ]);
  const plain = asked("staging", "production");
  expect(withLookups(plain)).toBe(plain);
});
