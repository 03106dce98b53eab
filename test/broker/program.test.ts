import { expect, test } from "vitest";
import { type Choice, Programs } from "../../src/broker/program.js";
import type { World } from "../../src/model/world.js";
import { fakeWorld, shimCall } from "./fakes.js";

const script = "#!/bin/sh";
const files = {
  "/home/a/.pyenv/shims/pip": script,
  "/venv/bin/pip": script,
  "/usr/bin/pip": "\u007fE",
  "/only/tool": script,
};
const world: World = fakeWorld(files);

/** A call that comes back with the trail that it was given, by exec (same pid) or by fork. */
function turns(
  path: string,
  name: string,
  pids: readonly number[],
  startPath = "/usr/bin",
): readonly string[] {
  const programs = new Programs(world, startPath);
  let via: string | undefined;
  return pids.map((pid) => {
    const env = { PATH: path, ...(via === undefined ? {} : { HOLDPOINT_VIA: via }) };
    const choice: Choice = programs.choose(shimCall([name], env, { pid }));
    if (choice.kind !== "found") return choice.kind;
    via = choice.via;
    return choice.program;
  });
}

const pyenv = "/hp/bin:/home/a/.pyenv/shims:/usr/bin";
const shim = "/home/a/.pyenv/shims/pip";

const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["the caller's PATH decides", turns("/hp/bin:/venv/bin:/usr/bin", "pip", [1]), ["/venv/bin/pip"]],
  ["a manager that executes itself again gets the next", turns(pyenv, "pip", [1, 1]), [shim, "/usr/bin/pip"]],
  [
    "with nothing further on PATH, what the session started with",
    turns("/home/a/.pyenv/shims", "pip", [1, 1]),
    [shim, "/usr/bin/pip"],
  ],
  ["a few nested scripts by fork are no loop", turns(pyenv, "pip", [1, 2, 3]), [shim, shim, shim]],
  ["many are", turns(pyenv, "pip", [1, 2, 3, 4, 5, 6]), [shim, shim, shim, shim, shim, "/usr/bin/pip"]],
  [
    "a loop without a way out ends",
    turns("/only", "tool", Array(21).fill(1)),
    [...Array(20).fill("/only/tool"), "loop"],
  ],
  ["no such program", turns("/usr/bin", "psql", [1]), ["missing"]],
];

test.each(cases)("%s", (_, seen, expected) => {
  expect(seen).toEqual(expected);
});

test("plain tools leave no trail", () => {
  const choice = new Programs(world, "/usr/bin").choose(shimCall(["pip"], { PATH: "/usr/bin" }));
  expect(choice).toEqual({ kind: "found", program: "/usr/bin/pip", via: undefined });
});
