import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foreseeWget, wgetReader } from "../../src/readers/http/wget.js";
import { noApis } from "./knowledge-files.js";
import { networkCall, networkWorld } from "./network-world.js";

/** The same words to the reader and to wget itself; whether the file `old` stays as it was. URL stands for the server. */
const table: readonly (readonly [words: readonly string[], stays: boolean])[] = [
  [["URL/a"], true],
  [["--method=DELETE", "URL/a"], true],
  [["--method=delete", "URL/a"], true],
  [["--meth=DELETE", "URL/a"], true],
  [["--spider", "--method=DELETE", "URL/a"], true],
  [["--post-data", "x=1", "URL/a"], true],
  [["--post-file=list", "URL/a"], true],
  [["--method=PATCH", "--body-data=x", "URL/a"], true],
  [["--method=PUT", "--body-file", "rel", "URL/a"], true],
  [["-e", "method=DELETE", "URL/a"], true],
  [["-e", "Meth_od = DELETE", "URL/a"], true],
  [["-e", "post-data=x=1", "URL/a"], true],
  [["--config=rc", "URL/a"], true],
  [["--config=rc", "--method=PUT", "URL/a"], true],
  [["-i", "list"], true],
  [["-e", "input=list"], true],
  [["-B", "URL/base/", "-i", "rel"], true],
  [["-F", "-B", "URL/base/", "-i", "html"], true],
  [["-O", "old", "URL/a"], false],
  [["-P", "dir", "-O", "old", "URL/a"], false],
  [["-N", "URL/old"], false],
  [["URL/old"], true],
  [["--start-pos=1", "URL/old"], true],
  [["-nd", "-r", "URL/old"], true],
  [["-nH", "-x", "URL/old"], false],
  [["--delete-after", "-O", "old", "URL/a"], false],
  [["-o", "old", "URL/a"], false],
];

const wget = (process.env["PATH"] ?? "")
  .split(":")
  .map((folder) => join(folder, "wget"))
  .find((path) => existsSync(path));
const isGnu = wget !== undefined && readFileSync(wget).includes("GNU Wget");

describe.skipIf(!isGnu)("the reader and wget agree", () => {
  const root = mkdtempSync(join(tmpdir(), "holdpoint-wget-"));
  const seen: string[] = [];
  let server: Server;
  let base = "";

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        seen.push(`${request.method} ${request.url} ${Buffer.concat(parts)}`);
        response.end("ok");
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address: AddressInfo | string | null = server.address();
    base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });

  afterAll(() => {
    server.close();
    rmSync(root, { recursive: true });
  });

  it.each(table.map(([words, stays], at) => [words, stays, at] as const))("%j", async (words, stays, at) => {
    const folder = join(root, String(at));
    mkdirSync(folder);
    const files = filesOf(base);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const argv = words.map((word) => word.replace("URL", base));
    seen.length = 0;
    const env = { HOME: folder, PATH: "/usr/bin:/bin" };
    await promisify(execFile)(wget ?? "wget", ["-nv", "-t1", ...argv], { cwd: folder, env, timeout: 10_000 });
    const call = networkCall(["wget", ...argv], {});
    const world = networkWorld({
      files: Object.fromEntries(
        Object.entries(files).map(([name, text]) => [`/home/dev/project/${name}`, text]),
      ),
    });
    const foreseen = foreseeWget(call, world).map(
      ({ method, url, body }) => `${method} ${url.replace(base, "")} ${typeof body === "string" ? body : ""}`,
    );
    expect(foreseen).toEqual(seen);
    const written = wgetReader(noApis)
      .read(call, world)
      .effects.some(({ resource, action }) => resource === "file" && action === "modify");
    const isSame = readFileSync(join(folder, "old"), "utf8") === files["old"];
    expect({ written, isSame }).toEqual({ written: !stays, isSame: stays });
  });
});

function filesOf(base: string): Readonly<Record<string, string>> {
  return {
    old: "what was here before",
    list: `${base}/l1\n${base}/l2\n`,
    rel: "x1",
    html: '<a href="y1">y</a>',
    rc: "# a comment\nmethod = DELETE\n",
  };
}
