import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Internet, openInternet } from "../net/internet.js";
import { makePlace, type Place } from "./session.js";

// The incident's call by clients that no shim stands for, in a session with --net. They are started by Python from a list, so
// that no text of a shell tells what they do.

const url = "https://backboard.railway.com/graphql/v2";
const mutation = '{"query":"mutation { volumeDelete(volumeId: \\"vol-1\\") }"}';
const json = ["-H", "content-type: application/json"];

let internet: Internet;
let place: Place;
beforeAll(async () => {
  internet = await openInternet();
  place = await makePlace();
  const { workspace } = place;
  copyFileSync("/usr/bin/curl", join(workspace, "mycurl"));
  writeFileSync(join(workspace, "body.gz"), gzipSync(mutation));
  writeFileSync(
    join(workspace, "long.json"),
    `{"pad":"${"x".repeat(5_000_000)}","query":"mutation { volumeDelete(volumeId: 1) }"}`,
  );
  writeFileSync(join(workspace, "large.bin"), Buffer.alloc(20_000_000));
  writeFileSync(join(workspace, "drive.py"), driver);
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(workspace, name), text);
});
afterAll(async () => {
  await internet.close();
  place.remove();
});

const driver = `
import json, subprocess, sys
out = []
for words in json.load(open("calls.json")):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=40)
        out.append([done.returncode, (done.stdout + done.stderr).decode("utf8", "replace")[:3000]])
    except Exception as cause:
        out.append([-1, repr(cause)])
json.dump(out, open("results.json", "w"))
`;

const python = (code: string) => `
url, body, head = ${JSON.stringify(url)}, ${JSON.stringify(mutation)}, {"content-type": "application/json"}
${code}`;
const node = (code: string) => `
const [url, body] = [${JSON.stringify(url)}, ${JSON.stringify(mutation)}];
const headers = { "content-type": "application/json" };
setTimeout(() => process.exit(3), 30_000).unref();
${code}`;
const scripts: Readonly<Record<string, string>> = {
  "by-urllib.py": python(`
import urllib.request, urllib.error
try: print(urllib.request.urlopen(urllib.request.Request(url, data=body.encode(), headers=head)).read().decode())
except urllib.error.HTTPError as cause: print(cause.code, cause.read().decode())`),
  "by-requests.py": python(`
import requests
answer = requests.post(url, data=body, headers=head); print(answer.status_code, answer.text)`),
  "by-httpx.py": python(`
import httpx
answer = httpx.post(url, content=body, headers=head); print(answer.status_code, answer.text)`),
  "fetch.mjs": node(`
const answer = await fetch(url, { method: "POST", body, headers }); console.log(answer.status, await answer.text());`),
  "https.mjs": node(`
import { Agent, request } from "node:https";
for (const agent of [undefined, false, new Agent({ keepAlive: true })])
  await new Promise((done) => {
    const sent = request(url, { method: "POST", headers, agent }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => { text += chunk; }).on("end", () => done(console.log(answer.statusCode, text)));
    });
    sent.on("error", (cause) => done(console.log("sent", cause.message)));
    sent.end(body);
  });
process.exit(0);`),
  "http2.mjs": node(`
import { connect } from "node:http2";
const session = connect(new URL(url).origin);
session.on("error", (cause) => { console.log("sent", cause.message); process.exit(1); });
const stream = session.request({ ":path": "/graphql/v2", ":method": "POST", ...headers });
let text = "";
stream.on("response", (head) => { text = String(head[":status"]); }).on("data", (chunk) => { text += chunk; });
stream.on("end", () => { console.log(text); process.exit(0); });
stream.end(body);`),
  "read.mjs": node(`
for (const each of ["https://api.example.com/a", "http://api.example.com/b"])
  console.log(await (await fetch(each)).text());
import net from "node:net";
const server = net.createServer((socket) => socket.end("of its own")).listen(0, "127.0.0.1", () => {
  net.connect(server.address().port, "127.0.0.1").on("data", (data) => { console.log(String(data)); process.exit(0); });
});`),
};

/** Each of the calls in one session; what it printed, with its status. */
async function inSession(
  calls: readonly (readonly string[])[],
): Promise<readonly (readonly [number, string])[]> {
  const results = join(place.workspace, "results.json");
  writeFileSync(join(place.workspace, "calls.json"), JSON.stringify(calls));
  const outcome = await place.run({
    flags: ["-q", "--net", "--mode", "deny"],
    command: ["/usr/bin/python3", "drive.py"],
    env: { ...internet.env, AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "example" },
    limit: 240_000,
  });
  expect(existsSync(results), outcome.stderr).toBe(true);
  const { readFileSync, rmSync } = await import("node:fs");
  const found: readonly (readonly [number, string])[] = JSON.parse(readFileSync(results, "utf8"));
  rmSync(results);
  return found;
}

const clients: Readonly<Record<string, readonly string[]>> = {
  "curl under another name": ["./mycurl", "-s", ...json, "-d", mutation, url],
  "its HTTP/1.1": ["./mycurl", "-s", "--http1.1", ...json, "-d", mutation, url],
  "its request to take up HTTP/2 on plain HTTP": [
    "./mycurl",
    "-s",
    "--http2",
    ...json,
    "-d",
    mutation,
    url.replace("https", "http"),
  ],
  "its tunnel for plain HTTP": [
    "./mycurl",
    "-s",
    "-p",
    ...json,
    "-d",
    mutation,
    url.replace("https", "http"),
  ],
  "a body in gzip": [
    "./mycurl",
    "-s",
    ...json,
    "-H",
    "content-encoding: gzip",
    "--data-binary",
    "@body.gz",
    url,
  ],
  "a body in chunks": [
    "./mycurl",
    "-s",
    "--http1.1",
    ...json,
    "-H",
    "transfer-encoding: chunked",
    "-d",
    mutation,
    url,
  ],
  "a body that waits for 100": [
    "./mycurl",
    "-s",
    "--http1.1",
    ...json,
    "-H",
    "expect: 100-continue",
    "-d",
    mutation,
    url,
  ],
  "a form of the multipart specification": [
    "./mycurl",
    "-s",
    "-F",
    `operations=${mutation}`,
    "-F",
    "map={}",
    url,
  ],
  "a body too long to be read": ["./mycurl", "-s", ...json, "--data-binary", "@long.json", url],
  "another method by a header": [
    "./mycurl",
    "-s",
    "-X",
    "POST",
    "-H",
    "X-HTTP-Method-Override: DELETE",
    "https://api.example.com/x",
  ],
  "a host whose certificate nobody vouches for": ["./mycurl", "-sk", "https://elsewhere.example.org/x"],
  wget: [
    "/usr/bin/wget",
    "-qO-",
    "--content-on-error",
    "--header",
    json[1] ?? "",
    "--post-data",
    mutation,
    url,
  ],
  urllib: ["/usr/bin/python3", "by-urllib.py"],
  requests: ["/usr/bin/python3", "by-requests.py"],
  httpx: ["/usr/bin/python3", "by-httpx.py"],
  "Node's fetch": [process.execPath, "fetch.mjs"],
  "Node's https, with agents and without": [process.execPath, "https.mjs"],
  "Node's http2": [process.execPath, "http2.mjs"],
  "a DELETE to S3": ["./mycurl", "-s", "-X", "DELETE", "https://s3.amazonaws.com/bucket/key"],
};

test("what destroys is held, by whatever client, and nothing of it leaves", async () => {
  const names = Object.keys(clients);
  const results = await inSession(Object.values(clients));
  const through = names.filter((_, at) => results[at]?.[1].includes('"ok":true') === true);
  expect(through).toEqual([]);
  // Each is told why, but for the one whose connection could not be read, and so not be answered.
  const untold = names.filter((_, at) => results[at]?.[1].includes("holdpoint: denied") !== true);
  expect(untold, JSON.stringify(results, null, 1)).toEqual(["a host whose certificate nobody vouches for"]);
  expect(internet.reached.filter(({ method }) => method !== "GET")).toEqual([]);
  const denied = place.records().filter(({ verdict }) => verdict === "deny");
  expect(denied.length).toBeGreaterThan(names.length);
  // Whose each was is on record: a process of the session.
  expect(denied.filter(({ pid }) => typeof pid !== "number")).toEqual([]);
}, 300_000);

test("what reads, and what uploads, passes unharmed", async () => {
  const results = await inSession([
    ["./mycurl", "-s", "https://api.example.com/a"],
    ["./mycurl", "-s", "--http1.1", "https://api.example.com/a"],
    ["./mycurl", "-s", "--http2", "http://api.example.com/a"],
    ["./mycurl", "-s", ...json, "-d", '{"query":"query { me { id } }"}', url],
    ["./mycurl", "-s", "-T", "large.bin", "https://api.example.com/up"],
    ["./mycurl", "-s", "--http1.1", "-T", "large.bin", "https://api.example.com/up"],
    [process.execPath, "read.mjs"],
    ["/usr/bin/git", "ls-remote", "https://api.example.com/x.git"],
  ]);
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
