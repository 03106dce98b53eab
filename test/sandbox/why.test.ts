import { expect, test } from "vitest";
import { type SandboxFacts, whyNoSandbox } from "../../src/sandbox/why.js";

const good: SandboxFacts = {
  platform: "linux",
  bubblewrap: "bubblewrap 0.8.0",
  hasInside: true,
  kernel: "6.1.0-18-amd64",
  isRoot: false,
  settings: {
    unprivilegedUsernsClone: undefined,
    maxUserNamespaces: "96365",
    apparmorRestrictUserns: undefined,
  },
  isContainer: false,
};
const settings = good.settings;
const denied = "bwrap: setting up uid map: Permission denied\nmore";

/** What fails in a trial, by its name. */
async function why(facts: Partial<SandboxFacts>, failing: Partial<Record<string, string>> = {}) {
  const found = await whyNoSandbox({ ...good, ...facts }, async (trial) => {
    const stderr = failing[trial];
    return { status: stderr === undefined ? 0 : 1, stderr: stderr ?? "" };
  });
  return found === undefined ? undefined : `${found.reason} → ${found.remedy}`;
}

test("nothing is in the way", async () => {
  expect(await why({})).toBeUndefined();
});

test.each<[Partial<SandboxFacts>, Partial<Record<string, string>>, RegExp]>([
  [{ platform: "darwin" }, {}, /^a sandbox needs Linux, and this is darwin → start without --sandbox$/],
  [{ bubblewrap: undefined }, {}, /^bwrap is not installed → .*apt install bubblewrap/],
  [{ bubblewrap: "bubblewrap 0.5.0" }, {}, /^bwrap is 0\.5 → install bubblewrap 0\.6 or later$/],
  [{ bubblewrap: "?" }, {}, /^bwrap does not say its version/],
  [{ hasInside: false }, {}, /^the program that mounts inside was not built → install a C compiler/],
  [
    { settings: { ...settings, maxUserNamespaces: "0" } },
    { namespace: denied },
    /^user namespaces are switched off .* → sysctl -w user\.max_user_namespaces=15000/,
  ],
  [
    { settings: { ...settings, unprivilegedUsernsClone: "0" } },
    { namespace: denied },
    /^only root may make user namespaces .* → sysctl -w kernel\.unprivileged_userns_clone=1/,
  ],
  [
    { settings: { ...settings, apparmorRestrictUserns: "1" } },
    { namespace: denied },
    /^AppArmor lets only programs with a profile .* → give bwrap a profile/,
  ],
  [
    { isContainer: true },
    { namespace: denied },
    /^this container may not make namespaces \(bwrap: setting up uid map: Permission denied\) → .*seccomp=unconfined/,
  ],
  [
    { isRoot: true, settings: { ...settings, apparmorRestrictUserns: "1" } },
    { namespace: denied },
    /^bwrap cannot make a sandbox \(bwrap: setting up uid map: Permission denied\)/,
  ],
  [
    { kernel: "5.4.0-42" },
    { overlay: "x" },
    /^Linux 5\.4 has no overlays in user namespaces → use Linux 5\.11/,
  ],
  [{}, { overlay: "mount: No such device" }, /^this kernel has no overlay file system → modprobe overlay$/],
  [
    {},
    { overlay: "holdpoint: sandbox: scratch /x: Invalid argument" },
    /^the state folder's file system .*XDG_STATE_HOME/,
  ],
  [{}, { overlay: "" }, /^overlays cannot be mounted in a user namespace \(it says nothing\)/],
])("%j %j", async (facts, failing, expected) => {
  expect(await why(facts, failing)).toMatch(expected);
});

test("a setting that forbids it in general is no obstacle where it works all the same", async () => {
  expect(await why({ settings: { ...settings, apparmorRestrictUserns: "1" } })).toBeUndefined();
});
