import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoSandbox } from "./sandbox.js";
import { makePlace, type Outcome, type Place } from "./session.js";

// A guarded program has more paths than one, and git starts itself for parts of its work.

const why = whyNoSandbox();
const core = ["/usr/lib/git-core", "/usr/libexec/git-core"].find((path) => existsSync(join(path, "git")));
const postgres = "/usr/lib/postgresql";
const psql = existsSync(postgres)
  ? readdirSync(postgres)
      .map((version) => join(postgres, version, "bin", "psql"))
      .find((path) => existsSync(path))
  : undefined;

describe.skipIf(why !== undefined)("in a sandbox", () => {
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.remove());

  /** By Python, which no reader looks into. */
  function run(...words: readonly string[]): Promise<Outcome> {
    const file = join(place.workspace, "run.py");
    writeFileSync(
      file,
      `import subprocess, sys\nsys.exit(subprocess.run(${JSON.stringify(words)}).returncode)\n`,
    );
    return place.run({ command: ["python3", "run.py"], flags: ["-q", "--sandbox", "--mode", "deny"] });
  }

  test.skipIf(core === undefined).each([
    ["its own folder", () => [join(core ?? "", "git"), "reset", "--hard"]],
    ["a name of its own", () => [join(core ?? "", "git-reset"), "--hard"]],
    ["git's own PATH", () => ["env", `PATH=${core}`, "git", "reset", "--hard"]],
    ["an alias of git", () => ["git", "-c", `alias.x=!${core}/git reset --hard`, "x"]],
    ["git's editor", () => ["git", "-c", "core.editor=git reset --hard #", "commit", "--allow-empty"]],
  ])("git by %s does not lose what the plain git is asked about", async (_way, words) => {
    const { workspace } = place;
    writeFileSync(join(workspace, "tracked.txt"), "changed\n");
    const { status } = await run(...words());
    expect(status).not.toBe(0);
    expect(readFileSync(join(workspace, "tracked.txt"), "utf8")).toBe("changed\n");
    await place.git("checkout", "--", ".");
  });

  test.skipIf(psql === undefined)("psql by the path that its wrapper leads to is asked about", async () => {
    const { status, stderr } = await run(psql ?? "", "-c", "DROP TABLE users", "postgres://db.example.com/x");
    expect(status).toBe(126);
    expect(stderr).toContain("holdpoint: denied");
  });

  test.skipIf(psql === undefined)(
    "a path names the very program, and not the first one of its name",
    async () => {
      const { status } = await run(psql ?? "", "--version");
      expect(status).toBe(0);
      const records = place.records().filter(({ event, argv }) => event === "exec" && Array.isArray(argv));
      expect(records.at(-1)).toMatchObject({ program: psql });
    },
  );

  test("what git does for itself is part of the git that was let run", async () => {
    const { workspace } = place;
    const script = [
      "echo more >> tracked.txt; echo new > new.txt",
      "git stash push -u -q",
      "git stash pop -q",
      "git add tracked.txt new.txt",
      "git commit -qm more",
      "git gc -q --prune=2.weeks.ago",
      "git maintenance run --auto",
      "git clone -q . copy",
      "git -C copy fetch -q",
      "git -C copy pull -q --rebase",
      "git rebase -q --force-rebase HEAD~1",
      "git log --oneline | wc -l",
      // Its end is an entry of .git/config, which is held in here.
      "git -c protocol.file.allow=always submodule --quiet add ./copy sub || test -d sub/.git -o -f sub/.git",
    ].join("\n");
    mkdirSync(join(workspace, "scripts"), { recursive: true });
    writeFileSync(join(workspace, "scripts", "work.sh"), `set -ex\n${script}\n`);
    const { status, stdout, stderr } = await run("bash", "scripts/work.sh");
    expect(stderr).not.toContain("holdpoint: denied");
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: expect.stringMatching(/^2\n$/m) });
    expect(readFileSync(join(workspace, "tracked.txt"), "utf8")).toContain("more");
  }, 60_000);
});
