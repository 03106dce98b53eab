import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyTrusted, evidenceFiles } from "../../src/backups/evidence-files.js";

let folder: string;
let scratch: string;

beforeEach(() => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "hp-evidence-")));
  [folder, scratch] = [join(base, "work"), join(base, "it's own")];
  for (const one of [folder, scratch]) mkdirSync(one);
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

function script(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

const run = (line: string) => execFileSync("/bin/sh", ["-c", line], { cwd: folder, encoding: "utf8" });

test.each(["./age", `'./age' 1 | ./second`, "sh age; ./second </dev/null", "true && ./age>out; cat out"])(
  "%s: what is run are the bytes that were looked at, whatever lies there by then",
  (evidence) => {
    script("age", "echo 3h");
    script("second", "cat; echo trusted");
    const files = evidenceFiles(evidence, folder);
    const expected = run(evidence);
    const ready = copyTrusted({ evidence, folder }, files, scratch);
    if (!ready.ok) throw new Error(ready.changed);
    script("age", "echo replaced");
    script("second", "echo replaced");
    expect(run(ready.line)).toBe(expected);
    expect(run(evidence)).toContain("replaced");
    ready.drop();
    expect(readdirSync(scratch)).toEqual([]);
  },
);

test("one that was changed before is named, and no copy stays", () => {
  script("age", "echo 3h");
  const files = evidenceFiles("./age", folder);
  script("age", "echo 1h");
  expect(copyTrusted({ evidence: "./age", folder }, files, scratch)).toEqual({
    ok: false,
    changed: join(folder, "age"),
  });
  rmSync(join(folder, "age"));
  execFileSync("mkfifo", [join(folder, "age")]);
  expect(copyTrusted({ evidence: "./age", folder }, files, scratch).ok).toBe(false);
  expect(readdirSync(scratch)).toEqual([]);
});
