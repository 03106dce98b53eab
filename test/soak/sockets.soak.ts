import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, makePlace, type Place } from "../scripts/session.js";

// Both sockets of a real session under attack from inside it, by two processes at a time, while another goes on working there.
const seconds = Math.ceil(20 * Number(process.env["HOLDPOINT_SOAK"] ?? "1"));
let place: Place;

beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.remove());

const roundsSchema = v.array(
  v.object({
    attack: v.string(),
    calls: v.number(),
    wrong: v.array(v.string()),
    medianMs: v.number(),
    slowestMs: v.number(),
    memory: v.number(),
    descriptors: v.number(),
  }),
);

test("a session under attack serves those who work in it, releases nothing, and does not grow", async () => {
  const program = join(place.base, "inside.mjs");
  const source = fileURLToPath(new URL("inside.ts", import.meta.url));
  buildSync({ entryPoints: [source], bundle: true, platform: "node", format: "esm", outfile: program });
  const held = join(place.outside, "held");
  mkdirSync(held);
  writeFileSync(join(held, "file"), "stays");
  const result = join(place.base, "result.json");
  const outcome = await place.run({
    command: [process.execPath, program, result, String(seconds), held],
    flags: ["-q", "--mode", "deny"],
    limit: 1_500_000,
  });
  expect(existsSync(result) ? outcome.status : outcome).toBe(0);
  const rounds = v.parse(roundsSchema, JSON.parse(readFileSync(result, "utf8")));
  for (const { attack, calls, wrong, medianMs, slowestMs, memory, descriptors } of rounds)
    console.log(
      `${attack}: ${calls} honest calls, ${wrong.length} wrong; median ${medianMs} ms, slowest ${slowestMs} ms; broker ${memory} MB, ${descriptors} descriptors`,
    );
  expect(rounds.flatMap(({ attack, wrong }) => wrong.map((each) => `${attack}: ${each}`))).toEqual([]);
  expect(readFileSync(join(held, "file"), "utf8")).toBe("stays");
  const last = rounds.at(-1);
  expect(last?.descriptors).toBeLessThan(100);
  for (const log of place.logs()) {
    const { status, stdout } = spawnSync(process.execPath, [cli, "log", "verify", log], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.any(String) });
  }
}, 1_600_000);

test.skipIf(process.getuid?.() !== 0)(
  "another user does not come near",
  async () => {
    const probe = [
      "import glob, socket, sys",
      "said = []",
      "for name in ('sock', 'control', 'bin/rm', 'fifo/0.in'):",
      "    try:",
      "        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1] + '/' + name) if name in ('sock', 'control') else open(sys.argv[1] + '/' + name)",
      "        said.append('let in to ' + name)",
      "    except OSError as error: said.append(type(error).__name__)",
      "print(' '.join(said))",
    ].join("\n");
    chmodSync(place.base, 0o755);
    const script = `setpriv --reuid=65534 --regid=65534 --clear-groups -- /usr/bin/python3 -c "$0" "$(dirname "\${PATH%%:*}")"`;
    const { stdout } = await place.run({ command: ["/bin/bash", "-c", script, probe] });
    expect(stdout).toBe("PermissionError PermissionError PermissionError PermissionError\n");
  },
  120_000,
);
