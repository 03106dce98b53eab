import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, knownClients, writeClients } from "../net/clients.js";
import { type Internet, openInternet } from "../net/internet.js";
import { type Outdoors, openOutdoors, sayAll, staticClient, whyNoOutdoors, wiped } from "../net/outdoors.js";
import { whyNoSandbox } from "./sandbox.js";
import { makePlace, type Place } from "./session.js";

// The incident's call in a world where nothing but the sandbox stands between a client and the service.

const why = whyNoSandbox() ?? whyNoOutdoors();
if (why !== undefined) console.warn(`no sandbox in a network of its own here: ${why}`);

let internet: Internet;
let outdoors: Outdoors;
let place: Place;
let clients: readonly Client[];
beforeAll(async () => {
  if (why !== undefined) return;
  internet = await openInternet();
  outdoors = await openOutdoors(internet);
  place = await makePlace();
  writeClients(place.workspace, undefined);
  const own = staticClient(place.workspace);
  clients = [...knownClients({}), ...(own === undefined ? [] : [own])].filter(
    ({ command: [program = ""] }) => program.startsWith("./") || existsSync(program),
  );
}, 120_000);
afterAll(async () => {
  place?.remove();
  outdoors?.close();
  await internet?.close();
});

const said = (calls: readonly (readonly string[])[], flags: readonly string[] | undefined) =>
  sayAll(calls, { place, internet, outdoors, flags });

const passed = () => internet.reached.filter(({ method }) => method !== "GET").length;

describe.skipIf(why !== undefined)("with --sandbox --net", () => {
  test("without a session, clients whose environment was wiped reach the service", async () => {
    const before = outdoors.connections();
    await said(
      clients.map(({ command }) => wiped(command)),
      undefined,
    );
    expect(outdoors.connections() - before).toBeGreaterThan(clients.length / 2);
  }, 600_000);

  test("with their environment they are judged, and what destroys is held", async () => {
    const before = passed();
    const words = await said(
      clients.map(({ command }) => command),
      ["--sandbox", "--net"],
    );
    expect(words.filter((text) => text.includes('"ok":true'))).toEqual([]);
    expect(passed()).toBe(before);
    const held = words.filter((text) => text.includes("holdpoint: denied")).length;
    expect(held).toBeGreaterThan(clients.length / 2);
  }, 600_000);

  test("without it they do not reach anything", async () => {
    const before = outdoors.connections();
    const words = await said(
      clients.map(({ command }) => wiped(command)),
      ["--sandbox", "--net"],
    );
    expect(words.filter((text) => text.includes('"ok":true'))).toEqual([]);
    expect(outdoors.connections()).toBe(before);
  }, 600_000);

  test("what reads gets its answer", async () => {
    const url = "https://api.example.com/a";
    const words = await said(
      [
        ["./mycurl", "-s", url],
        ["/usr/bin/python3", "-c", reading(url)],
      ],
      ["--sandbox", "--net"],
    );
    expect(words.map((text) => text.trim())).toEqual(['{"data":{"ok":true}}', '{"data":{"ok":true}}']);
  }, 120_000);
});

function reading(url: string): string {
  return `import urllib.request; print(urllib.request.urlopen("${url}").read().decode())`;
}
