import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScreen } from "./screen.js";
import { makePlace, type Place } from "./session.js";

// What a manifest says of a call is told before the human is asked, and before it runs.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.remove());

test("outside the scope: told while nobody was asked yet, then asked, then told of the answer", async () => {
  const target = join(place.workspace, "notes.txt");
  writeFileSync(target, "notes\n");
  writeFileSync(join(place.workspace, "holdpoint.yaml"), 'version: 1\nfiles: {write: ["src/**"]}\n');
  const heard: { readonly event: unknown; readonly verdict: unknown; readonly seen: unknown }[] = [];
  let text = () => "";
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { event, verdict } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      heard.push({ event, verdict, seen: [existsSync(target), /waits? for you/.test(text())] });
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const config = join(place.home, "outside.yaml");
  writeFileSync(config, `version: 1\nalerts: [{webhook: "http://127.0.0.1:${port}/", on: [outside]}]\n`);
  const screen = openScreen(place, ["bash", "-c", "rm notes.txt"], ["-q", "--config", config]);
  text = () => screen.text();
  try {
    await screen.see(/waits? for you/);
    expect(heard).toEqual([{ event: "outside", verdict: "ask", seen: [true, false] }]);
    await new Promise((done) => setTimeout(done, 500));
    screen.press("d");
    expect(await screen.exited).toBe(126);
    expect(heard[1]).toMatchObject({ event: "outside", verdict: "deny" });
    expect(existsSync(target)).toBe(true);
  } finally {
    screen.kill();
    server.close();
  }
});

/** A webhook that notes each event with what `look` sees when it comes. */
async function webhook(look: () => unknown) {
  const heard: {
    readonly events: unknown;
    readonly verdict: unknown;
    readonly using: unknown;
    readonly seen: unknown;
  }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { events, verdict, using } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      heard.push({ events, verdict, using, seen: look() });
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { heard, url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

test("a credential for something else: told before the call is refused, and without its value", async () => {
  const mark = join(place.workspace, "went-on");
  const secret = "tok-5d1f0a77c2e94b36";
  writeFileSync(
    join(place.workspace, "holdpoint.yaml"),
    `version: 1
environments:
  staging: {allow: [read, modify], hosts: [api.staging.example.com]}
  production: {allow: [read, modify], hosts: [api.example.com]}
credentials: [{name: deploy, from: "env:DEPLOY_TOKEN", allow: [staging]}]
`,
  );
  const { heard, url, close } = await webhook(() => existsSync(mark));
  const config = join(place.home, "credential.yaml");
  writeFileSync(config, `version: 1\nalerts: [{webhook: "${url}"}]\n`);
  const line = `curl -sX PUT -H "Authorization: Bearer $DEPLOY_TOKEN" https://api.example.com/x -d a=b`;
  try {
    const { status, stderr } = await place.run({
      flags: ["-q", "--config", config],
      command: [
        process.execPath,
        "-e",
        `
        const { spawnSync } = require("node:child_process");
        const { status } = spawnSync("bash", ["-c", ${JSON.stringify(line)}], { stdio: "inherit" });
        require("node:fs").writeFileSync(${JSON.stringify(mark)}, "");
        process.exitCode = status;`,
      ],
      env: { DEPLOY_TOKEN: secret },
    });
    expect(status).toBe(126);
    expect(stderr).toContain("scope/credential");
    expect(heard).toEqual([
      {
        events: ["credential", "denied"],
        verdict: "deny",
        using: [expect.stringContaining("DEPLOY_TOKEN")],
        seen: false,
      },
    ]);
    expect(JSON.stringify(heard)).not.toContain(secret);
  } finally {
    close();
  }
});
