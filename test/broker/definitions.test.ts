import { expect, test } from "vitest";
import { readDefinitions } from "../../src/broker/definitions.js";

test.each([
  ["bash", ["alias:ll", "ls -l"], 'll() { ls -l "$@"; }\n'],
  ["bash", ["alias:rm", "rm -i"], 'rm() { command rm -i "$@"; }\n'],
  ["bash", ["alias:x", "if"], ""],
  ["bash", ["alias:x", "a; b"], ""],
  ["bash", ["f()", "f () \n{ \n    a\n}"], "f () \n{ \n    a\n}\n"],
  ["fish", ["f()", "function f\n  a\nend"], "function f\n  a\nend\n"],
  ["zsh", ["f()", "a"], "f() {\na\n}\n"],
  ["bash", ["f", "x"], ""],
] as const)("what %s says of %j", (shell, [name, value], text) => {
  expect(readDefinitions(shell, [[name, value]])).toBe(text);
});
