import { defineConfig } from "vitest/config";

/** What somebody wants to see with their own eyes: `npm run transcript -- net`. Rows on stdout, and nothing else. */
export default defineConfig({
  test: {
    include: ["test/transcripts/*.transcript.ts"],
    globalSetup: ["test/scripts/build.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    reporters: [
      {
        onUserConsoleLog: ({ content }) => {
          process.stdout.write(content);
        },
        onTestRunEnd: (_modules, errors) => {
          for (const { message } of errors) process.stderr.write(`${message}\n`);
        },
      },
    ],
  },
});
