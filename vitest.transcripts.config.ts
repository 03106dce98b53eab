import { defineConfig } from "vitest/config";

/** What somebody wants to see with their own eyes: `npm run transcript -- net`, or `sandbox`. Rows on stdout, and nothing else. */
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
        onTestRunEnd: (modules, errors) => {
          const failed = modules.flatMap((module) => [...module.children.allTests("failed")]);
          for (const { message } of [...errors, ...failed.flatMap((each) => each.result().errors ?? [])])
            process.stderr.write(`${message}\n`);
        },
      },
    ],
  },
});
