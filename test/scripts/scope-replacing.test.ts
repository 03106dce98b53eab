import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { execute, makePlace, type Outcome, type Place } from "./session.js";

// Putting another manifest in the place of the one that holds, or something of one's own among the guard's files, by programs that
// write many files at once.

const strict = "version: 1\nfiles: {never: [secret]}\n";
const loose = "version: 1\n";

let place: Place;
const manifest = (): string => join(place.workspace, "holdpoint.yaml");
const config = (): string => join(place.home, ".config", "holdpoint");
const trust = (): string => join(place.home, ".local", "state", "holdpoint", "trust");

const sh = (line: string, cwd: string): Promise<Outcome> =>
  execute("/bin/sh", ["-ec", line], { cwd, env: place.env });

beforeEach(async () => {
  place = await makePlace();
  const { workspace, base } = place;
  mkdirSync(join(workspace, "secret"));
  mkdirSync(config(), { recursive: true });
  mkdirSync(trust(), { recursive: true });
  writeFileSync(manifest(), strict);
  writeFileSync(join(base, "loose.yaml"), loose);
  mkdirSync(join(base, "pack", "holdpoint"), { recursive: true });
  for (const name of ["holdpoint.yaml", "record.json", "post-commit", "holdpoint/rules.yaml"])
    writeFileSync(join(base, "pack", name), loose);
  const made = await sh(
    `git add . && git commit -qm scope
     git checkout -qb loose && cp ../loose.yaml holdpoint.yaml && git commit -qam loose && git checkout -q -
     cp ../loose.yaml holdpoint.yaml && git stash -q
     cd ../pack && tar cf ../pack.tar * && tar czf ../pack.tgz * && gzip -c ../pack.tar > ../renamed
     git init -q && git add . && git commit -qm pack`,
    workspace,
  );
  expect(made.stderr).toBe("");
});
afterEach(() => place.remove());

const session = (line: string): Promise<Outcome> => place.run({ command: ["bash", "-c", line] });

describe("another manifest", () => {
  const lines: readonly string[] = [
    "tar xf ../pack.tar",
    "tar xzf ../pack.tgz -C .",
    "tar x < ../pack.tar",
    "tar xf - < ../pack.tgz",
    "tar xJf ../pack.txz holdpoint.yaml",
    "cat ../pack.tar | tar x holdpoint.yaml",
    "tar xf ../renamed",
    "python3 -m tarfile -e ../pack.tar .",
    "cp -r ../pack/. .",
    "cp ../pack/holdpoint.yaml .",
    "install -m 644 ../loose.yaml holdpoint.yaml",
    "rsync -a ../pack/ ./",
    "rsync ../pack/holdpoint.yaml .",
    "rsync host:loose.yaml holdpoint.yaml",
    "curl -so holdpoint.yaml http://127.0.0.1:9/x",
    "wget -N http://127.0.0.1:9/holdpoint.yaml",
    "dd if=../loose.yaml of=holdpoint.yaml",
    "ln -f ../loose.yaml holdpoint.yaml",
    "ed -s holdpoint.yaml <<< $'1,$d\\nw\\nq'",
    "ex -sc '%d|wq' holdpoint.yaml",
    "vim -es -c '%d' -c wq holdpoint.yaml",
    "perl -pi -e s/secret/x/ holdpoint.yaml",
    'node -e \'require("fs").writeFileSync("holdpoint.yaml", "")\'',
    "find . -name '*.yaml' -exec sed -i s/secret/x/ {} +",
    "find . -maxdepth 1 -type f -exec perl -pi -e s/secret/x/ {} \\;",
    "echo holdpoint.yaml | xargs sed -i s/secret/x/",
    "git stash pop",
    "git stash apply",
    "git stash branch other",
    "git read-tree --reset -u loose",
    "git read-tree -u -m loose",
    "git update-index --cacheinfo 100644,$(git rev-parse loose:holdpoint.yaml),holdpoint.yaml; git checkout-index -f -a",
    "git symbolic-ref HEAD refs/heads/loose; git checkout -f",
    "git bisect start loose HEAD",
    "git sparse-checkout set --no-cone /tracked.txt",
    "git merge-file --theirs holdpoint.yaml tracked.txt ../loose.yaml",
    "git checkout stash@{0} -- .",
    "git cherry-pick loose",
    "git rebase loose",
  ];

  test.each(lines)("%s", async (line) => {
    const outcome = await session(line);
    expect(outcome.stderr).toContain("guard/scope-manifest");
    expect(outcome.status).toBe(126);
    expect(readFileSync(manifest(), "utf8")).toBe(strict);
  });

  test("what leaves it alone is not asked about", async () => {
    const line = [
      "mkdir new && tar xf ../pack.tar -C new post-commit",
      "tar xf ../pack.tar --strip-components=1",
      "cat ../pack.tar | tar x post-commit",
      "git sparse-checkout set --no-cone /holdpoint.yaml && git sparse-checkout disable",
      "git bisect log; git merge-file -p holdpoint.yaml tracked.txt tracked.txt > merged",
      "find . -maxdepth 1 -name '*.txt' -exec sed -i s/a/b/ {} +",
      "git init -q other; git clone -q ../pack third; git worktree add -q -b w ../tree",
    ].join("; ");
    expect((await session(line)).stderr).not.toContain("denied");
  });
});

describe("one's own among the guard's files and git's hooks", () => {
  const lines: readonly (readonly [line: string, rule: string])[] = [
    ["tar xf ../pack.tar -C ~/.config/holdpoint record.json", "guard/own-files"],
    ["tar xf ../pack.tar -C ~/.local/state/holdpoint/trust record.json", "guard/own-files"],
    ["tar xf ../pack.tar -C ~/.config", "guard/own-files"],
    ["cat ../pack.tar | tar x -C ~/.config/holdpoint", "guard/own-files"],
    ["tar xkf ../pack.tar -C ~/.config/holdpoint", "guard/own-files"],
    ["python3 -m tarfile -e ../pack.tar ~/.config/holdpoint", "guard/own-files"],
    ["cp -r ../pack/. ~/.config/", "guard/own-files"],
    ["rsync -a ../pack/ ~/.config/", "guard/own-files"],
    ["rsync -a host:pack/ ~/.config/holdpoint/", "guard/own-files"],
    ["git clone -q ../pack ~/.config/holdpoint/packs", "guard/own-files"],
    ["git clone -q --separate-git-dir ~/.config/holdpoint/g ../pack new", "guard/own-files"],
    ["git worktree add ~/.config/holdpoint/tree loose", "guard/own-files"],
    ["git init -q ~/.config/holdpoint/new", "guard/own-files"],
    ["tar xf ../pack.tar -C .git/hooks post-commit", "files/start-up"],
    ["cp -r ../pack/holdpoint/. .git/hooks/", "files/start-up"],
    ["rsync -a ../pack/holdpoint/ .git/hooks/", "files/start-up"],
    ["echo true > .git/hooks/post-commit", "files/start-up"],
    ["ln -sfn ../../pack .git/hooks", "files/start-up"],
    ["git config core.hooksPath ../pack", "git/hooks"],
    ["git config --file .git/config core.hooksPath ../pack", "git/hooks"],
  ];

  test.each(lines)("%s", async (line, rule) => {
    const outcome = await session(line);
    expect(outcome.stderr).toContain(rule);
    expect(outcome.status).toBe(126);
    for (const name of ["record.json", "rules.yaml", "packs", "tree", "g", "new"])
      expect(existsSync(join(config(), name))).toBe(false);
    expect(existsSync(join(trust(), "record.json"))).toBe(false);
    expect(existsSync(join(place.workspace, ".git", "hooks", "post-commit"))).toBe(false);
  });
});

describe("leading past the manifest that holds", () => {
  const copy = "cp tracked.txt secret/probe";
  const lines: readonly string[] = [
    `HOLDPOINT_SCOPE=../loose.yaml ${copy}`,
    `XDG_CONFIG_HOME=../pack XDG_STATE_HOME=../pack ${copy}`,
    `HOME=../pack ${copy}`,
    `export HOLDPOINT_MODE=observe HOLDPOINT_SESSION=x; ${copy}`,
    `env -i PATH=/usr/bin:/bin ${copy}`,
    `holdpoint --config ../loose.yaml -- ${copy}`,
    `holdpoint --scope ../loose.yaml -- ${copy}`,
    `holdpoint run --mode observe -- ${copy}`,
    `env -u HOLDPOINT_SESSION holdpoint --mode observe -- ${copy}`,
    `mkdir sub; echo 'version: 1' > ../outside/x; cp -r ../pack/holdpoint sub/; cd sub; cp ../tracked.txt ../secret/probe`,
    "cd / && cp $OLDPWD/tracked.txt $OLDPWD/secret/probe",
    "ln -s secret s && cp tracked.txt s/probe",
    "mkdir m && mount --bind secret m && cp tracked.txt m/probe",
    "unshare -rm bash -c 'mount --bind secret ../outside; cp tracked.txt ../outside/probe'",
    "cd .. && mv work away && cd away && cp tracked.txt secret/probe",
    "tar cf - tracked.txt | tar x -C secret",
    "git worktree add secret/probe loose",
    "git clone -q ../pack secret/probe",
    "find . -name tracked.txt -exec cp {} secret/probe \\;",
  ];

  test.each(lines)("%s", async (line) => {
    const outcome = await session(line);
    expect(outcome.stderr).toContain("scope/never");
    expect(existsSync(join(place.workspace, "secret", "probe"))).toBe(false);
    expect(existsSync(join(place.base, "away", "secret", "probe"))).toBe(false);
    expect(existsSync(join(place.workspace, "secret", "tracked.txt"))).toBe(false);
  });
});
