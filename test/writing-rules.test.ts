import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, root } from "./scripts/session.js";

// docs/writing-rules.md is done as it stands there: its files are written, its commands run, their output compared.
const base = mkdtempSync(join(tmpdir(), "holdpoint-writing-"));
const home = join(base, "home");
const folder = join(base, "work");
const bin = join(base, "bin");
const env = { PATH: `${bin}:${process.env["PATH"]}`, HOME: home, LANG: "C.UTF-8", CI: "true" };

beforeAll(() => {
  for (const path of [home, folder, bin]) mkdirSync(path);
  const script = `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`;
  writeFileSync(join(bin, "holdpoint"), script, { mode: 0o755 });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const page = readFileSync(join(root, "docs/writing-rules.md"), "utf8");
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = "", body = ""], at) => ({
  at,
  language,
  body,
}));

/** `$ command`, and the lines that it prints up to the next. */
function commandsOf(body: string): readonly { readonly command: string; readonly output: string }[] {
  return body
    .split(/^(?=\$ )/m)
    .filter((text) => text !== "")
    .map((text) => {
      const [first = "", ...output] = text.split("\n");
      return { command: first.slice(2), output: output.join("\n") };
    });
}

test("every block is a file that says its name, or commands", () => {
  expect(blocks.length).toBeGreaterThan(10);
  expect(
    blocks.filter(({ language, body }) => !/^(?:yaml # |console \$ )/.test(`${language} ${body}`)),
  ).toEqual([]);
});

// One after the other: each builds on those before.
test.each(blocks)("block $at", async ({ language, body }) => {
  if (language === "yaml") {
    const name = body.slice(2, body.indexOf("\n"));
    writeFileSync(name.startsWith("~/") ? join(home, name.slice(2)) : join(folder, name), body);
    return;
  }
  for (const { command, output } of commandsOf(body)) {
    const { stdout, stderr } = await execute("/bin/bash", ["-c", command], { cwd: folder, env });
    expect({ command, stdout, stderr }).toEqual({ command, stdout: output, stderr: "" });
  }
});
