import { copyFileSync, existsSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { gzipSync } from "node:zlib";

// The incident's call by whatever can send one.

export const url = "https://backboard.railway.com/graphql/v2";
export const mutation = '{"query":"mutation { volumeDelete(volumeId: \\"vol-1\\") }"}';

/** One way of sending what destroys. */
export interface Client {
  readonly client: string;
  readonly form: string;
  readonly command: readonly string[];
}

/** Programs beyond the usual ones, by name: each where it lies. */
export type Programs = Readonly<Record<string, string>>;

/** Of an npm folder in which `deno`, `bun`, `node22` and `node24` were installed (docs/net.md). */
export function programsIn(folder: string): Programs {
  const inside = {
    deno: ["deno"],
    bun: ["bin", "bun"],
    node22: ["bin", "node"],
    node24: ["bin", "node"],
  };
  return Object.fromEntries(
    Object.entries(inside).map(([name, way]) => [name, join(folder, "node_modules", name, ...way)]),
  );
}

/** What the commands name, in the folder that they run in. `packages`: an npm folder with undici and axios. */
export function writeClients(workspace: string, packages: string | undefined): void {
  copyFileSync("/usr/bin/curl", join(workspace, "mycurl"));
  writeFileSync(join(workspace, "body.json"), mutation);
  writeFileSync(join(workspace, "body.gz"), gzipSync(mutation));
  writeFileSync(
    join(workspace, "long.json"),
    `{"pad":"${"x".repeat(5_000_000)}","query":"mutation { volumeDelete(volumeId: 1) }"}`,
  );
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(workspace, name), text);
  if (packages !== undefined && existsSync(join(packages, "node_modules")))
    symlinkSync(join(packages, "node_modules"), join(workspace, "node_modules"));
}

const json = ["-H", "content-type: application/json"];
const plain = url.replace("https", "http");

const curl = (form: string, ...words: readonly string[]): Client => ({
  client: "curl, under another name",
  form,
  command: ["./mycurl", "-s", ...words],
});

/** Every client that is known, whether it is here or not. */
export function knownClients(programs: Programs): readonly Client[] {
  const nodes = {
    "Node of holdpoint": process.execPath,
    "Node 22": programs["node22"],
    "Node 24": programs["node24"],
  };
  return [
    {
      client: "curl, by its path",
      form: "HTTP/2",
      command: ["/usr/bin/curl", "-s", ...json, "-d", mutation, url],
    },
    curl("HTTP/2", ...json, "-d", mutation, url),
    curl("HTTP/1.1", "--http1.1", ...json, "-d", mutation, url),
    curl("plain HTTP that asks for HTTP/2", "--http2", ...json, "-d", mutation, plain),
    curl("a tunnel for plain HTTP", "-p", ...json, "-d", mutation, plain),
    curl("gzip", ...json, "-H", "content-encoding: gzip", "--data-binary", "@body.gz", url),
    curl("chunks", "--http1.1", ...json, "-H", "transfer-encoding: chunked", "-d", mutation, url),
    curl("a wait for 100", "--http1.1", ...json, "-H", "expect: 100-continue", "-d", mutation, url),
    curl("a multipart form", "-F", `operations=${mutation}`, "-F", "map={}", url),
    curl("a body too long to be read", ...json, "--data-binary", "@long.json", url),
    curl(
      "the query string of a GET",
      "-G",
      "--data-urlencode",
      "query=mutation { volumeDelete(volumeId: 1) }",
      url,
    ),
    curl(
      "another method by a header",
      "-X",
      "POST",
      "-H",
      "X-HTTP-Method-Override: DELETE",
      "https://api.example.com/x",
    ),
    curl("a DELETE to S3", "-X", "DELETE", "https://s3.amazonaws.com/bucket/key"),
    curl("a host nobody vouches for", "-k", "https://elsewhere.example.org/x"),
    {
      client: "wget",
      form: "",
      command: [
        "/usr/bin/wget",
        "-qO-",
        "--content-on-error",
        "--header",
        json[1] ?? "",
        "--post-data",
        mutation,
        url,
      ],
    },
    {
      client: "git",
      form: "the address that it asks for",
      command: ["/usr/bin/git", "ls-remote", `${url}?query=mutation{volumeDelete(volumeId:1)}`],
    },
    {
      client: "aws",
      form: "--endpoint-url",
      command: [
        ...[programs["aws"] ?? onPath("aws"), "s3api", "delete-object", "--bucket", "bucket", "--key", "key"],
        ...["--endpoint-url", "https://s3.amazonaws.com", "--region", "us-east-1"],
      ],
    },
    { client: "Python", form: "urllib", command: ["/usr/bin/python3", "by-urllib.py"] },
    { client: "Python", form: "urllib, gzip", command: ["/usr/bin/python3", "by-urllib.py", "gzip"] },
    { client: "Python", form: "requests", command: ["/usr/bin/python3", "by-requests.py"] },
    { client: "Python", form: "httpx", command: ["/usr/bin/python3", "by-httpx.py"] },
    ...Object.entries(nodes).flatMap(([client, program = "not-given"]) =>
      Object.entries({
        fetch: "fetch.mjs",
        "https, with agents and without": "https.mjs",
        http2: "http2.mjs",
        undici: "undici.mjs",
        axios: "axios.mjs",
      }).map(([form, script]) => ({ client, form, command: [program, script] })),
    ),
    { client: "Deno", form: "fetch", command: [programs["deno"] ?? "not-given", "run", "-A", "fetch.mjs"] },
    {
      client: "Deno",
      form: "node:https",
      command: [programs["deno"] ?? "not-given", "run", "-A", "https.mjs"],
    },
    { client: "Bun", form: "fetch", command: [programs["bun"] ?? "not-given", "fetch.mjs"] },
    { client: "Bun", form: "node:https", command: [programs["bun"] ?? "not-given", "https.mjs"] },
  ];
}

function onPath(name: string): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(existsSync) ?? "not-given";
}

const python = (code: string) => `
import sys
url, body, head = ${JSON.stringify(url)}, ${JSON.stringify(mutation)}, {"content-type": "application/json"}
${code}`;
const node = (code: string) => `
const [url, body] = [${JSON.stringify(url)}, ${JSON.stringify(mutation)}];
const headers = { "content-type": "application/json" };
setTimeout(() => process.exit(3), 30_000).unref();
${code}`;

const scripts: Readonly<Record<string, string>> = {
  "by-urllib.py": python(`
import gzip, urllib.request, urllib.error
data = body.encode()
if len(sys.argv) > 1:
    data = gzip.compress(data)
    head["content-encoding"] = "gzip"
try: print(urllib.request.urlopen(urllib.request.Request(url, data=data, headers=head)).read().decode())
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
  "undici.mjs": node(`
import { Agent, request } from "undici";
const answer = await request(url, { method: "POST", body, headers, dispatcher: new Agent() });
console.log(answer.statusCode, await answer.body.text());
process.exit(0);`),
  "axios.mjs": node(`
import axios from "axios";
const answer = await axios.post(url, body, { headers, validateStatus: null });
console.log(answer.status, typeof answer.data === "string" ? answer.data : JSON.stringify(answer.data));
process.exit(0);`),
};
