import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { curlReader } from "../../src/readers/curl.js";
import { networkCall, networkWorld } from "./network-world.js";

/** The same words to the reader and to curl itself: both must speak of the same requests. URL stands for the server. */
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

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      request.resume().on("end", () => response.end("ok"));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address: AddressInfo | string | null = server.address();
    base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    mkdirSync(join(folder, "home"));
    for (const [name, text] of Object.entries(filesOf(base))) writeFileSync(join(folder, name), text);
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it.each(table.map((words) => [words]))("%j", async (words) => {
    const argv = words.map((word) => word.replace("URL", base));
    seen.length = 0;
    const env = { HOME: join(folder, "home"), PATH: "/usr/bin:/bin" };
    await promisify(execFile)(curl ?? "curl", ["-sS", ...argv], { cwd: folder, env, timeout: 10_000 });
    const files = Object.fromEntries(
      Object.entries(filesOf(base)).map(([name, text]) => [`/home/dev/project/${name}`, text]),
    );
    const call = networkCall(["curl", ...argv], {});
    const { effects } = curlReader([]).read(call, networkWorld({ files }));
    const read = effects.map((effect) =>
      effect.resource === "http" ? `${effect.method} ${effect.target.replace(base, "")}` : effect.resource,
    );
    expect(read).toEqual(seen);
  });
});

function filesOf(base: string): Readonly<Record<string, string>> {
  return {
    "up.txt": "content",
    "one.cfg": `# a comment\nurl = "${base}/a"\nrequest: DELETE\n\nnext\nurl=${base}/b\n-d "x=\\"1\\""\n`,
    "two.cfg": `--url ${base}/a\n-XPUT\ndata @up.txt\n`,
  };
}
