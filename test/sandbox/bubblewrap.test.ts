import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { usualSandbox } from "../../src/model/sandbox-setting.js";
import type { Manifest } from "../../src/model/scope.js";
import { bubblewrapArguments } from "../../src/sandbox/bubblewrap.js";
import { planSandbox, type SandboxPlan } from "../../src/sandbox/plan.js";
import { lstat, readdir, readFile, realpath } from "../../src/world/file-system.js";
import { root } from "../scripts/session.js";
import { createScratch } from "../world/scratch.js";

// The real bwrap gives the view that a plan says, for root and for a plain user.

const scratch = createScratch();
afterAll(() => scratch.remove());
const self = process.getuid?.() ?? 0;
const nobody = 65_534;
const bare = [
  "--unshare-user",
  "--unshare-pid",
  "--ro-bind",
  "/",
  "/",
  "--dev",
  "/dev",
  "--proc",
  "/proc",
  "true",
];

function canRun(uid: number): boolean {
  if (spawnSync("bwrap", bare, { uid }).status !== 0) return false;
  return uid === self || (self === 0 && spawnSync("test", ["-x", scratch.root], { uid }).status === 0);
}

const work = join(scratch.home, "project");
scratch.write("home/project/src/a.ts", "a\n");
scratch.write("home/project/secrets/deep/key", "secret\n");
scratch.write("home/project/.env.production", "secret\n");
scratch.write('home/project/it\'s a "name" \\ $(x)\n/.env.production', "secret\n");
scratch.write("home/project/holdpoint.yaml", "version: 1\n");
scratch.write("home/linked", "secret\n");
scratch.write("home/.ssh/work-key", "secret\n");
scratch.write("home/.ssh/config", "Host x\n");
scratch.write("home/.aws/credentials", "secret\n");
scratch.write("home/.config/holdpoint/config.yaml", "version: 1\n");
scratch.write("home/.config/tool/x", "x\n");
scratch.write("run/sock", "s\n");
scratch.write("own/nothing", "");
for (const name of ["tmp", "var-tmp", "scratch"]) scratch.folder(`own/${name}`);
symlinkSync("../linked", join(work, "linked.pem"));
scratch.git("home/project", "init", "-q");
execFileSync("chmod", ["-R", "go+rX", scratch.root]);
chmodSync(join(scratch.root, "own/nothing"), 0);

const manifest: Manifest = {
  file: `${work}/holdpoint.yaml`,
  folder: work,
  isTrusted: false,
  purpose: undefined,
  environments: [],
  files: {
    read: undefined,
    write: undefined,
    never: [`${work}/secrets/**`, `${work}/**/.env.production`, `${work}/**/*.pem`],
  },
  credentials: undefined,
  backups: [],
};

function planFor(uid: number): SandboxPlan {
  const plan = planSandbox({
    home: scratch.home,
    cwd: join(work, "src"),
    workspace: work,
    uid,
    env: { HOME: scratch.home },
    command: ["sh"],
    programs: [process.execPath],
    manifests: [manifest],
    setting: { ...usualSandbox, write: ["~/.config"] },
    guardPaths: [join(scratch.home, ".config/holdpoint")],
    sessionDirectory: join(scratch.root, "run"),
    packageRoot: root,
    hasNet: true,
    look: { lstat, readdir, readFile, realpath },
  });
  if ("refused" in plan) throw new Error(plan.refused);
  for (const folder of plan.make) mkdirSync(folder, { recursive: true });
  return plan;
}

function runInside(script: string, uid: number): readonly string[] {
  const plan = planFor(uid);
  if (self === 0) execFileSync("chown", ["-Rh", `${uid}:${uid}`, scratch.root]);
  const given = { plan, privateFolder: join(scratch.root, "own"), hasNet: true, inside: "/usr/bin/setpriv" };
  const args = bubblewrapArguments({ ...given, insideSteps: dropAll, last: ["--", "sh", "-c", script] });
  const env = { PATH: "/usr/bin:/bin", HOME: scratch.home };
  const { stdout, stderr, status } = spawnSync("bwrap", args, { uid, gid: uid, env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split("\n");
}

/** As `inside` does, which mounts as well. */
const dropAll = ["--no-new-privs", "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"];

/** Each line is tried by itself, and says whether it could. */
const lines: readonly [string, "yes" | "no"][] = [
  ["cat a.ts", "yes"],
  ["echo x > new && rm new", "yes"],
  ["mv a.ts b && mv b a.ts", "yes"],
  ["cat ../secrets/deep/key", "no"],
  ["ls ../secrets", "no"],
  ["chmod 755 ../secrets", "no"],
  ["cat ../.env.production", "no"],
  ["chmod 644 ../.env.production", "no"],
  ["rm -f ../.env.production", "no"],
  ["cat ../it*/.env.production", "no"],
  ["cat ../linked.pem", "no"],
  ["cat ~/linked", "no"],
  ["mv ../secrets ../x", "no"],
  ["cat ~/.ssh/work-key", "no"],
  ["cat ~/.ssh/config", "yes"],
  ["cat ~/.aws/credentials", "no"],
  ["echo x > ../holdpoint.yaml", "no"],
  ["rm -f ../holdpoint.yaml", "no"],
  ["echo x > y && mv y ../holdpoint.yaml", "no"],
  ["echo x > ../.git/x", "yes"],
  ["echo x > ../.git/hooks/pre-commit", "no"],
  ["echo x >> ../.git/config", "no"],
  ["mv ../.git ../g", "no"],
  ["echo x > ~/.config/tool/x", "yes"],
  ["echo x > ~/.config/holdpoint/config.yaml", "no"],
  ["mv ~/.config/holdpoint ~/.config/h", "no"],
  ["mv ~/.config ~/.c", "no"],
  ["touch ~/.bashrc", "no"],
  ["touch /usr/x", "no"],
  ["touch /tmp/x /var/tmp/x /dev/shm/x", "yes"],
  ["test -e /run/dbus", "no"],
  [`cat ${scratch.root}/run/sock`, "yes"],
  [`echo x > ${scratch.root}/run/sock`, "no"],
  ["cat < /dev/tcp/127.0.0.1/1", "no"],
  ["kill -0 $PPID && test $PPID -gt 10", "no"],
  ["umount /tmp", "no"],
];

// Nothing may lean on /dev/null being writable for everybody: some machines have it otherwise.
const script = lines.map(([line]) => `(${line}) >/tmp/out 2>&1 </dev/zero && echo yes || echo no`).join("\n");

test.for([self, nobody])("as user %i", { timeout: 60_000 }, (uid, { skip }) => {
  if (!canRun(uid)) skip("bwrap, user namespaces or another user are not to be had here");
  const found = runInside(script, uid);
  expect(lines.map(([line], at) => [line, found[at]])).toEqual(lines);
});
