import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

// `holdpoint demo` as somebody without a terminal runs it.

const cli = fileURLToPath(new URL("../../bin/holdpoint.js", import.meta.url));
const home = mkdtempSync("/var/tmp/holdpoint-demo-home-");
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("the query passes, the mutation does not, and the card says where the token came from", async () => {
  const { status, stdout, stderr } = await demo();
  expect({ status, isDenied: stderr.includes("holdpoint: denied") }).toEqual({ status: 0, isDenied: true });
  expect(stdout).toContain("purpose: fix the login of staging");
  // Looking for tokens, and the harmless query, are held by nobody.
  expect(stdout).toContain("./infra/domains/.env:RAILWAY_TOKEN=…");
  expect(stdout).toContain('{"data":{"project":{"name":"shop"');
  expect(stdout).toMatch(/queries: {3}1 {2}\(project\)\n {2}mutations: 0\n/);
  // What was looked up for the card, at the stand-in and with the call's own token.
  for (const row of [
    "all backups go with it",
    "environment production, by lookup",
    "3 backups, the newest 4",
    "RAILWAY_TOKEN comes from infra/domains/.env, unrelated to the purpose",
    "scope   fix the login of staging; acts in staging; not in production",
    "alerted command tee",
    "no way back",
  ])
    expect(stdout).toContain(row);
  expect(stdout).toContain("holdpoint's own, for the card: 4");
  expect(stdout).toContain("the chain is whole");
  expect(stdout + stderr).not.toContain("b7a1c0de-83f4");
});

function demo(): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: process.env["PATH"], HOME: home, CI: "true", XDG_CONFIG_HOME: join(home, "config") };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, "demo"], { env, cwd: home }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
