import { expect, test } from "vitest";
import { unknown } from "../../../src/model/arg.js";
import { hostNameOf } from "../../../src/readers/remote/ssh-names.js";
import { fakeWorld } from "../../fake-world.js";
import { fakeCall } from "../fake-world.js";

// What ssh's configuration makes of a name: ssh_config(5), as far as it is read.

const config = `# comment
HostName everywhere.test

Host one
  Hostname=one.test
  HostName two.test
host staging-? !staging-9 "spaced"
  HOSTNAME %h.internal
Match exec "true"
  HostName matched.test
Match all
  HostName last.test
`;
const only = (text: string) =>
  fakeWorld({ files: { "/home/me/.ssh/config": { text }, "/w/f": { text: "HostName f.test\n" } } });
const call = fakeCall("ssh x", { cwd: "/w" });

test.each([
  ["one", "one.test"],
  ["staging-1", "staging-1.internal"],
  ["staging-9", "last.test"],
  ["staging-10", "last.test"],
  ["spaced", "spaced.internal"],
  ["other", "last.test"],
])("%s is %s", (name, host) => {
  expect(hostNameOf(name, call, only(config.replace(/^HostName everywhere.*\n/m, "")))).toBe(host);
});

test("what stands before the first block is for all, -F and -o come first, and nothing is nothing", () => {
  expect(hostNameOf("one", call, only(config))).toBe("everywhere.test");
  expect(hostNameOf("one", call, only(config), { files: ["f"] })).toBe("f.test");
  expect(hostNameOf("one", call, only(config), { files: ["missing"] })).toBeUndefined();
  expect(hostNameOf("one", call, only(config), { settings: ["hostname o.test"] })).toBe("o.test");
  expect(hostNameOf("one", call, only(config), { settings: ["HostName=o.test", unknown("$X", "r")] })).toBe(
    "o.test",
  );
  expect(hostNameOf("one", call, only(""))).toBeUndefined();
  expect(hostNameOf("one", call, fakeWorld())).toBeUndefined();
  expect(hostNameOf("one.test", call, only("HostName one.test"))).toBeUndefined();
});
