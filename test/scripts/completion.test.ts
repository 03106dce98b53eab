import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Place } from "./session.js";

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});

afterAll(() => place.remove());

test.each([
  ["lo", "log"],
  ["log ver", "verify"],
  ["log --fo", "--follow"],
  ["--mo", "--mode"],
  ["--quiet --ti", "--timeout"],
  ["completion z", "zsh"],
  ["doctor --", "--json --alerts"],
  ["ini", "init"],
  ["init vs", "vscode"],
  ["init tmux --shell z", "zsh"],
  ["she", ""],
  ["explain --why git/sta", "git/stash"],
  ["explain --w", "--why"],
  ["explain --plan /etc/hostn", "/etc/hostname"],
  ["rules te", "test"],
  ["cred", "credentials"],
  ["credentials --fail-on m", "medium"],
  ["credentials --his", "--history"],
  ["credentials --scope wo", "work"],
  ["scope ch", "check"],
  ["scope --sc", "--scope"],
  ["scope check home/../wo", "home/../work"],
  ["run --scope wo", "work"],
  ["--scope wo", "work"],
  ["explain --cwd wo", "work"],
  ["rules --sea", "--search"],
  ["run --mode ob", "observe"],
  ["--mode ob", "observe"],
])("bash completes: holdpoint %s", async (typed, expected) => {
  const script = `source <(${process.execPath} ${cli} completion bash)
COMP_WORDS=(holdpoint ${typed}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _holdpoint; echo "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await execute("/bin/bash", ["-c", script], { cwd: place.base, env: place.env });
  expect([stdout, stderr]).toEqual([`${expected}\n`, ""]);
});
