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
