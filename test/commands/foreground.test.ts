import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inForeground } from "../../src/commands/foreground.js";

let folder = "";
let codex = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "foreground-"));
  codex = join(folder, "codex");
  writeFileSync(codex, '#!/bin/sh\n[ "$*" = "--no-daemon --version" ]\n');
  chmodSync(codex, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [[], ["--no-daemon"]],
  [
    ["--sandbox", "read-only", "fix it"],
    ["--no-daemon", "--sandbox", "read-only", "fix it"],
  ],
  [
    ["resume", "--no-daemon"],
    ["resume", "--no-daemon"],
  ],
  [
    ["--remote=unix://", "fix it"],
    ["--remote=unix://", "fix it"],
  ],
])("codex %j runs as %j", async (given, expected) => {
  expect(await inForeground([codex, ...given])).toEqual([codex, ...expected]);
});

test("an older one, which does not know the flag, and any other program stay as they are", async () => {
  writeFileSync(codex, "#!/bin/sh\nexit 2\n");
  expect(await inForeground([codex, "fix it"])).toEqual([codex, "fix it"]);
  expect(await inForeground([join(folder, "no", "codex")])).toEqual([join(folder, "no", "codex")]);
  expect(await inForeground(["gemini", "-i", "fix it"])).toEqual(["gemini", "-i", "fix it"]);
});
