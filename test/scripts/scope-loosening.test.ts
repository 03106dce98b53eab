import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rememberTrust, sha256 } from "../../src/commands/manifest-store.js";
import { findPlaces } from "../../src/commands/places.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// An agent that wants its scope wider. Whatever it tries, `secret` stays what is never to be touched.

const python = "/usr/bin/python3";
const strict = "version: 1\nfiles: {never: [secret]}\n";
const loose = "version: 1\n";

let place: Place;
const manifest = (): string => join(place.workspace, "holdpoint.yaml");
const probe = (): string => join(place.workspace, "secret", "probe");
/** Without a manifest, nobody is asked about this. */
const touch = (): string => `cp "${join(place.workspace, "tracked.txt")}" "${probe()}"`;
const again = `"${process.execPath}" "${cli}"`;

beforeEach(async () => {
  const made = await makePlace();
  const own = join(made.base, "run");
  mkdirSync(own);
  place = { ...made, env: { ...made.env, TMPDIR: own, XDG_RUNTIME_DIR: own } };
  mkdirSync(join(place.workspace, "secret"));
  writeFileSync(manifest(), strict);
  await place.git("add", ".");
  await place.git("commit", "-qm", "scope");
});
afterEach(() => place.remove());

function trusted(text = strict): void {
  const trust = { file: manifest(), sha256: sha256(text), time: new Date().toISOString(), evidence: [] };
  rememberTrust(findPlaces(place.env), trust, text);
}

/** One session for one line of bash. */
const session = (line: string, flags: readonly string[] = ["-q"]): Promise<Outcome> =>
  place.run({ command: ["bash", "-c", line], flags });

/** What the agent's own code does where nobody reads it: inside a function, by a name put together. */
function ownCode(body: string): string {
  const script = join(place.base, "own.py");
  const lines = body.split("; ").map((each) => `    ${each}`);
  const put = "    put = lambda path, text: getattr(__builtins__, 'op' + 'en')(path, 'w').write(text)";
  writeFileSync(
    script,
    ["import os, shutil", "def work():", put, ...lines, "globals()['wo' + 'rk']()", ""].join("\n"),
  );
  return `${python} "${script}"`;
}

async function expectHeld(outcome: Outcome): Promise<void> {
  expect(outcome.stderr).toContain("scope/never");
  expect(existsSync(probe())).toBe(false);
}

test("without the manifest the probe is quiet, with it denied, and reading is as before", async () => {
  await expectHeld(await session(touch()));
  rmSync(manifest());
  expect(await session(touch())).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(existsSync(probe())).toBe(true);
});

describe("by a command", () => {
  const lines: readonly string[] = [
    "echo 'version: 1' > holdpoint.yaml",
    "echo '# x' >> holdpoint.yaml",
    "echo 'version: 1' | tee holdpoint.yaml",
    "sed -i s/secret/nothing/ holdpoint.yaml",
    "cp tracked.txt holdpoint.yaml",
    "mv tracked.txt holdpoint.yaml",
    "mv holdpoint.yaml holdpoint.old",
    "rm holdpoint.yaml",
    "ln -sf /dev/null holdpoint.yaml",
    "truncate -s 0 holdpoint.yaml",
    "chmod 000 holdpoint.yaml",
    'python3 -c \'open("holdpoint.yaml", "w").write("version: 1")\'',
    "find . -name '*.yaml' -delete",
    "cd .. && mv work elsewhere",
    "git checkout -q loose",
    "git switch -q loose",
    "git reset -q --hard loose",
    "git merge -q loose",
    "git checkout -q loose -- .",
    "git restore --source loose holdpoint.yaml",
    "git apply ../loose.diff",
    "patch -p1 < ../loose.diff",
    "git rm -q holdpoint.yaml",
    "ln holdpoint.yaml alias; echo 'version: 1' > alias",
  ];

  test.each(lines)("%s", async (line) => {
    await place.git("checkout", "-qb", "loose");
    writeFileSync(manifest(), loose);
    await place.git("commit", "-qam", "loose");
    const patch = await place.git("diff", "HEAD~1");
    writeFileSync(join(place.base, "loose.diff"), patch.stdout);
    await place.git("checkout", "-q", "-");
    const outcome = await session(line);
    expect(outcome.status).toBe(126);
    expect(outcome.stderr).toMatch(/holdpoint: denied by rule/);
    expect(readFileSync(manifest(), "utf8")).toBe(strict);
  });

  test("what does not touch it is not asked about", async () => {
    await place.git("branch", "same");
    const line =
      "cat holdpoint.yaml; git status -s; git switch -q same; git stash list; git commit -q --allow-empty -m x; mkdir new && mv new newer";
    expect(await session(line)).toMatchObject({ status: 0, stderr: "" });
  });
});

/** What the code of an agent does unseen, from the workspace: the session that runs holds what it began with. */
const unseen: readonly (readonly [way: string, body: string])[] = [
  ["an edit", "put('holdpoint.yaml', 'version: 1\\n')"],
  ["another file in its place", "put('x', 'version: 1\\n'); os.replace('x', 'holdpoint.yaml')"],
  [
    "a link in its place",
    "put('x', 'version: 1\\n'); os.remove('holdpoint.yaml'); os.symlink('x', 'holdpoint.yaml')",
  ],
  ["deleting it", "os.remove('holdpoint.yaml')"],
  ["one farther away", "put('../holdpoint.yaml', 'version: 1\\n')"],
  ["one nearer by", "os.makedirs('secret/in'); put('secret/holdpoint.yaml', 'version: 1\\n')"],
];

describe.each(unseen)("by its own code: %s", (_, body) => {
  test("changes nothing in the session, nor in a session that is started below", async () => {
    const outcome = await session(`${ownCode(body)} && ${touch()}`);
    // The whole line is judged first: nothing of it ran.
    await expectHeld(outcome);
    const script = join(place.base, "steps.sh");
    const steps = [
      ownCode(body),
      "echo changed",
      touch(),
      `(cd secret && ${again} run -q -- ${touch()})`,
      `(cd "${place.outside}" && ${again} run -q -- ${touch()})`,
    ];
    writeFileSync(script, `${steps.join("\n")}\n`);
    // Line by line, as an agent sends them.
    const stepwise = await place.run({ command: ["bash"], input: readFileSync(script, "utf8") });
    expect(stepwise.stdout).toContain("changed");
    expect(stepwise.stderr.match(/scope\/never/g)?.length).toBeGreaterThanOrEqual(3);
    expect(existsSync(probe())).toBe(false);
  });

  test("once it was trusted, changes nothing in the next session either", async () => {
    trusted();
    await execute("bash", ["-c", ownCode(body)], { cwd: place.workspace, env: place.env });
    await expectHeld(await session(touch()));
    const starts = place.records().filter(({ event }) => event === "session.start");
    expect(JSON.stringify(starts.at(-1)?.["scope"])).toContain(sha256(strict));
  });
});

test("a branch with another manifest, checked out between two sessions", async () => {
  trusted();
  await place.git("checkout", "-qb", "loose");
  writeFileSync(manifest(), loose);
  await place.git("commit", "-qam", "loose");
  const said = await session(touch(), []);
  await expectHeld(said);
  expect(said.stderr).toContain("as it was trusted last; the file is another now, or gone");
});

describe("a manifest that is another at the session's end", () => {
  const told = () =>
    place.records().flatMap(({ event, reason }) => (event === "alert" ? [String(reason)] : []));

  test("is told, also of one that nobody trusted, and recorded", async () => {
    const changed = await session(ownCode("put('holdpoint.yaml', 'version: 1\\n')"));
    expect(changed.stderr).toBe(
      `holdpoint: ${manifest()} has changed since this session began; the next session begins with what is there now: look at it first\n`,
    );
    expect(told()).toEqual([expect.stringContaining("has changed since this session began")]);
  });

  test("is gone: told; what was trusted holds on", async () => {
    trusted();
    const gone = await session(ownCode("os.remove('holdpoint.yaml')"));
    expect(gone.stderr).toContain(
      "is gone since this session began; what was trusted stays in force beside it",
    );
  });

  test("nothing is said of one that is as it was, though it was written anew", async () => {
    const same = await session(ownCode("put('holdpoint.yaml', 'version: 1\\nfiles: {never: [secret]}\\n')"));
    expect(same.stderr).toBe("");
    expect(told()).toEqual([]);
  });
});

test("a manifest that nobody trusted is not remembered: the next session has what lies there", async () => {
  await expectHeld(await session(touch()));
  writeFileSync(manifest(), loose);
  expect((await session(touch())).status).toBe(0);
});

describe("by another session below", () => {
  const inner: readonly (readonly [what: string, line: () => string])[] = [
    ["as it is", () => `${again} run -q -- ${touch()}`],
    ["from another folder", () => `cd "${place.outside}"; ${again} run -q -- ${touch()}`],
    ["another home", () => `HOME="${place.outside}" ${again} run -q -- ${touch()}`],
    [
      "another state and configuration",
      () =>
        `XDG_STATE_HOME="${place.outside}" XDG_CONFIG_HOME="${place.outside}" ${again} run -q -- ${touch()}`,
    ],
    ["only observing", () => `HOLDPOINT_MODE=observe ${again} run -q --mode observe -- ${touch()}`],
    ["the session's name changed", () => `HOLDPOINT_SESSION=aaaaaaa ${again} run -q -- ${touch()}`],
    ["no variables", () => `env -i PATH="$PATH" ${again} run -q -- ${touch()}`],
  ];

  test.each(inner)("%s", async (_, line) => {
    await expectHeld(await session(line()));
  });

  test("--scope there is refused, and says why; nothing of it runs", async () => {
    writeFileSync(join(place.outside, "loose.yaml"), loose);
    const named = `${again} run -q --scope "${join(place.outside, "loose.yaml")}" -- touch ran`;
    const outcome = await session(named);
    expect(outcome).toMatchObject({ status: 2, stdout: "" });
    expect(outcome.stderr).toContain("--scope: a session that runs takes no further manifest");
    expect(existsSync(join(place.workspace, "ran"))).toBe(false);
  });

  test("a manifest that the outer session has not read is named; one that it has is not", async () => {
    writeFileSync(join(place.outside, "holdpoint.yaml"), loose);
    const elsewhere = await session(`cd "${place.outside}"; ${again} run -- true`);
    expect(elsewhere.stderr).toContain(`which did not begin with ${join(place.outside, "holdpoint.yaml")}`);
    expect((await session(`${again} run -- true`)).stderr).not.toContain("did not begin with");
  });

  test("--scope outside of one only adds", async () => {
    writeFileSync(join(place.outside, "loose.yaml"), loose);
    await expectHeld(await session(touch(), ["-q", "--scope", join(place.outside, "loose.yaml")]));
    rmSync(manifest());
    const other = join(place.outside, "strict.yaml");
    writeFileSync(other, strict.replace("secret", join(place.workspace, "secret")));
    expect((await session(touch(), ["-q", "--scope", join(place.outside, "none.yaml")])).status).toBe(2);
  });
});

describe("by trusting its own", () => {
  const trustFiles = (): string => join(place.home, ".local", "state", "holdpoint", "trust");

  test("holdpoint trust, by its name", async () => {
    const outcome = await session("holdpoint trust");
    expect(outcome.status).toBe(126);
    expect(outcome.stderr).toContain("guard/own-scope");
  });

  const ways: readonly (readonly [what: string, line: () => string])[] = [
    ["by its path", () => `${again} trust`],
    ["on a terminal of its own", () => `echo y | script -qec '${again} trust' /dev/null`],
    [
      "without variables, on a terminal of its own",
      () => `echo y | script -qec 'env -i HOME="${place.home}" PATH=/usr/bin:/bin ${again} trust' /dev/null`,
    ],
    ["taking it back", () => `echo y | script -qec '${again} trust --revoke' /dev/null`],
  ];
  test.each(ways)("%s", async (_, line) => {
    const outcome = await session(line());
    expect(outcome.stdout + outcome.stderr).toContain("denied");
    expect(outcome.stdout).not.toContain("[y/N]");
    expect(existsSync(trustFiles())).toBe(false);
  });

  test("from a process that left its parents, on a terminal of its own", async () => {
    const said = join(place.base, "said");
    const script = join(place.base, "daemon.py");
    writeFileSync(
      script,
      `import os, pty, sys
env = {"HOME": "${place.home}", "PATH": "/usr/bin:/bin", "TMPDIR": "${place.env["TMPDIR"]}", "TERM": "xterm"}
if len(sys.argv) == 1:
    if os.fork(): os._exit(0)
    os.setsid()
    if os.fork(): os._exit(0)
    os.execve("${python}", ["python3", __file__, "again"], env)
pid, fd = pty.fork()
if pid == 0:
    os.chdir("${place.workspace}")
    os.execve("${process.execPath}", ["node", "${cli}", "trust"], env)
os.write(fd, b"y\\n")
out = b""
try:
    while True:
        more = os.read(fd, 4096)
        if not more: break
        out += more
except OSError:
    pass
open("${said}.new", "wb").write(out)
os.rename("${said}.new", "${said}")
`,
    );
    const wait = `while [ ! -e "${said}" ]; do sleep 0.1; done`;
    const outcome = await session(`${python} "${script}" < /dev/null > /dev/null 2>&1; ${wait}`);
    expect(outcome.status).toBe(0);
    expect(readFileSync(said, "utf8")).toContain("denied, because of the running session");
    expect(existsSync(trustFiles())).toBe(false);
  });

  test("writing the record itself", async () => {
    trusted();
    const store = join(place.home, ".local", "state", "holdpoint");
    for (const line of [
      `rm -rf "${trustFiles()}"`,
      `echo x > "${trustFiles()}/x.json"`,
      `mv "${store}" away`,
    ]) {
      const outcome = await session(line);
      expect(outcome.stderr).toContain("guard/own-files");
    }
    expect(existsSync(trustFiles())).toBe(true);
  });
});

describe("a manifest that is a link", () => {
  test("what it leads to is held like it", async () => {
    rmSync(manifest());
    const real = join(place.workspace, "conf.txt");
    writeFileSync(real, strict);
    symlinkSync("conf.txt", manifest());
    await place.git("add", "-A");
    await place.git("commit", "-qm", "link");
    for (const line of ["echo 'version: 1' > conf.txt", "rm conf.txt", "mv conf.txt x"])
      expect((await session(line)).stderr).toContain("guard/scope-manifest");
    await expectHeld(await session(touch()));
  });
});

describe("an agent that only its hook guards", () => {
  let count = 0;
  const hook = (name: string, input: object, conversation: string): Promise<Outcome> =>
    execute(process.execPath, [cli, "hook", "claude"], {
      cwd: place.workspace,
      env: place.env,
      input: JSON.stringify({
        session_id: conversation,
        cwd: place.workspace,
        hook_event_name: "PreToolUse",
        tool_name: name,
        tool_input: input,
      }),
    });
  const write = (path: string, conversation: string): Promise<Outcome> =>
    hook("Write", { file_path: path, content: "x" }, conversation);

  test("its file tools do not change the manifest unasked", async () => {
    const outcome = await write(manifest(), `c${++count}`);
    expect(outcome.stdout).toContain("guard/scope-manifest");
  });

  test("what held at its first call goes on holding, whatever lies there now", async () => {
    const conversation = `c${++count}`;
    expect(await hook("Bash", { command: "ls" }, conversation)).toMatchObject({ status: 0, stdout: "" });
    for (const change of [() => writeFileSync(manifest(), loose), () => rmSync(manifest())]) {
      change();
      expect((await write(probe(), conversation)).stdout).toContain("scope/never");
    }
    expect((await write(probe(), `c${++count}`)).stdout).toBe("");
  });

  test("one that comes later changes nothing in it", async () => {
    rmSync(manifest());
    const conversation = `c${++count}`;
    await hook("Bash", { command: "ls" }, conversation);
    writeFileSync(manifest(), strict);
    expect((await write(probe(), conversation)).stdout).toBe("");
    expect((await write(probe(), `c${++count}`)).stdout).toContain("scope/never");
  });

  test("what held cannot be had any longer: refused", async () => {
    const conversation = `c${++count}`;
    await hook("Bash", { command: "ls" }, conversation);
    rmSync(join(place.home, ".local", "state", "holdpoint", "manifests"), { recursive: true });
    expect((await hook("Bash", { command: "ls" }, conversation)).status).toBe(2);
  });

  test("an invalid one at its first call: refused", async () => {
    writeFileSync(manifest(), "version: 2\n");
    const outcome = await hook("Bash", { command: "ls" }, `c${++count}`);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain("holdpoint.yaml:1");
  });
});

test("a session with an invalid manifest does not start", async () => {
  writeFileSync(manifest(), "version: 2\n");
  const outcome = await session("touch ran");
  expect(outcome).toMatchObject({ status: 2, stdout: "" });
  expect(outcome.stderr).toContain(`${manifest()}:1`);
  expect(existsSync(join(place.workspace, "ran"))).toBe(false);
});
