import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { buildTarget, canSanitize, corpusOf, targets } from "./fuzz.js";

// The corpus and some thousand changes of it, the same each time, under AddressSanitizer and UBSan. The soak goes on from here.
const dir = mkdtempSync(join(tmpdir(), "hp-fuzz-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe.skipIf(!canSanitize("cc"))("where the C compiler has its sanitizers", () => {
  it.each(targets)("%s", (target) => {
    const program = buildTarget(target, "cc", dir);
    const corpus = corpusOf(target);
    const { status, stdout, stderr } = spawnSync(program, ["5000", ...corpus], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `${5000 + corpus.length} inputs\n`,
      stderr: "",
    });
  });
});
