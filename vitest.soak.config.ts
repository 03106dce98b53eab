import { defineConfig } from "vitest/config";

/** Load, faults and nonsense in the mass: `npm run test:soak`, minutes each. `npm test` runs a short form of most. */
export default defineConfig({
  test: {
    include: ["test/soak/*.soak.ts"],
    globalSetup: ["test/scripts/build.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    // One at a time: each loads the machine by itself.
    maxWorkers: 1,
  },
});
