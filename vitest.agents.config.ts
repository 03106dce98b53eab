import { defineConfig } from "vitest/config";

/** Real agents, installed from npm: `npm run test:agents`. Too heavy for `npm test`, whose files end in `.test.ts`. */
export default defineConfig({
  test: {
    include: ["test/agents/*.agents.ts"],
    globalSetup: ["test/scripts/build.ts"],
    testTimeout: 400_000,
    hookTimeout: 900_000,
    // An agent at a time: each is several processes of its own.
    maxWorkers: 1,
  },
});
