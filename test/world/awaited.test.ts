import { afterAll, expect, test } from "vitest";
import type { Provenance } from "../../src/model/world.js";
import { createScratch } from "./scratch.js";

const scratch = createScratch();
afterAll(() => scratch.remove());

test("each asks for what it was missing itself, and gets all of that", async () => {
  scratch.folder("work");
  const ends: (() => void)[] = [];
  const world = scratch.open("work", {
    provenance: (onMissing): Provenance => ({
      placesOf() {
        onMissing(new Promise((resolve) => ends.push(resolve)));
        return "loading";
      },
      keptIn: () => [],
    }),
  });
  expect(world.awaited?.()).toBeUndefined();
  world.provenance?.placesOf("a", true);
  world.provenance?.placesOf("b", true);
  let isOver = false;
  const all = world.awaited?.()?.then(() => {
    isOver = true;
  });
  // A call that was missing nothing does not wait for this one.
  expect(world.awaited?.()).toBeUndefined();
  ends[0]?.();
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  ends[1]?.();
  await all;
  expect(isOver).toBe(true);
});
