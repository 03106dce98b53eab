import { expect, test, vi } from "vitest";
import { startChild } from "../../src/launcher/child.js";

const env = { PATH: "/usr/bin:/bin" };

const cases: readonly (readonly [string, readonly string[], number])[] = [
  ["success", ["true"], 0],
  ["its own status", ["sh", "-c", "exit 7"], 7],
  ["128 + n for a signal", ["sh", "-c", "kill -TERM $$"], 143],
  ["128 + n for SIGKILL", ["sh", "-c", "kill -KILL $$"], 137],
  ["no such command", ["holdpoint-no-such-command"], 127],
  ["not a program", ["/etc/passwd"], 126],
  ["no name", [""], 127],
  ["a file for a folder", ["/etc/passwd/x"], 126],
  ["more arguments than fit", ["true", "x".repeat(200_000)], 126],
];

test.each(cases)("%s", async (_, [command = "", ...args], status) => {
  expect(await startChild({ command, args, env, cwd: "/" }).exit).toBe(status);
});

const messages: readonly (readonly [string, string])[] = [
  ["no-such\u001b[31m\nallowed", String.raw`holdpoint: "no-such\u001b[31m\nallowed": command not found`],
  ["/etc/passwd/x", "holdpoint: /etc/passwd/x: not a directory"],
  ["", 'holdpoint: "": command not found'],
];

test.each(messages)("what cannot be started is told of plainly: %j", async (command, said) => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await startChild({ command, args: [], env, cwd: "/" }).exit;
  const texts = written.mock.calls.map(([text]) => text);
  written.mockRestore();
  expect(texts).toEqual([`${said}\n`]);
});
