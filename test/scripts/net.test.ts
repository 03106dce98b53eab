import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { knownClients, url, writeClients } from "../net/clients.js";
import { inSession } from "../net/drive.js";
import { type Internet, openInternet } from "../net/internet.js";
import { makePlace, type Place } from "./session.js";

// The incident's call by clients that no shim stands for, in a session with --net.

const json = ["-H", "content-type: application/json"];

let internet: Internet;
let place: Place;
beforeAll(async () => {
  internet = await openInternet();
  place = await makePlace();
  const { workspace } = place;
  writeClients(workspace, undefined);
  writeFileSync(join(workspace, "large.bin"), Buffer.alloc(20_000_000));
  writeFileSync(join(workspace, "read.mjs"), read);
});
afterAll(async () => {
  await internet.close();
  place.remove();
});

const read = `
setTimeout(() => process.exit(3), 30_000).unref();
for (const each of ["https://api.example.com/a", "http://api.example.com/b"])
  console.log(await (await fetch(each)).text());
import net from "node:net";
const server = net.createServer((socket) => socket.end("of its own")).listen(0, "127.0.0.1", () => {
  net.connect(server.address().port, "127.0.0.1").on("data", (data) => { console.log(String(data)); process.exit(0); });
});`;

/** Those that are on every machine which runs these tests: no packages of npm's. */
const clients = knownClients({}).filter(
  ({ client, form, command: [program = ""] }) =>
    (program.startsWith("./") || existsSync(program)) &&
    !["undici", "axios"].includes(form) &&
    client !== "aws",
);

test("what destroys is held, by whatever client, and nothing of it leaves", async () => {
  const names = clients.map(({ client, form }) => `${client}: ${form}`);
  const calls = clients.map(({ command }) => command);
  const results = await inSession(place, internet, ["--net"], calls);
  const through = names.filter((_, at) => results[at]?.[1].includes('"ok":true') === true);
  expect(through).toEqual([]);
  // Each is told why, but for the one whose connection could not be read, and so not be answered.
  const untold = names.filter((_, at) => results[at]?.[1].includes("holdpoint: denied") !== true);
  expect(untold, JSON.stringify(results, null, 1)).toEqual([
    "curl, under another name: a host nobody vouches for",
  ]);
  expect(internet.reached).toEqual([]);
  const denied = place.records().filter(({ verdict }) => verdict === "deny");
  expect(denied.length).toBeGreaterThan(names.length);
  // Whose each was is on record: a process of the session.
  expect(denied.filter(({ pid }) => typeof pid !== "number")).toEqual([]);
}, 300_000);

test("what reads, and what uploads, passes unharmed", async () => {
  const results = await inSession(
    place,
    internet,
    ["--net"],
    [
      ["./mycurl", "-s", "https://api.example.com/a"],
      ["./mycurl", "-s", "--http1.1", "https://api.example.com/a"],
      ["./mycurl", "-s", "--http2", "http://api.example.com/a"],
      ["./mycurl", "-s", ...json, "-d", '{"query":"query { me { id } }"}', url],
      ["./mycurl", "-s", "-T", "large.bin", "https://api.example.com/up"],
      ["./mycurl", "-s", "--http1.1", "-T", "large.bin", "https://api.example.com/up"],
      [process.execPath, "read.mjs"],
      ["/usr/bin/git", "ls-remote", "https://api.example.com/x.git"],
    ],
  );
  const ok = '{"data":{"ok":true}}\n';
  expect(results.slice(0, 7)).toEqual([
    ...Array.from({ length: 6 }, () => [0, ok]),
    [0, `${ok}\n${ok}\nof its own\n`],
  ]);
  // It came to a server that is no git server, and said so.
  expect(results[7]?.[1]).toContain("not valid");
  const uploads = internet.reached.filter(({ method }) => method === "PUT");
  expect(uploads.map(({ body }) => body.length)).toEqual([20_000_000, 20_000_000]);
}, 300_000);
