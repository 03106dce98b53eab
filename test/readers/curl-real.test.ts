import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foreseeRequests } from "../../src/readers/http/curl.js";
import { curlOptions } from "../../src/readers/http/curl-options.js";
import { networkCall, networkWorld } from "./network-world.js";

/** The same words to the reader and to curl itself: both must tell the same method, path and body. URL stands for the server. */
const table: readonly (readonly string[])[] = [
  ["URL/a"],
  ["-XDELETE", "URL/a"],
  ["-sXDELETE", "URL/a"],
  ["-X", "DELETE", "-X", "PATCH", "URL/a"],
  ["-I", "URL/a"],
  ["-d", "x=1", "URL/a"],
  ["-d", "x=1", "-G", "URL/a?y=2"],
  ["--data-urlencode", "x= 1", "-G", "URL/a"],
  ["--json", "{}", "-X", "PUT", "URL/a"],
  ["-F", "x=1", "URL/a"],
  ["-T", "up.txt", "URL/a"],
  ["-d", "@up.txt", "URL/a"],
  ["-X", "DELETE", "URL/[1-3]"],
  ["URL/{a,b}/[01-03:2]"],
  ["-g", "URL/{a}"],
  ["URL/a", "--next", "-X", "DELETE", "URL/b"],
  ["-d", "x", "URL/a", "URL/b", "-:", "URL/c"],
  ["-K", "one.cfg"],
  ["--config", "two.cfg"],
  ["URL/a", "--request-target", "/b?c=1"],
  ["--url", "URL/a", "--url", "URL/b"],
  ["-w", "x", "-o", "/dev/null", "--max-time", "5", "URL/a"],
  ["-H", "X-HTTP-Method: GET", "-X", "POST", "URL/a"],
  ["--request", "DELETE", "--url", "URL/a"],
  ["--upload-f", "up.txt", "URL/a"],
  ["--REQUEST", "DELETE", "URL/a"],
  ["-d", "x=1", "-X", "GET", "URL/a"],
  ["-d", "x=1", "-d", "y=2", "--data-raw", "@z", "URL/a"],
  ["--json", '{"a":', "--json", "1}", "URL/a"],
  ["-d", "a", "--json", "b", "URL/a"],
  ["--data-binary", "@lines.txt", "URL/a"],
  ["-d", "@lines.txt", "URL/a"],
  ["--data-urlencode", "q=a b&c", "--data-urlencode", "=d e", "--data-urlencode", "f g", "URL/a"],
  ["--data-urlencode", "q@lines.txt", "URL/a"],
  ["--url-query", "a=b c", "--url-query", "+d=e", "-X", "DELETE", "URL/a"],
  ["-G", "-I", "-d", "x=1", "URL/a"],
  ["-G", "-X", "DELETE", "-d", "x=1", "URL/a?y=2"],
  ["-I", "-X", "DELETE", "URL/a"],
  ["-T", "up.txt", "URL/in/"],
  ["-T", "up.txt", "URL"],
  ["-T", "up.txt", "-X", "POST", "URL/a"],
  ["-T", "{up,lines}.txt", "URL/in/"],
  ["-g", "-T", "up.txt", "URL/in/[1]"],
  ["-T", "up.txt", "URL/a", "-T", "lines.txt", "URL/b"],
  ["-X", "DELETE", "URL/{a,b}/[1-2]"],
  ["URL/[a-e:2]"],
  ["URL/\\{a\\}"],
  ["-X", "DELETE", "URL/a", "--next", "-d", "x", "URL/b", "--next", "URL/c"],
  ["-d", "x", "--no-get", "URL/a"],
  ["-G", "--no-get", "-d", "x", "URL/a"],
  ["-X", "DELETE", "URL/a#part"],
  ["-X", "DELETE", "URL/a", "--help"],
  ["-X", "DELETE", "URL/a", "-V"],
  ["-K", "quiet.cfg"],
  ["-X", "DELETE", "--resolve", "api.test:PORT:127.0.0.1", "http://api.test:PORT/a"],
  ["-X", "DELETE", "--connect-to", "api.test:80:127.0.0.1:PORT", "http://api.test/a"],
  ["-X", "DELETE", "-x", "URL", "http://api.test/a"],
  ["-X", "DELETE", "--", "URL/a"],
  ["-sXDELETE", "--url", "URL/a", "-o", "out.txt"],
  ["-L", "-X", "DELETE", "URL/moved"],
];

const curl = (process.env["PATH"] ?? "")
  .split(":")
  .map((folder) => join(folder, "curl"))
  .find((path) => existsSync(path));

describe.skipIf(curl === undefined)("the reader and curl agree", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-curl-"));
  const seen: string[] = [];
  let server: Server;
  let base = "";
  let port = "";

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const isMoved = request.url === "/moved";
        // What a redirect leads to is the server's own doing.
        if (request.url !== "/elsewhere") seen.push(showRequest(request, Buffer.concat(parts).toString()));
        response.writeHead(isMoved ? 302 : 200, isMoved ? { location: "/elsewhere" } : {}).end("ok");
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address: AddressInfo | string | null = server.address();
    port = String(typeof address === "object" ? address?.port : "");
    base = `http://127.0.0.1:${port}`;
    mkdirSync(join(folder, "home"));
    for (const [name, text] of Object.entries(filesOf(base))) writeFileSync(join(folder, name), text);
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it.each(table.map((words) => [words]))("%j", async (words) => {
    const argv = words.map((word) => word.replace("URL", base).replace("PORT", port));
    seen.length = 0;
    const env = { HOME: join(folder, "home"), PATH: "/usr/bin:/bin" };
    await promisify(execFile)(curl ?? "curl", ["-sS", ...argv], { cwd: folder, env, timeout: 10_000 });
    const files = Object.fromEntries(
      Object.entries(filesOf(base)).map(([name, text]) => [`/home/dev/project/${name}`, text]),
    );
    const call = networkCall(["curl", ...argv], {});
    const foreseen = foreseeRequests(call, networkWorld({ files })).map(({ method, url, body }) => {
      // A form's parts and an upload's bytes are looked at elsewhere.
      const text = typeof body === "string" && method !== "HEAD" ? body : "";
      return showRequest({ method, url: pathOf(url) }, text);
    });
    expect(foreseen).toEqual(seen.map((line) => line.replace(/^(\w+) http:\/\/[^/]*/, "$1 ")));
  });

  it("knows every option that this curl lists", async () => {
    const { stdout } = await promisify(execFile)(curl ?? "curl", ["--help", "all"]);
    const lines = stdout.matchAll(/^ (?:-(\S), | {4})--(\S+)( [<[]\S+)?/gm);
    const known = new Set(curlOptions.map(([letter, name, hasValue]) => `${letter} ${name} ${hasValue}`));
    const listed = [...lines].flatMap(([, letter = "", name = "", value]) => {
      const plain = name.startsWith("no-") ? name.slice(3) : name;
      return [`${letter} ${plain} ${value !== undefined}`];
    });
    expect(listed.length).toBeGreaterThan(200);
    expect(listed.filter((line) => !known.has(line))).toEqual([]);
  });
});

interface RequestLine {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

function showRequest({ method, url }: RequestLine, body: string): string {
  return `${method} ${url} ${/^--/.test(body) ? "" : body}`;
}

/** As it stands in the request line. */
function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
  return path.startsWith("/") ? path : `/${path}`;
}

function filesOf(base: string): Readonly<Record<string, string>> {
  return {
    "up.txt": "content",
    "lines.txt": "one\ntwo=2\r\n",
    "quiet.cfg": `version\nurl = ${base}/a\n-X DELETE\n`,
    "one.cfg": `# a comment\nurl = "${base}/a"\nrequest: DELETE\n\nnext\nurl=${base}/b\n-d "x=\\"1\\""\n`,
    "two.cfg": `--url ${base}/a\n-XPUT\ndata @up.txt\n`,
  };
}
