import { expect, test } from "vitest";
import { sessionEnvironment } from "../../src/launcher/environment.js";
import { promptNet } from "../../src/model/prompt-net.js";

const ours = {
  BASH_ENV: "/s/rc/bashenv.sh",
  ZDOTDIR: "/s/rc/zsh",
  PROMPT_COMMAND: promptNet("/s/rc"),
  HOLDPOINT_SESSION: "abc2345",
  HOLDPOINT_MODE: "ask",
  SHLVL: "1",
};

const cases: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  Readonly<Record<string, string>>,
])[] = [
  ["shims first on PATH", { PATH: "/usr/bin", SHLVL: "3" }, { ...ours, PATH: "/s/bin:/usr/bin", SHLVL: "3" }],
  [
    "the user's shell, by the shim of its name",
    { PATH: "/b", SHELL: "/usr/bin/zsh" },
    { ...ours, PATH: "/s/bin:/b", SHELL: "/s/bin/zsh" },
  ],
  [
    "a shell without a shim stays",
    { PATH: "/b", SHELL: "/usr/bin/fish" },
    { ...ours, PATH: "/s/bin:/b", SHELL: "/usr/bin/fish" },
  ],
  [
    "our own start-up files, whatever the user's are",
    { PATH: "/b", BASH_ENV: "/home/ann/env", ZDOTDIR: "/home/ann/z" },
    { ...ours, PATH: "/s/bin:/b" },
  ],
  [
    "no way into the human's multiplexer",
    { PATH: "/b", TMUX: "/tmp/t", TMUX_PANE: "%1", STY: "1" },
    { ...ours, PATH: "/s/bin:/b" },
  ],
  [
    "nothing of another session",
    { PATH: "/b", HOLDPOINT_LINE: "x", HOLDPOINT_VIA: "y", SHLVL: "0" },
    { ...ours, PATH: "/s/bin:/b" },
  ],
];

test.each(cases)("%s", (_, outer, expected) => {
  const options = { bin: "/s/bin", rc: "/s/rc", session: "abc2345", mode: "ask" };
  expect(
    sessionEnvironment({ outer, ...options, hasShim: (name) => name === "bash" || name === "zsh" }),
  ).toEqual(expected);
});

test("fish finds the session's start-up file in front of what stood there", () => {
  const options = { bin: "/s/bin", rc: "/s/rc", session: "abc2345", mode: "ask", hasShim: () => true };
  const env = sessionEnvironment({ outer: { PATH: "/b", SHELL: "/usr/bin/fish" }, ...options });
  expect([env["SHELL"], env["XDG_DATA_DIRS"]]).toEqual([
    "/s/bin/fish",
    "/s/rc/data:/usr/local/share:/usr/share",
  ]);
  const own = sessionEnvironment({ outer: { PATH: "/b", XDG_DATA_DIRS: "/nix/share" }, ...options });
  expect(own["XDG_DATA_DIRS"]).toBe("/s/rc/data:/nix/share");
});
