// node bench/script.js [--json] [--sizes 1,10,100,400] [--only WORD]: what it costs to judge one text, by its size, and
// whether that grows faster than the text does. Each text is judged by a fresh process, after one small line: its start is
// not counted, what V8 compiles for the first text is. Needs a build, and Linux for the processor time.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const work = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
const sizes = option("--sizes", "1,10,100,400").split(",").map(Number);
/** Milliseconds after which a text counts as one that hangs. */
const longest = 60_000;

/** Blocks as they stand in installers, build scripts and entry points; `n` keeps each apart from the others. */
const blocks = [
  (n) =>
    `# step ${n}: checks what is there\nif [ ! -d "$root/build-${n}" ]; then\n  mkdir -p "$root/build-${n}"\nfi`,
  (n) => `log_${n}() {\n  printf '%s %s\\n' "$(date +%H:%M:%S)" "$*" >&2\n}\nlog_${n} "starting ${n}"`,
  (n) =>
    `for file in src/*.ts lib/${n}/*.js; do\n  [ -e "$file" ] || continue\n  echo "checking $file"\n  grep -q TODO "$file" && echo "todo in $file"\ndone`,
  (n) =>
    `version_${n}=$(sed -n 's/^version = "\\(.*\\)"$/\\1/p' Cargo.toml | head -n 1)\necho "\${version_${n}:-unknown}" | tr a-z A-Z | cut -d. -f1`,
  (n) =>
    `case "$1" in\n  start-${n}) echo starting; npm run build -- --mode production ;;\n  stop-${n}) kill "$(cat "run/${n}.pid")" 2>/dev/null || true ;;\n  *) echo "usage: $0 start|stop" >&2 ;;\nesac`,
  (n) => `cat > "build-${n}/settings.json" <<EOF\n{ "name": "service-${n}", "port": $((8000 + ${n})) }\nEOF`,
  (n) =>
    `git fetch --quiet origin && git log --oneline -n ${n % 20} origin/main | awk '{ print $1 }' | sort -u > "build-${n}/commits"`,
  (n) =>
    `docker build --tag "app:\${TAG:-${n}}" --build-arg "STEP=${n}" . || { echo "build ${n} failed" >&2; exit 1; }`,
  (n) =>
    `curl -fsSL "https://example.com/files/${n}.tar.gz" -o "/tmp/file-${n}.tar.gz"\ntar -xzf "/tmp/file-${n}.tar.gz" -C "build-${n}"\nrm -f "/tmp/file-${n}.tar.gz"`,
  (n) => `while read -r name value; do\n  export "SETTING_${n}_$name=$value"\ndone < "config/${n}.env"`,
];

const upTo = (bytes, make) => {
  const parts = [];
  for (let n = 0, length = 0; length < bytes; n++) {
    const part = make(n);
    parts.push(part);
    length += part.length;
  }
  return parts.join("");
};
const repeated = (text, bytes) => text.repeat(Math.max(1, Math.floor(bytes / text.length)));
const nested = (open, middle, close, bytes) => {
  const times = Math.max(1, Math.floor((bytes - middle.length) / (open.length + close.length)));
  return open.repeat(times) + middle + close.repeat(times);
};

/** Name → a text of about so many bytes. The first is what people write; the others are what nobody should. */
const texts = [
  ["realistic script", (bytes) => `root=$(pwd)\n${upTo(bytes, (n) => `${blocks[n % blocks.length](n)}\n`)}`],
  ["plain commands", (bytes) => upTo(bytes, (n) => `ls -l src/file-${n}\n`)],
  ["deletions", (bytes) => upTo(bytes, (n) => `rm -f src/file-${n}\n`)],
  ["words", (bytes) => `echo ${upTo(bytes, (n) => `word${n} `)}`],
  ["words to delete", (bytes) => `rm ${upTo(bytes, (n) => `word${n} `)}`],
  ["globs", (bytes) => `ls ${upTo(bytes, (n) => `src/f*${n % 10}?${n} `)}`],
  ["one long word", (bytes) => `echo ${"a".repeat(bytes)}`],
  ["one long quoted word", (bytes) => `echo "${"a ".repeat(bytes / 2)}"`],
  ["one comment", (bytes) => `# ${"a ".repeat(bytes / 2)}\nls`],
  ["one here-document", (bytes) => `cat <<E\n${upTo(bytes, (n) => `line ${n} of $HOME\n`)}E\n`],
  ["here-documents", (bytes) => upTo(bytes, (n) => `cat > f${n} <<E\nline ${n} of $HOME\nE\n`)],
  ["here-document without end", (bytes) => `cat <<E\n${"line\n".repeat(bytes / 5)}`],
  ["assignments", (bytes) => upTo(bytes, (n) => `v${n}=value${n}\n`)],
  ["one variable, again and again", (bytes) => upTo(bytes, (n) => `v="$v ${n}"\n`)],
  ["functions", (bytes) => `${upTo(bytes, (n) => `f${n}() { ls ${n}; }\n`)}f0`],
  ["functions that call each other", (bytes) => `${upTo(bytes, (n) => `f${n + 1}() { f${n}; f${n}; }\n`)}f9`],
  ["loops", (bytes) => upTo(bytes, (n) => `for i in 1 2 3; do ls $i-${n}; done\n`)],
  ["loops in loops", (bytes) => nested("for i in 1 2; do ", "ls", "; done", bytes)],
  ["while in while", (bytes) => nested("while x; do ", "ls", "; done", bytes)],
  ["if in if", (bytes) => nested("if x; then ", "ls", "; fi", bytes)],
  ["case in case", (bytes) => nested("case $x in a) ", "ls", ";; esac", bytes)],
  ["blocks in blocks", (bytes) => nested("{ ", "ls", "; }", bytes)],
  ["subshells in subshells", (bytes) => nested("( ", "ls", " )", bytes)],
  ["substitutions in substitutions", (bytes) => nested("echo $(", "ls", ")", bytes)],
  ["backquotes left open", (bytes) => "`".repeat(bytes)],
  ["parentheses left open", (bytes) => "(".repeat(bytes)],
  ["substitutions left open", (bytes) => "$(".repeat(bytes / 2)],
  ["parameters in parameters", (bytes) => `echo ${nested("$" + "{x:-", "y", "}", bytes)}`],
  ["quotes in substitutions in quotes", (bytes) => `echo ${nested('"$(echo ', "x", ')"', bytes)}`],
  ["sums", (bytes) => `echo $((${"1+".repeat(bytes / 2)}1))`],
  ["parentheses in sums", (bytes) => `echo $((${nested("(", "1", ")", bytes)}))`],
  ["pipes", (bytes) => `${repeated("cat | ", bytes)}cat`],
  ["and, or", (bytes) => `${repeated("a && b || ", bytes)}c`],
  ["nots", (bytes) => `${repeated("! ", bytes)}ls`],
  ["tests", (bytes) => `[[ ${repeated("a == b && ", bytes)}c ]]`],
  ["redirections", (bytes) => `echo ${upTo(bytes, (n) => `> f${n} `)}`],
  ["brace bombs", (bytes) => `echo ${repeated("{a,b}", bytes)}`],
  ["brace ranges", (bytes) => `echo ${upTo(bytes, () => "{1..9999} ")}`],
  ["braces in braces", (bytes) => `echo ${nested("{a,", "b", "}", bytes)}`],
  ["braces left open", (bytes) => `echo ${"{".repeat(bytes)}`],
  ["background jobs", (bytes) => repeated("sleep 1 & ", bytes)],
  ["eval", (bytes) => upTo(bytes, (n) => `eval "ls ${n}"\n`)],
  ["bash -c in bash -c", (bytes) => upTo(bytes, (n) => `bash -c "sh -c 'ls ${n}'"\n`)],
  ["sudo of sudo", (bytes) => `${repeated("sudo ", bytes)}ls`],
  ["find -exec", (bytes) => upTo(bytes, (n) => `find src -name '*${n}' -exec rm {} \\;\n`)],
  ["code", (bytes) => `python3 -c '${upTo(bytes, (n) => `x${n} = open("f${n}").read()\n`)}'`],
  ["SQL", (bytes) => `psql -c "${upTo(bytes, (n) => `select ${n} from t${n};\n`)}"`],
  ["awk", (bytes) => `awk '${upTo(bytes, (n) => `/x${n}/ { print $${n} }\n`)}'`],
  ["sed", (bytes) => `sed -e '${upTo(bytes, (n) => `s/a${n}/b${n}/;`)}' f`],
  ["JSON for curl", (bytes) => `curl -d '[${upTo(bytes, (n) => `{"id":${n}},`)}0]' https://example.com/x`],
  ["control characters", (bytes) => "\u0001\u001b[31m".repeat(bytes / 6)],
  ["backslashes", (bytes) => `echo ${"\\".repeat(bytes)}`],
  ["dollars", (bytes) => `echo ${"$".repeat(bytes)}`],
  ["variables in a word", (bytes) => `echo ${repeated("$a", bytes)}`],
  ["extended globs", (bytes) => `ls ${nested("+(", "a", ")", bytes)}`],
  ["brackets", (bytes) => `ls ${"[".repeat(bytes)}`],
];

try {
  const only = option("--only", "");
  const results = [];
  for (const [name, make] of texts.filter(([one]) => one.includes(only))) {
    const row = { name, sizes: [] };
    for (const kilobytes of sizes) row.sizes.push({ kilobytes, ...(await measure(make(kilobytes * 1000))) });
    results.push(row);
    if (!process.argv.includes("--json")) console.log(show(row));
  }
  if (process.argv.includes("--json")) console.log(JSON.stringify(results, undefined, 1));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Judged as a line: a script's file is the same walk, up to 256 kB. */
async function measure(text) {
  const env = { PATH: process.env.PATH, HOME: work, LANG: "C.UTF-8" };
  const batch = spawn(process.execPath, [join(root, "bin", "holdpoint.js"), "explain", "--batch"], {
    cwd: work,
    env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const late = setTimeout(() => batch.kill("SIGKILL"), longest);
  try {
    const answers = createInterface({ input: batch.stdout })[Symbol.asyncIterator]();
    const ask = async (line) => {
      batch.stdin.write(`${JSON.stringify({ line })}\n`);
      return (await answers.next()).value;
    };
    await ask("ls -l src && rm -f none");
    const before = spent(batch.pid);
    const answer = await ask(text);
    if (answer === undefined) return { milliseconds: undefined, megabytes: undefined, verdict: "none" };
    const milliseconds = Math.round((spent(batch.pid) - before) * 10) / 10;
    const { verdict, errors = [] } = JSON.parse(answer);
    return {
      milliseconds,
      megabytes: peak(batch.pid),
      verdict,
      bound: errors.some((one) => /too/.test(one)),
    };
  } finally {
    clearTimeout(late);
    batch.kill("SIGKILL");
  }
}

/** Milliseconds of processor time, of all its threads. */
function spent(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return (
    tasks.reduce(
      (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]),
      0,
    ) / 1e6
  );
}

function peak(pid) {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);
}

/** `×`: how much more the last size costs than the one before, for each time that the text is longer: 1 is linear. */
function show({ name, sizes: all }) {
  const cells = all.map(({ milliseconds, megabytes, verdict, bound }) =>
    milliseconds === undefined
      ? "killed".padStart(22)
      : `${milliseconds.toFixed(0).padStart(6)} ms ${String(megabytes).padStart(4)} MB ${(verdict ?? "?").padEnd(5)}${bound ? "!" : " "}`,
  );
  const [before, last] = all.slice(-2);
  const growth =
    last?.milliseconds === undefined || before?.milliseconds === undefined
      ? ""
      : `×${(last.milliseconds / before.milliseconds / (last.kilobytes / before.kilobytes)).toFixed(1)}`;
  return `${name.padEnd(34)} ${cells.join("  ")} ${growth}`;
}

function option(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
}
