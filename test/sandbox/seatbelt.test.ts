import { expect, test } from "vitest";
import { mountSteps } from "../../src/sandbox/inside-steps.js";
import type { Mount } from "../../src/sandbox/mounts.js";
import type { SandboxPlan } from "../../src/sandbox/plan.js";
import { seatbeltProfile } from "../../src/sandbox/seatbelt.js";

const mounts: readonly Mount[] = [
  { kind: "private", path: "/tmp", name: "tmp" },
  { kind: "empty-folder", path: "/Users/me/.aws" },
  { kind: "write", path: '/Users/me/a "b"\\c' },
  { kind: "read", path: '/Users/me/a "b"\\c/.git/config' },
  { kind: "empty-file", path: '/Users/me/a "b"\\c/in/key' },
];
const plan: SandboxPlan = {
  mounts,
  overlays: [{ target: "/usr/bin", lowers: ["/farm/0", "/usr/bin"] }],
  scratches: [{ target: "/Users/me/Library/Caches", lower: "/Users/me/Library/Caches" }],
  unset: [],
  set: {},
  make: [],
  makeFiles: [],
  shut: [],
  notes: [],
  cwd: "/Users/me",
};
const given = { plan, temporary: "/private/var/x/tmp", sessionDirectory: "/private/var/x", sockets: [] };

test("a profile, whole: of rules that fit the last one counts", () => {
  expect(seatbeltProfile({ ...given, ports: [8080], sockets: ["/var/run/docker.sock"] }).split("\n")).toEqual(
    [
      "(version 1)",
      "(allow default)",
      "(deny file-write*)",
      '(allow file-write* (subpath "/dev/fd") (regex #"^/dev/(null|zero|tty.*|ptmx|pty.*)$"))',
      '(allow file-write* (subpath "/private/var/x/tmp"))',
      '(allow file-write* (subpath "/Users/me/Library/Caches"))',
      '(deny file-read* file-write* (subpath "/Users/me/.aws"))',
      '(allow file-write* (subpath "/Users/me/a \\"b\\"\\\\c"))',
      '(deny file-write* (subpath "/Users/me/a \\"b\\"\\\\c/.git/config"))',
      '(deny file-read* file-write* (subpath "/Users/me/a \\"b\\"\\\\c/in/key"))',
      '(deny file-write-unlink (literal "/Users/me/a \\"b\\"\\\\c"))',
      '(deny file-write-unlink (literal "/Users/me/a \\"b\\"\\\\c/.git"))',
      '(deny file-write-unlink (literal "/Users/me/a \\"b\\"\\\\c/in"))',
      "(deny network* (remote unix-socket))",
      '(allow network-outbound (remote unix-socket (subpath "/private/var/x")))',
      '(allow network-outbound (remote unix-socket (literal "/var/run/docker.sock")))',
      "(deny network-outbound (remote ip))",
      '(allow network-outbound (remote ip "localhost:8080"))',
      "(deny network-bind (local ip))",
      '(allow network-bind (local ip "localhost:*"))',
      '(deny mach-lookup (global-name "com.apple.coreservices.launchservicesd") (global-name "com.apple.SecurityServer"))',
      "(deny appleevent-send)",
      "",
    ],
  );
});

test("without the network layer the network is the machine's", () => {
  expect(seatbeltProfile({ ...given, ports: undefined })).not.toMatch(/ ip\b/);
});

test("what is mounted inside: the upper layers are covered after them", () => {
  expect(mountSteps(plan, "/own")).toEqual([
    ...["overlay", "/usr/bin", "/farm/0", "/usr/bin", ";"],
    ...["scratch", "/Users/me/Library/Caches", "/Users/me/Library/Caches"],
    ...["/own/scratch/0/upper", "/own/scratch/0/work"],
    ...["cover", "/own/scratch"],
  ]);
});
