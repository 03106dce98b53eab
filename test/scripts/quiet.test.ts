import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, execute, makePlace, type Place } from "./session.js";

// A day of a coding agent goes by without a question; what looks like it and loses something is held.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
  await furnish(place);
});

afterAll(() => place.remove());

/** A project in the middle of somebody's work: clean files, a changed one, untracked ones, build output. */
async function furnish({ workspace, base, git }: Place): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    "src/main.c": "int main(void) { return 0; }\n",
    "src/util.c": "int foo(void) { return 1; }\n",
    "src/lib/a.ts": "export const foo = 1;\n",
    "src/lib/b.ts": "export const bar = 2;\n",
    "tests/test_a.py": "def test_b():\n    assert True\n",
    "package.json": '{"name":"p","version":"1.0.0","scripts":{"build":"echo built","test":"echo ok"}}\n',
    Makefile: "all:\n\tmkdir -p build\n\tcc -o build/main src/main.c\nclean:\n\trm -rf build\n",
    "CMakeLists.txt":
      "cmake_minimum_required(VERSION 3.5)\nproject(p C)\nadd_executable(p src/main.c src/util.c)\n",
    "README.md": "read me\n",
  };
  for (const [name, text] of Object.entries(files)) put(workspace, name, text);
  appendFileSync(join(workspace, ".gitignore"), "dist/\n*.log\n__pycache__/\n.venv/\n");
  await git("add", "-A");
  await git("commit", "-qm", "second");
  await git("init", "-q", "--bare", join(base, "origin.git"));
  await git("remote", "add", "origin", join(base, "origin.git"));
  await git("push", "-q", "-u", "origin", "HEAD");
  await git("branch", "feature/x");
  appendFileSync(join(workspace, "README.md"), "changed before the session\n");
  for (const name of ["notes.txt", "data/x.csv", ".env", "debug.log", "build/old.o", "dist/o.js"])
    put(workspace, name, `content of ${name}\n`);
  put(workspace, "node_modules/a/index.js", "x\n");
}

function put(folder: string, name: string, text: string): void {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
}

interface Explained {
  readonly line: string;
  readonly verdict: string;
}

async function explainAll(lines: readonly string[], cwd: string): Promise<readonly Explained[]> {
  const input = lines.map((line) => `${JSON.stringify({ line })}\n`).join("");
  const run = await execute(process.execPath, [cli, "explain", "--batch"], { cwd, env: place.env, input });
  const answers = run.stdout.trimEnd().split("\n");
  return answers.map((answer, at) => ({ line: lines[at] ?? "", verdict: JSON.parse(answer).verdict }));
}

test("nothing of test/cases/quiet.txt is asked about", async () => {
  const lines = readFileSync(join(import.meta.dirname, "../cases/quiet.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replaceAll("⏎", "\n"));
  const explained = await explainAll(lines, place.workspace);
  expect(explained).toHaveLength(lines.length);
  expect(explained.filter(({ verdict }) => verdict !== "allow")).toEqual([]);
});

/** The other side: each looks like a line above, and is not one. */
const held: readonly (readonly [line: string, verdict: string])[] = [
  // Work from before the session that nothing else holds.
  ["echo x > notes.txt", "ask"],
  ["cat > README.md <<'E'\nnew\nE", "ask"],
  ["echo A=1 > .env", "ask"],
  ["sed s/a/b/ src/main.c > t.c && mv t.c notes.txt", "ask"],
  ["git checkout -- README.md", "ask"],
  ["git reset --hard", "ask"],
  ["git clean -fd", "ask"],
  ["rm -rf data", "ask"],
  ["find . -name '*.csv' -delete", "ask"],
  ["find data -mmin -600 -delete", "ask"],
  ["find . -mtime -1 -delete", "deny"],
  ["chmod -R 777 /usr/share/doc", "ask"],
  // Names that are made at run time, and may be anything's.
  ['d=$(cat where); echo x > "$d/f"', "ask"],
  ['d=$(mktemp -d); echo x > "$d/../../notes.txt"', "ask"],
  ['d=$(mktemp -d); X="$d/../../etc/hosts"; echo x > $X', "ask"],
  ['if true; then cd "$(mktemp -d)"; fi; echo x > notes.txt', "ask"],
  ['d=$(mktemp -d); /bin/rm -rf "$d"/*', "ask"],
  ['echo x > "$(basename "$(cat where)")"', "ask"],
  ["mv notes.txt new.txt; echo x > new.txt", "ask"],
  ['git ls-files | while read -r f; do echo x > "$f"; done', "ask"],
  ['ls | while read -r f; do echo x > "$f"; done', "ask"],
  ['find . -name "*.ts" | while read -r f; do sort "$f" > "${f%.ts}.md"; done', "ask"],
  ['for f in $(git ls-files); do cat "$f" > "data/$(basename "$f").csv"; done', "ask"],
  ['printf "/etc/hosts\\n" | while read -r f; do echo > "$f.bak"; done', "ask"],
  ['printf "../up\\n" | while read -r f; do echo > "$f.bak"; done', "ask"],
  ['printf "x:/etc/hosts\\n" | while IFS=: read -r a f; do echo > "$f.bak"; done', "ask"],
  ['find /etc -type f | while read -r f; do echo > "$f.bak"; done', "ask"],
  ['curl -s example.com | while read -r f; do echo > "$f.bak"; done', "ask"],
  ['f=$RANDOM; while read -r x; do echo > "$f.bak"; f=$x; done < <(curl -s example.com)', "ask"],
  ['f=$(curl -s example.com); echo > "${f%.a}.bak"', "ask"],
  ['n=$RANDOM; for d in /etc "$n"; do echo > "$d/notes-$n"; done', "ask"],
  ['echo x > "/etc/cron.d/job-$$"', "ask"],
  ['echo x > "$HOME/.config/autostart/$RANDOM.desktop"', "ask"],
  ['echo x > ".git/hooks/$(basename "$(cat where)")"', "ask"],
  ['cd "$(cat where)" && echo x > out.txt', "ask"],
  ['"$(cat where)/rm" -rf data', "ask"],
  ['X="$(cat where)/tsc"; $X', "ask"],
  // Broken lines that name something guarded.
  ["rm -rf data (", "ask"],
  [". ./setup.sh (", "ask"],
];

describe("held all the same", () => {
  let explained: readonly Explained[] = [];
  beforeAll(async () => {
    explained = await explainAll(
      held.map(([line]) => line),
      place.workspace,
    );
  });
  test.each(held.map(([line, verdict], at) => ({ line, verdict, at })))("$line", ({ line, verdict, at }) => {
    expect(explained[at]).toEqual({ line, verdict });
  });
});

/** Run one after the other in one session, each by a bash of its own as agents do. */
const day: readonly string[] = [
  "git status --short --branch && git diff --stat && git log --oneline -5",
  'cd "$(git rev-parse --show-toplevel)" && git ls-files | xargs wc -l | tail -1',
  "git branch -a; git stash list; git remote -v; git show --stat HEAD | head -5",
  "sed -n '1,200p' src/main.c; awk 'NR < 3' src/util.c; grep -rn foo src | head -3; head -2 README.md",
  "find . -name '*.ts' -not -path './node_modules/*' -exec grep -l foo {} + | sort",
  "find src -type f -print0 | xargs -0 wc -l | tail -1",
  "cat package.json | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"name\"])'",
  "node -e \"console.log(Object.keys(require('./package.json').scripts).join())\"",
  "diff <(sort notes.txt) <(sort README.md) > /dev/null 2>&1 || true",
  'for f in src/*.c; do head -1 "$f"; done; while read -r l; do echo "$l"; done < notes.txt',
  "set -euo pipefail\nx=0\nfor i in 1 2 3; do x=$((x + i)); done\ntest $x -eq 6",
  "make 2>&1 | tee build.log; ./build/main",
  "make clean",
  "gcc -Wall -o /tmp/hp-quiet-main src/main.c src/util.c 2>/dev/null || cc -c src/util.c -o /tmp/hp-quiet.o; rm -f /tmp/hp-quiet-main /tmp/hp-quiet.o",
  "npm run build > /dev/null 2>&1; npm test --silent 2>&1 | tail -1",
  "python3 -c 'print(sum(range(10)))' > sum.txt; cat sum.txt; rm sum.txt",
  "python3 - <<'E'\nimport pathlib\npathlib.Path('made.txt').write_text('x')\nE\nrm made.txt",
  "mkdir -p src/new/deep && touch src/new/deep/index.ts && rm -rf src/new",
  "cat > src/main.c <<'E'\nint main(void) { return 1; }\nE\nmake >/dev/null",
  "cat > src/main.c <<'E'\nint main(void) { return 2; }\nE",
  "sed -i 's/2/3/' src/main.c && git diff --stat",
  "sed 's/3/4/' src/main.c > src/main.c.tmp && mv src/main.c.tmp src/main.c",
  "echo 'int main(void) { return 5; }' | tee src/main.c",
  "git checkout -- src/main.c && git diff --quiet -- src",
  "sed -i 's/foo/baz/' src/lib/a.ts && git commit -qm 'rename' -- src/lib/a.ts",
  "sed -i 's/bar/qux/' src/lib/b.ts && cp src/lib/a.ts src/lib/b.ts && git restore src/lib/b.ts",
  "echo '// x' >> src/util.c; git stash -q -- src/util.c; git stash pop -q; git checkout -q src/util.c",
  "git checkout -q -b feature/y && git checkout -q - && git branch -q -d feature/y",
  "git fetch -q origin && git push -q origin HEAD",
  "git worktree add -q ../wt feature/x && ls ../wt && git worktree remove ../wt",
  "grep -rl qux src | xargs -r sed -i 's/qux/bar/g'; git status --short | wc -l",
  'tmp=$(mktemp); echo x > "$tmp"; cat "$tmp"; rm -f "$tmp"',
  'd=$(mktemp -d); echo x > "$d/f"; cp src/main.c "$d/"; rm -rf "$d"',
  'tmp=$(mktemp -d)\ntrap \'rm -rf "$tmp"\' EXIT\ncd "$tmp"\necho 1 > one.txt\ntar czf out.tgz one.txt\ntar tzf out.tgz',
  'd=$(mktemp -d -p . scratch.XXXX) && echo x > "$d/x" && echo y > "$d/x" && rm -r "$d"',
  'mkdir -p gen; for f in $(git ls-files \'src/lib/*.ts\'); do wc -l < "$f" > "gen/$(basename "$f").n"; done; ls gen',
  'git ls-files \'*.c\' | while read -r f; do wc -l < "$f" > "$f.lines"; done; rm src/*.lines',
  "find src -name '*.ts' -print0 | while IFS= read -r -d '' f; do sort \"$f\" > \"${f%.ts}.sorted\"; done; rm src/lib/*.sorted",
  'for i in $(seq 1 3); do echo "$i" > "part-$i.txt"; done; cat part-*.txt; rm part-*.txt',
  'date > "stamp-$(date +%s).txt"; echo $$ > "pid-$$.txt"; rm stamp-*.txt pid-*.txt',
  "rm -rf dist node_modules build gen",
  "python3 -m venv .venv --without-pip && . .venv/bin/activate && python -c 'import sys; print(sys.prefix)' && rm -rf .venv",
  "python3 -m compileall -q tests; find . -name '*.pyc' -delete; find . -name __pycache__ -type d -exec rm -rf {} +",
  "find . -type f -mtime +7 -name '*.tmp' -delete; find build -mtime +7 -delete 2>/dev/null || true",
  "python3 -m http.server 0 --bind 127.0.0.1 > http.log 2>&1 & pid=$!; sleep 0.2; kill $pid; wait $pid 2>/dev/null; rm http.log",
  '(sleep 60 & echo $! > sleeper.pid); kill "$(cat sleeper.pid)"; rm sleeper.pid',
  "sleep 61 & kill $!; kill $(lsof -t -i:1) 2>/dev/null || true",
  "curl -s --max-time 2 http://127.0.0.1:9/health || true; curl -s --max-time 2 -X POST http://localhost:9/x -d '{\"a\":1}' || true",
  "echo '{\"a\":1}' > one.json; python3 -m json.tool one.json > one.pretty && mv one.pretty one.json && rm one.json",
  "tar czf /tmp/hp-quiet-src.tgz src && tar tzf /tmp/hp-quiet-src.tgz | wc -l && rm /tmp/hp-quiet-src.tgz",
  "cp notes.txt notes.copy && rm notes.copy; ln -s notes.txt link.txt && rm link.txt",
  "chmod +x Makefile && chmod -x Makefile; chmod -R u+w src",
  "bash -lc 'echo login; git status --short | head -1'; sh -c 'cd src && ls'",
  "echo done > /dev/null 2>&1; { echo a; echo b; } | sort -r | head -1; time true",
  "printf 'a\\nb\\n' >> notes.txt; echo more >> README.md",
  "export A=1; env | grep -c PATH; test -f package.json && echo node || echo other; [ -d nowhere ] || true",
  "git add -A src && git commit -q --allow-empty -m 'wip' && git reset -q --soft HEAD~1 && git restore --staged . && git checkout -q -- src",
];

test("a day's work in one session", async () => {
  const folder = join(place.base, "day");
  mkdirSync(folder);
  const names = day.map((line, at) => {
    const name = join(folder, `${String(at).padStart(3, "0")}.sh`);
    writeFileSync(name, line);
    return name;
  });
  // Each line's text stands in its own `bash -c`, as an agent's does.
  const driver = `import subprocess, sys\nfor name in sys.argv[1:]:\n  line = open(name).read()\n  done = subprocess.run(["bash", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, text=True)\n  if done.returncode != 0 or "holdpoint" in done.stderr: print(done.returncode, line, done.stderr, sep=" | ")\n`;
  const outcome = await place.run({ command: ["python3", "-c", driver, ...names], limit: 55_000 });
  expect(outcome).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(readFileSync(join(place.workspace, "notes.txt"), "utf8")).toBe("content of notes.txt\na\nb\n");
});

/** Old work that comes to stand where a clean file stood is not the session's own. */
const disguised: readonly string[] = [
  "mv thesis.txt src/util.c; echo x > src/util.c",
  "mv thesis.txt src/util.c; echo >> src/util.c; git checkout -- src/util.c",
  "git add -N thesis.txt; echo x > thesis.txt",
  "echo 1 > README.md",
  "sed -i s/read/write/ README.md; git checkout -- README.md",
  "sed -i s/read/write/ README.md; cat /dev/null > README.md",
];

test.each(disguised)("held: %s", async (line) => {
  put(place.workspace, "thesis.txt", "precious\n");
  await place.git("reset", "-q", "HEAD", "--", "thesis.txt");
  await place.git("checkout", "-q", "--", "src");
  writeFileSync(join(place.workspace, "README.md"), "precious\n");
  const outcome = await place.run({ command: ["bash", "-c", line] });
  expect(outcome.stderr).toContain("holdpoint: denied");
  const texts = ["thesis.txt", "src/util.c", "README.md"].map((name) => read(join(place.workspace, name)));
  expect(texts.filter((text) => text.startsWith("precious"))).toHaveLength(2);
  rmSync(join(place.workspace, "thesis.txt"), { force: true });
});

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
