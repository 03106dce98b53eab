import { expect, test } from "vitest";
import { isPathStarted } from "../../src/broker/shell-call.js";

test.each([
  [["/bin/sh", "./configure", "--prefix=/x"], true],
  [["/bin/sh", "-c", "cd c && make"], true],
  [["/bin/dash"], true],
  [["/bin/bash", "/usr/bin/ldd", "x"], true],
  [["/bin/bash"], true],
  // Texts of a shell that agents start their commands by are judged as lines.
  [["/bin/bash", "-lc", "ls"], false],
  [["/usr/bin/zsh", "-c", "ls"], false],
  [["sh", "-c", "ls"], false],
  [["/s/bin/sh", "x"], false],
  [["/bin/rm", "x"], false],
])("%j: a shell that only a sandbox has meet its shim: %j", (argv, expected) => {
  const name = argv[0]?.split("/").at(-1) ?? "";
  expect(isPathStarted({ name, argv }, "/s/bin")).toBe(expected);
});
