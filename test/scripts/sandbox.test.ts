import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { python, shell, waysToDestroy, waysToRead, whyNoSandbox } from "./sandbox.js";
import { cli, execute, makePlace, type Place } from "./session.js";

// Ways past shims and lines, each tried for real by a program that no reader looks into, in a session with --sandbox.

const why = whyNoSandbox();
if (why !== undefined) console.warn(`no sandbox here: ${why}`);

/** Runs each list of words, and writes down how it ended and what it said. */
const driver = `
import json, subprocess
out = []
for words in json.load(open("src/calls.json")):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        out.append([done.returncode, (done.stdout + done.stderr).decode("utf8", "replace")[-3000:]])
    except Exception as cause:
        out.append([-1, repr(cause)])
json.dump(out, open("src/results.json", "w"))
`;

const manifest = `version: 1
files:
  write: [src/**]
  never: [secret/**, notes.key]
`;

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  const { workspace, home, outside } = place;
  for (const folder of ["src", "secret"]) mkdirSync(join(workspace, folder));
  mkdirSync(join(home, ".ssh"));
  writeFileSync(join(workspace, "holdpoint.yaml"), manifest);
  writeFileSync(join(workspace, "driver.py"), driver);
  writeFileSync(join(workspace, "kept.txt"), "kept\n");
  writeFileSync(join(workspace, "notes.key"), "hidden-word\n");
  writeFileSync(join(workspace, "secret", "a"), "hidden-word\n");
  writeFileSync(join(outside, "kept.txt"), "kept\n");
  writeFileSync(join(home, ".ssh", "id_ed25519"), "hidden-word\n");
  copyFileSync("/usr/bin/rm", join(workspace, "src", "copied"));
});
afterAll(() => place.remove());

type Result = readonly [status: number, text: string];

async function within(
  calls: readonly (readonly string[])[],
  flags: readonly string[] = [],
): Promise<readonly Result[]> {
  const { workspace } = place;
  writeFileSync(join(workspace, "src", "calls.json"), JSON.stringify(calls));
  const { status, stderr } = await place.run({
    command: ["python3", "driver.py"],
    flags: ["-q", "--sandbox", "--mode", "deny", ...flags],
    limit: 200_000,
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(readFileSync(join(workspace, "src", "results.json"), "utf8"));
}

describe.skipIf(why !== undefined)("a session with --sandbox", () => {
  test("what the scope does not let be written stays as it is", async () => {
    const { workspace, outside, home } = place;
    const kept = [
      join(workspace, "kept.txt"),
      join(workspace, "holdpoint.yaml"),
      join(outside, "kept.txt"),
      join(home, ".ssh", "id_ed25519"),
      "/etc/hostname",
    ];
    const before = kept.map((path) => readFileSync(path, "utf8"));
    const results = await within(kept.flatMap(waysToDestroy));
    expect(results.filter(([status]) => status === 0)).toEqual([]);
    expect(kept.map((path) => readFileSync(path, "utf8"))).toEqual(before);
  });

  test("what it lets be written can be", async () => {
    const { workspace } = place;
    const results = await within([
      python('open("src/made", "w").write("made")'),
      ["git", "init", "-q", "src/inner"],
      shell("mkdir -p src/a/b && echo x > src/a/b/c && mv src/a src/d && cat src/d/b/c"),
      shell("echo tmp > /tmp/own && cat /tmp/own"),
    ]);
    expect(results.map(([status]) => status)).toEqual([0, 0, 0, 0]);
    expect(readFileSync(join(workspace, "src", "made"), "utf8")).toBe("made");
    expect(existsSync("/tmp/own")).toBe(false);
  });

  test("what is never to be read is read by nobody", async () => {
    const { workspace, home } = place;
    const never = [
      join(workspace, "secret", "a"),
      join(workspace, "notes.key"),
      join(home, ".ssh", "id_ed25519"),
    ];
    const results = await within([
      ...never.flatMap(waysToRead),
      shell(`cp -r '${workspace}' src/all; cat src/all/notes.key src/all/secret/a`),
      shell(`mv '${join(workspace, "secret")}' src/; cat src/secret/a`),
      shell(`for each in /proc/[0-9]*; do cat $each/root${never[0]} $each/cwd/notes.key; done`),
    ]);
    expect(results.filter(([, text]) => text.includes("hidden-word"))).toEqual([]);
  }, 120_000);

  test("paths, wiped environments and login shells meet the guard", async () => {
    const { workspace } = place;
    const notes = join(workspace, "src", "notes");
    mkdirSync(notes);
    writeFileSync(join(notes, "plan"), "a plan\n");
    const remove = `rm -rf ${notes}`;
    writeFileSync(join(workspace, "src", "by-path.sh"), `#!/bin/bash\n/usr/bin/rm -rf ${notes}\n`, {
      mode: 0o755,
    });
    const results = await within([
      ["/bin/rm", "-rf", notes],
      ["/usr/bin/rm", "-rf", notes],
      ["/usr/bin/../bin/rm", "-rf", notes],
      ["env", "-i", "/bin/rm", "-rf", notes],
      ["env", "-i", "/bin/sh", "-c", remove],
      ["/bin/bash", "-lc", remove],
      ["/bin/bash", "-c", `command -p ${remove}`],
      ["./src/by-path.sh"],
      ["perl", "-e", `exec("/bin/rm", "-rf", "${notes}")`],
      ["/proc/self/root/usr/bin/rm", "-rf", notes],
      ["/proc/1/root/usr/bin/rm", "-rf", notes],
      shell(`cp /usr/bin/rm /tmp/other; /tmp/other -rf ${notes}`),
      shell(`ln -s /usr/bin/rm /tmp/linked; /tmp/linked -rf ${notes}`),
    ]);
    expect(results.filter(([status]) => status === 0)).toEqual([]);
    expect(readFileSync(join(notes, "plan"), "utf8")).toBe("a plan\n");
    // A link is the shim under its own name, which the broker answers.
    expect(results.slice(0, 9).filter(([, text]) => !text.includes("holdpoint: denied"))).toEqual([]);
  });

  test("what nobody inside could change is denied instead of asked about", async () => {
    const { outside, workspace } = place;
    const results = await within([
      ["rm", "-f", join(outside, "kept.txt")],
      shell(`echo x > '${join(workspace, "kept.txt")}'`),
    ]);
    for (const [status, text] of results) {
      expect(status).toBe(126);
      expect(text.replaceAll(/\s+/g, " ")).toContain("The sandbox has it read-only");
    }
  });

  test("nothing of the machine's services and processes is there", async () => {
    const results = await within([
      ["ls", "-A", "/run"],
      shell("ls -d /proc/[0-9]* | wc -l"),
      shell("mount --bind /etc /mnt || umount /usr/bin || umount -l /"),
      shell("grep -c '^Cap.*0000000000000000$' /proc/self/status"),
      shell(`kill -0 ${process.pid}`),
      ["ls", join(place.home, ".ssh")],
    ]);
    const [run, processes, mounts, capabilities, kill, keys] = results;
    expect(run?.[1]).not.toMatch(/docker|dbus|systemd\/private|postgresql/);
    expect(Number(processes?.[1])).toBeLessThan(10);
    expect(mounts?.[0]).not.toBe(0);
    expect(capabilities?.[1]).toBe("5\n");
    expect(kill?.[0]).not.toBe(0);
    expect(keys?.[1]).not.toContain("hidden-word");
  });

  test("a program that the machine replaces while the session runs is still met by the guard", async () => {
    const { workspace, outside } = place;
    const tools = join(outside, "tools");
    mkdirSync(tools);
    const real = join(tools, "railway");
    writeFileSync(real, "#!/bin/sh\necho real one $0\n", { mode: 0o755 });
    writeFileSync(
      join(workspace, "src", "calls.json"),
      JSON.stringify([[real, "whoami"], ["src/wait.sh"], [real, "whoami"], [real, "down", "-y"]]),
    );
    writeFileSync(
      join(workspace, "src", "wait.sh"),
      "#!/bin/sh\n: > src/waiting\nwhile [ ! -e src/go ]; do sleep 0.05; done\n",
      { mode: 0o755 },
    );
    const running = place.run({
      command: ["python3", "driver.py"],
      flags: ["-q", "--sandbox", "--mode", "deny"],
      env: { PATH: `${place.env["PATH"]}:${tools}` },
      limit: 100_000,
    });
    await expect.poll(() => existsSync(join(workspace, "src", "waiting")), { timeout: 30_000 }).toBe(true);
    writeFileSync(`${real}.new`, "#!/bin/sh\necho real two $0\n", { mode: 0o755 });
    renameSync(`${real}.new`, real);
    writeFileSync(join(workspace, "src", "go"), "");
    expect((await running).stderr).not.toContain("Error");
    const results: readonly Result[] = JSON.parse(
      readFileSync(join(workspace, "src", "results.json"), "utf8"),
    );
    expect(results[0]?.[1]).toMatch(/^real one .*\/railway\n$/);
    expect(results[2]?.[1]).toMatch(/^real two .*\/railway\n$/);
    expect(results[3]?.[0]).toBe(126);
  });

  test("where it cannot be had, nothing runs, and the reason is said", async () => {
    const { workspace, env } = place;
    const ran = join(workspace, "src", "ran");
    const text = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$0" "$@"';
    const command = [process.execPath, cli, "run", "--sandbox", "--", "touch", ran];
    const { status, stderr } = await execute("unshare", ["-Ur", "sh", "-c", text, ...command], {
      ...{ cwd: workspace, env },
    });
    expect(status).toBe(2);
    expect(stderr).toContain("--sandbox cannot be had");
    expect(stderr).toContain("max_user_namespaces");
    expect(existsSync(ran)).toBe(false);
  });
});
