import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/scripts/build.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Real terminals, shells and servers on a machine that others load, too: what fails three times in a row is red.
    retry: process.env["CI"] === "true" ? 2 : 0,
  },
});
