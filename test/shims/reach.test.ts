import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { execute } from "../scripts/session.js";
import { canSanitize } from "./fuzz.js";

// The library that has programs connect to the session's proxy, with every check that a compiler has for memory and undefined behaviour.

const shims = join(import.meta.dirname, "..", "..", "shims");
const folder = mkdtempSync(join(tmpdir(), "hp-reach-"));
const probe = join(folder, "probe");
const heard: string[] = [];
const servers: Server[] = [];

/** Answers one byte once it has heard the client's own words. */
async function listen(name: string): Promise<number> {
  const server = createServer((socket: Socket) => {
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (!text.endsWith("own words\n")) return;
      heard.push(`${name}: ${text}`);
      socket.write("x");
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

describe.skipIf(process.platform !== "linux" || !canSanitize("cc"))("reach", () => {
  let [proxy, direct] = [0, 0];

  beforeAll(async () => {
    const checks = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"];
    const warnings = ["-std=c11", "-Wall", "-Wextra", "-Werror"];
    const sources = [
      join(shims, "reach.c"),
      join(shims, "reach-names.c"),
      join(import.meta.dirname, "reach-probe.c"),
    ];
    const made = spawnSync("cc", [...warnings, ...checks, "-o", probe, ...sources, "-ldl", "-pthread"], {
      encoding: "utf8",
    });
    expect(made.stderr).toBe("");
    proxy = await listen("proxy");
    direct = await listen("direct");
  }, 120_000);

  beforeEach(() => {
    heard.length = 0;
  });

  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  async function connect(setting: string, ...words: readonly string[]): Promise<string> {
    const env = setting === "" ? {} : { HOLDPOINT_REACH: setting };
    const { stdout, stderr } = await execute(probe, words, { cwd: folder, env });
    expect(stderr).toBe("");
    return stdout.trim();
  }

  const preface = (target: string) =>
    `proxy: CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nProxy-Authorization: Basic bG9naW4=\r\nX-Holdpoint: silent\r\n\r\nown words\n`;

  // 192.0.2.0/24 and 2001:db8::/32 are nobody's: RFC 5737, RFC 3849.
  test.each([
    ["4", "192.0.2.1", "5432", "192.0.2.1:5432"],
    ["4n", "192.0.2.1", "443", "192.0.2.1:443"],
    ["6", "2001:db8::1", "5432", "[2001:db8::1]:5432"],
    ["6n", "2001:db8::1", "5432", "[2001:db8::1]:5432"],
    ["6", "::ffff:192.0.2.1", "5432", "192.0.2.1:5432"],
    ["4", "localhost", "7777", "localhost:7777"],
    ["4n", "127.0.0.1", "7777", "127.0.0.1:7777"],
  ])("%s to %s port %s goes by the proxy", async (kind, host, port, target) => {
    expect(await connect(`${proxy} bG9naW4= 80,443,5432 7777`, kind, host, port)).toBe("connected");
    expect(heard).toEqual([preface(target)]);
  });

  test.each([
    ["no setting", ""],
    ["a port that is watched elsewhere only", "PROXY bG9naW4= PORT 0"],
    ["a setting that is none", "what 1"],
    ["the proxy's own port", "PORT bG9naW4= 80 0 only"],
  ])("goes where it wanted to: %s", async (_name, setting) => {
    const text = setting.replace("PROXY", String(proxy)).replace("PORT", String(direct));
    expect(await connect(text, "4", "127.0.0.1", String(direct))).toBe("connected");
    expect(heard).toEqual(["direct: own words\n"]);
  });

  test("whatever port, where all are watched", async () => {
    expect(await connect(`${proxy} bG9naW4= 80 0 only`, "4", "127.0.0.1", String(direct))).toBe("connected");
    expect(heard).toEqual([preface(`127.0.0.1:${direct}`)]);
    const path = join(folder, ".s.PGSQL.5432");
    expect(await connect(`${proxy} bG9naW4= 80 0 only`, "p", path, "0")).toBe("ECONNREFUSED");
    expect(await connect(`${proxy} bG9naW4= 80 0`, "p", path, "0")).toBe("ENOENT");
  });

  test("UDP is left alone", async () => {
    expect(await connect(`${proxy} bG9naW4= 5432 0 only`, "u", "127.0.0.1", "5432")).toBe("connected");
    expect(heard).toEqual([]);
  });

  test("without a proxy nothing is reached", async () => {
    expect(await connect("1 bG9naW4= 80 0", "4", "192.0.2.1", "80")).toBe("ECONNREFUSED");
    expect(await connect("1 bG9naW4= 80 0", "6n", "2001:db8::1", "80")).toBe("ECONNREFUSED");
  });

  test("from many threads at once", async () => {
    expect(await connect(`${proxy} bG9naW4= 80 7777`, "t", "localhost", "7777")).toBe("0 failed");
    expect(new Set(heard)).toEqual(new Set([preface("localhost:7777")]));
    expect(heard).toHaveLength(160);
  });
});
