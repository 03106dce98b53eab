import { defineConfig } from "vitest/config";

/** `npm run test:editors`: the shells with the editors' own scripts, which are fetched from npm. Not part of `npm test`. */
export default defineConfig({
  test: {
    include: ["test/editors/*.editors.ts"],
    globalSetup: ["test/scripts/build.ts", "test/editors/fetch.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
