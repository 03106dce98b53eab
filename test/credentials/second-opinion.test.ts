import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { expect, test } from "vitest";
import { detectCredentials } from "../../src/credentials/detect.js";
import { planted } from "./planted.js";

/**
 * secretlint, whose rules many people look after, is asked about the same texts: what it finds, the detector finds. An update
 * of it that knows new forms fails here. At run time it would cost more than the whole scan (ARCHITECTURE.md says how much).
 */
test.each(planted)("what secretlint finds is found: $file", async ({ file, text }) => {
  const { messages } = await lintSource({
    source: { filePath: `/work/${file}`, content: text, contentType: "text" },
    options: { config: { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator }] } },
  });
  const found = detectCredentials(text, file);
  const missed = messages.filter(({ loc }) => !found.some(({ line }) => line === loc.start.line));
  expect(missed.map(({ messageId, loc }) => ({ messageId, line: loc.start.line }))).toEqual([]);
});
