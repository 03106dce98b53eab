import { expect, test } from "vitest";
import { interactiveStart } from "../../src/broker/interactive.js";
import { shellOfToken } from "../../src/broker/typed.js";
import { promptNet } from "../../src/model/prompt-net.js";

const file = "/s/rc/interactive.bash";
const net = `PROMPT_COMMAND=${promptNet("/s/rc")}`;
const started = (start: string, ...rest: readonly string[]) => ({
  argv: ["bash", "--init-file", file, ...rest],
  env: [`HOLDPOINT_START=${start}`, net],
});
const netted = { argv: undefined, env: [net] };

test.each([
  ["bash", started("rc")],
  ["/s/bin/bash -i", started("rc", "-i")],
  ["-bash", started("login-bash")],
  ["bash -l", started("loginbash")],
  ["bash -il -o vi", started("loginbash", "-i", "-o", "vi")],
  ["bash --login --noediting", started("loginbash", "--noediting")],
  ["bash --init-file /e/f.sh", started("rc/e/f.sh")],
  ["bash -rcfile f -i", started("rcf", "-i")],
  ["bash -ic text", started("rc", "-ic", "text")],
  ["bash -ilc text -l", undefined],
  ["bash -O extglob -s a", started("rc", "-O", "extglob", "-s", "a")],
  ["bash --norc", netted],
  ["bash --noprofile -l", netted],
  ["bash --norc -l", started("loginbash", "--norc")],
  ["bash -lc text", undefined],
  ["bash script.sh", undefined],
  ["bash --version", undefined],
])("%s", (line, expected) => {
  expect(interactiveStart(line.split(" "), true, new Map(), "/s/rc")).toEqual(expected);
});

test("not on a terminal, a shell is interactive only where it is told to be", () => {
  expect(interactiveStart(["bash"], false, new Map(), "/s/rc")).toBeUndefined();
  expect(interactiveStart(["bash", "-i"], false, new Map(), "/s/rc")).toEqual(started("rc", "-i"));
});

test("POSIX mode reads ENV alone", () => {
  const env = ["--posix", "-i"];
  expect(interactiveStart(["bash", ...env], true, new Map([["ENV", "$HOME/e"]]), "/s/rc")).toEqual({
    argv: undefined,
    env: [net, `ENV=${file}`, "HOLDPOINT_START=env$HOME/e"],
  });
});

test("the shell of a line's own token", () => {
  expect([shellOfToken("stdin.12.345.6"), shellOfToken("t1"), shellOfToken(undefined)]).toEqual([
    12,
    undefined,
    undefined,
  ]);
});
