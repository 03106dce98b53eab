import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Place } from "./session.js";

// What would be lost for good is held, in every spelling; what can be had again goes through without a word.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});

afterAll(() => place.remove());

function plant(): { file: string; folder: string } {
  const file = join(place.outside, "file.txt");
  const folder = join(place.outside, "folder");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, "precious\n");
  writeFileSync(join(folder, "a.txt"), "precious\n");
  writeFileSync(join(folder, "b.log"), "precious\n");
  return { file, folder };
}

function survivors(): string {
  const read = (name: string): string =>
    existsSync(join(place.outside, name)) ? readFileSync(join(place.outside, name), "utf8") : "gone";
  return ["file.txt", "folder/a.txt", "folder/b.log"].map(read).join("");
}

/** F and D stand for the file and the folder outside the workspace. */
const lossy: readonly string[] = [
  "rm -rf D",
  "rm -r -f D",
  "rm F",
  "/bin/rm -fr D",
  "/usr/bin/rm F",
  "R=rm; $R -rf D",
  "R=/bin/rm; $R -rf D",
  "cd D && rm -rf *",
  "cd D; /bin/rm -f -- *",
  "find D -delete",
  "find D -type f -exec rm {} +",
  "find D -type f -exec /bin/rm {} \\;",
  "find D -type f | xargs rm -rf",
  "find D -type f -print0 | xargs -0 /bin/rm -f",
  "echo 'rm -rf D' | bash",
  "echo '/bin/rm -rf D' | bash",
  "echo '/bin/rm -rf D' | /bin/bash",
  "eval 'rm -rf D'",
  "eval '/bin/rm -rf D'",
  "command rm -rf D",
  "command -p rm -rf D",
  "env rm -rf D",
  "env -i /bin/rm -rf D",
  'for f in D/*; do rm "$f"; done',
  'for f in D/*; do /bin/rm "$f"; done',
  'zap() { rm -rf "$1"; }; zap D',
  'zap() { /bin/rm -rf "$1"; }; zap D',
  "bash <<'E'\nrm -rf D\nE",
  "/bin/bash <<'E'\n/bin/rm -rf D\nE",
  ": > F",
  "> F",
  "echo gone > F",
  "echo gone >| F",
  "exec > F",
  "cat /dev/null > F",
  "truncate -s 0 F",
  "/usr/bin/truncate -s 0 F",
  "shred -u F",
  "cp /dev/null F",
  "cp tracked.txt F",
  "mv tracked.txt F",
  "mv F /tmp/",
  "dd if=/dev/null of=F",
  "echo gone | tee F",
  "ln -sf tracked.txt F",
  "install -m 644 tracked.txt F",
  "unlink F",
  "python3 -c 'import os; os.system(\"rm -rf D\")'",
  "python3 -c 'import os; os.system(\"/bin/rm -rf D\")'",
  "python3 -c 'import shutil; shutil.rmtree(\"D\")'",
  "perl -e 'unlink \"F\"'",
  'node -e \'require("fs").rmSync("D", {recursive: true})\'',
  "busybox rm -rf D",
  "sudo -n rm -rf D",
  "nohup rm -rf D",
  "nice -n 5 rm -rf D",
  "timeout 5 rm -rf D",
  "setsid -w rm -rf D",
  "exec rm -rf D",
  "(rm -rf D)",
  "{ rm -rf D; }",
  "true && rm -rf D",
  "false || rm -rf D",
  "if true; then rm -rf D; fi",
  "echo $(rm -rf D)",
  "cat <(rm -rf D)",
  "X=`rm -rf D`",
  "[[ -n $(rm -rf D) ]]",
  "trap 'rm -rf D' EXIT",
  "trap '/bin/rm -rf D' EXIT",
  "bash -c 'bash -c \"rm -rf D\"'",
  "sh -c 'rm -rf D'",
  "dash -c '/bin/rm -rf D'",
  "zsh -c 'rm -rf D'",
  "zsh -c '/bin/rm -rf D'",
  "rm -rf ~/../outside/folder",
  "ln -s D link-out; rm -rf link-out/",
  "alias x=rm; rm -rf D",
  "\\rm -rf D",
  "'rm' -rf D",
  'r"m" -rf D',
  "$'\\x72m' -rf D",
  "exec -a ls rm -rf D",
  "git clean -fdx; rm -rf D",
  "rm --recurs --forc D",
  "rm D -rf",
  "rm -rf D/../folder//.",
  "rm -rfx D",
  "ln -s D link-out; find -H link-out -type f -delete",
  "ln -s D link-out; find -L . -name a.txt -delete",
  "ln -s D link-out; cp tracked.txt link-out/a.txt",
  "ln -s D link-out; echo gone > link-out/b.log",
  "ln -s ../outside link-out; /bin/rm -rf link-out/folder",
  "ln F hard; echo gone > hard",
  "cp --forc tracked.txt F",
  "ln -f tracked.txt F",
  "mv -t /tmp F",
  "tee -p F < tracked.txt",
  "sort tracked.txt -o F",
  "sort F > F",
  "sed -i d F",
  "sed -n 'w F' tracked.txt",
  "sed '1e rm -rf D' tracked.txt",
  "fallocate -po 0 -l 4 F",
  "truncate -s0 F",
];

test.each(lossy)("held: %s", async (text) => {
  const { file, folder } = plant();
  const before = survivors();
  const line = text.replaceAll(/\bF\b/g, file).replaceAll(/\bD\b/g, folder);
  const outcome = await place.run({ command: ["bash", "-c", line] });
  expect(survivors()).toBe(before);
  expect(outcome.stderr).toContain("holdpoint: denied");
  for (const name of ["link-out", "hard"]) rmSync(join(place.workspace, name), { force: true });
});

test("held: mv of a file onto a device, as a plain user with a /dev of its own", async () => {
  const { file } = plant();
  const line = `mount -t tmpfs dev /dev && mknod -m 666 /dev/null c 1 3 && mknod -m 666 /dev/zero c 1 5 && mknod -m 666 /dev/urandom c 1 9 && ln -s /proc/self/fd /dev/fd && exec "$@"`;
  const guarded = [
    process.execPath,
    join(place.workspace, "..", "cli.js"),
    "run",
    "-q",
    "--",
    "bash",
    "-c",
    `mv ${file} /dev/null`,
  ];
  writeFileSync(
    join(place.base, "cli.js"),
    `import(${JSON.stringify(join(process.cwd(), "dist", "cli.js"))});\n`,
  );
  const outcome = await execute("unshare", ["-m", "bash", "-c", line, "bash", ...guarded], {
    cwd: place.workspace,
    env: place.env,
  });
  expect(readFileSync(file, "utf8")).toBe("precious\n");
  expect(outcome.stderr).toContain("holdpoint: denied");
});

const harmless: readonly string[] = [
  "rm -rf node_modules build",
  "rm tracked.txt",
  "rm -f does-not-exist",
  "d=$(mktemp -d) && touch $d/x && rm -rf $d",
  "cat > t.py <<'E'\nprint('hi')\nE\npython3 t.py; rm t.py",
  "echo one > made.txt; mv made.txt renamed.txt; rm renamed.txt",
  "mkdir -p made/deep && touch made/deep/x && rm -r made",
  "seq 5 | sort -r | head -2 | grep -c .",
  "for i in 1 2 3; do echo $i; done | while read x; do echo got $x; done",
  "grep -rnI --exclude-dir=.git tracked . | wc -l",
  "find . -name '*.txt' -exec grep -l tracked {} + | xargs cat",
  "echo 'rm -rf /' && echo \"drop table users\"",
  "git status --short && git log --oneline | cat && git diff",
  "echo x > /dev/null 2>&1; ls > /dev/null; : 2>/dev/null",
  "echo more >> made2.txt; cat made2.txt; rm made2.txt",
  "sed 's/a/b/' tracked.txt | tee /tmp/holdpoint-test-tee.txt; rm /tmp/holdpoint-test-tee.txt",
  "cp tracked.txt copy.txt && cp copy.txt copy2.txt && rm copy.txt copy2.txt",
  "python3 -c 'print(1)'; node -e 'console.log(2)'",
  "env FOO=1 bash -c 'echo $FOO'; timeout 5 true; nice true",
  "tar cf build.tar tracked.txt && rm build.tar",
  "sed -i s/tracked/t/ tracked.txt; sort -o tracked.txt tracked.txt",
  "touch a.o b.o; rm -f *.o; find . -name '*.o' -delete",
  "printf x > run.sh; chmod +x run.sh; chmod 644 run.sh; chmod -R u+w .; rm run.sh",
  "mkdir -p logs; chmod 777 logs; rmdir logs",
  "ln -s ../outside out-link; rm -rf out-link",
];

/** F stands for a file outside that nobody else may read, D for its folder. */
const opening: readonly string[] = [
  "chmod o+w F",
  "chmod 4755 F",
  "chmod 000 F",
  "chmod -R 777 D",
  "chmod 777 -R D",
  "/bin/chmod --recursive a+rwX D",
  "find D -type f -exec chmod 666 {} +",
  "ln -s D link-out; chmod -R a+w link-out/",
  "chattr +i F",
  "setfacl -m o::rw F",
];

test.each(opening)("held: %s", async (text) => {
  const { file, folder } = plant();
  chmodSync(file, 0o600);
  chmodSync(folder, 0o700);
  const line = text.replaceAll(/\bF\b/g, file).replaceAll(/\bD\b/g, folder);
  const outcome = await place.run({ command: ["bash", "-c", line] });
  expect([file, folder].map((path) => statSync(path).mode & 0o7777)).toEqual([0o600, 0o700]);
  expect(outcome.stderr).toContain("holdpoint: denied");
  rmSync(join(place.workspace, "link-out"), { force: true });
});

/** M is a folder where the precious one is mounted, one below /tmp, in build output, in plain work. */
const mounted: readonly (readonly [folder: string, line: string])[] = [
  ["/tmp/M", "rm -rf /tmp/M"],
  ["/tmp/M", "rm -rf /tmp/M/in"],
  ["/tmp/M", "rm -rf /tmp/M/in/*"],
  ["/tmp/M", "find /tmp/M -type f -delete"],
  ["build", "rm -rf build"],
  ["build", "rm -rf build/in/*"],
  ["build", "/bin/rm -rf build"],
];

test.each(mounted)("held: what is mounted in %s: %s", async (at, line) => {
  if (process.getuid?.() !== 0) return;
  const { folder } = plant();
  const before = survivors();
  const [point, command] = [at, line].map((text) => text.replaceAll("/tmp/M", "/tmp/holdpoint-test-mount"));
  const script = `mount -t tmpfs own /tmp && mkdir -p "$1/in" && mount --bind "$2" "$1/in" && shift 2 && exec "$@"`;
  const guarded = [process.execPath, cli, "run", "-q", "--", "bash", "-c", command ?? ""];
  const outcome = await execute(
    "unshare",
    ["-m", "bash", "-c", script, "bash", point ?? "", folder, ...guarded],
    { cwd: place.workspace, env: place.env },
  );
  expect(survivors()).toBe(before);
  expect(outcome.stderr).toContain("holdpoint: denied");
});

test.each(harmless)("let through without a word: %s", async (line) => {
  for (const folder of ["node_modules", "build"]) {
    mkdirSync(join(place.workspace, folder), { recursive: true });
    writeFileSync(join(place.workspace, folder, "x.js"), "");
  }
  await place.git("checkout", "-q", "--", ".");
  const outcome = await place.run({ command: ["bash", "-ec", line] });
  expect({ ...outcome, stdout: "" }).toEqual({ status: 0, stdout: "", stderr: "" });
});

const evidence: readonly (readonly [
  name: string,
  prepare: () => Promise<unknown> | unknown,
  line: string,
  survivor: string,
])[] = [
  ["an ignored .env", () => writeFileSync(join(place.workspace, ".env"), "KEY=1\n"), "rm .env", ".env"],
  [
    "an ignored database",
    () => writeFileSync(join(place.workspace, "db.sqlite"), "rows"),
    "rm -f db.sqlite",
    "db.sqlite",
  ],
  [
    "a changed file under assume-unchanged",
    async () => {
      await place.git("checkout", "-q", "--", ".");
      await place.git("update-index", "--assume-unchanged", "tracked.txt");
      appendFileSync(join(place.workspace, "tracked.txt"), "work of a day\n");
    },
    "rm tracked.txt",
    "tracked.txt",
  ],
  [
    "a file that the agent made ignorable itself",
    () => {
      mkdirSync(join(place.workspace, "dist"), { recursive: true });
      writeFileSync(join(place.workspace, "dist", "notes.txt"), "mine\n");
    },
    "echo dist/ >> .git/info/exclude; rm -rf dist",
    "dist/notes.txt",
  ],
  [
    "the same by .gitignore",
    () => {
      mkdirSync(join(place.workspace, "target"), { recursive: true });
      writeFileSync(join(place.workspace, "target", "notes.txt"), "mine\n");
    },
    "printf 'target/\\n' >> .gitignore; rm -rf target",
    "target/notes.txt",
  ],
  [
    "an untracked file",
    () => writeFileSync(join(place.workspace, "notes.md"), "mine\n"),
    "rm notes.md",
    "notes.md",
  ],
  ["the repository itself", () => {}, "rm -rf .git", ".git/HEAD"],
  ["the whole workspace", () => {}, "cd .. && rm -rf work", ".git/HEAD"],
  [
    "the second half of a line whose first was refused",
    () => {
      writeFileSync(join(place.workspace, "out"), "old\n");
      writeFileSync(join(place.workspace, "new"), "new\n");
    },
    "rm -rf out || true; mv new out",
    "new",
  ],
  [
    "the guard's own log",
    () => {},
    "rm -rf ~/.local/state/holdpoint",
    "../home/.local/state/holdpoint/sessions",
  ],
];

test.each(evidence)("held: %s", async (_name, prepare, line, survivor) => {
  await prepare();
  const before = existsSync(join(place.workspace, survivor));
  const outcome = await place.run({ command: ["bash", "-c", line] });
  expect(before && existsSync(join(place.workspace, survivor))).toBe(true);
  expect(outcome.stderr).toContain("holdpoint: denied");
  expect(outcome.status).toBe(126);
  await place.git("update-index", "--no-assume-unchanged", "tracked.txt");
  await place.git("checkout", "-q", "--", ".");
});

test("as a plain user, too", async () => {
  if (process.getuid?.() !== 0) return;
  const { folder } = plant();
  for (const path of [place.base, place.home, place.outside, folder]) chmodSync(path, 0o777);
  await execute("chown", ["-R", "65534:65534", place.base], { cwd: "/", env: place.env });
  const command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "rm", "-rf", folder];
  const outcome = await place.run({ command: ["bash", "-c", command.join(" ")] });
  expect(outcome.stderr).toContain("holdpoint: denied");
  expect(existsSync(folder)).toBe(true);
});
