import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandSink } from "../../src/alerts/command.js";
import type { Sent } from "../../src/alerts/sink.js";

const folder = mkdtempSync(join(tmpdir(), "holdpoint-alerts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env["PATH"], MARK: "the user's own" };
function run(text: string, body = "{}", signal = new AbortController().signal): Promise<Sent> {
  const sink = commandSink({ command: ["/bin/sh", "-c", text, "tell"], env, cwd: folder, on: ["denied"] });
  return sink.send({ id: "alert_1", body }, signal);
}

test("the JSON on stdin, the user's environment, from the home folder", async () => {
  expect(await run('cat >got; echo "$MARK" >>got', '{"version":1}\n')).toEqual({ ok: true });
  expect(readFileSync(join(folder, "got"), "utf8")).toBe('{"version":1}\nthe user\'s own\n');
});

test.each<[string, string, string, object]>([
  ["a status", "exit 3", "{}", { ok: false, reason: "ended with 3", isFinal: false }],
  ["a signal", "kill -9 $$", "{}", { ok: false, reason: "ended with SIGKILL", isFinal: false }],
  ["nothing is read", "exit 0", "x".repeat(1_000_000), { ok: true }],
  ["a flood of output", "head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2", "{}", { ok: true }],
])("%s", async (_name, text, body, expected) => {
  expect(await run(text, body)).toEqual(expected);
});

test.each<[string, string, object]>([
  ["a program that is not there", "/nowhere/tell", { reason: "ENOENT", isFinal: true }],
  ["a folder", "/tmp", { reason: "EACCES", isFinal: false }],
  ["a name that is no text of C", "a\0b", { isFinal: true }],
])("%s", async (_name, program, expected) => {
  const sink = commandSink({ command: [program], env, cwd: folder, on: ["denied"] });
  expect(await sink.send({ id: "i", body: "{}" }, new AbortController().signal)).toMatchObject({
    ok: false,
    ...expected,
  });
});

test("one that never ends is ended, with what it started", async () => {
  const stop = new AbortController();
  const sent = run("sleep 1000 & echo $! >child; wait", "{}", stop.signal);
  const file = join(folder, "child");
  await expect.poll(() => existsSync(file) && readFileSync(file, "utf8").trim()).toMatch(/^\d+$/);
  stop.abort();
  expect(await sent).toEqual({ ok: false, reason: "called off", isFinal: false });
  const pid = readFileSync(file, "utf8").trim();
  // Gone, or dead and not yet fetched by whoever adopted it.
  const isAlive = () =>
    existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  await expect.poll(isAlive).toBe(false);
});
