import fc from "fast-check";

// A grammar of lines that only read: what they start is compared with what was foretold.
const name = fc.constantFrom("V", "W", "X");
const literal = fc.constantFrom("a.txt", "sub", "x", "one", "-", "7", "sub/d.txt", "nothing", "é");
const quoted = fc.constantFrom(
  "'b c.txt'",
  '"b c.txt"',
  "'$V'",
  '"two  words"',
  "$'a\\tb'",
  "b\\ c.txt",
  '""',
);
const expansion = fc.constantFrom(
  ...[
    "$V",
    '"$V"',
    "${V:-x}",
    '"${V:-y z}"',
    "${V%.*}",
    "${V##*/}",
    "${#V}",
    "${V/o/0}",
    "${V^^}",
    "$((1 + 2))",
  ],
  ...[
    "{p,q}",
    "{1..3}",
    "*.txt",
    "sub/*",
    "[ab]*",
    "~",
    "$HOME",
    '"$HOME"/x',
    "$#",
    "$*",
    '"$@"',
    "${W:+set}",
  ],
  ...["$(echo hi)", '"$(printf "%s " 1 2)"', "`basename sub/d.txt`", "$(cat a.txt)", '"$(< a.txt)"', "nope*"],
);
const word = fc.oneof(literal, quoted, expansion);
const words = fc.array(word, { maxLength: 3 }).map((list) => list.join(" "));

const program = fc.constantFrom(
  ...[
    "/bin/echo",
    "cat",
    "ls -d",
    "wc -l",
    "head -n 1",
    "basename -a x",
    "stat -c %n",
    "expr 1 +",
    "/usr/bin/printf %s",
  ],
  ...[
    "md5sum",
    "sort",
    "uname -s",
    "id -u",
    "seq 2",
    "tac",
    "nl",
    "od -c",
    "grep -c o",
    "tr a b",
    "cut -c1",
    "paste",
  ],
);
const builtin = fc.constantFrom(
  "echo",
  "printf '%s\\n'",
  "test -e",
  ":",
  "true",
  "type -t",
  "[ -n 1 ] && echo",
);
const wrapper = fc.constantFrom(
  ...[
    "",
    "",
    "",
    "",
    "env A=1",
    "nice",
    "timeout 5",
    "command",
    "A=1",
    "V=w",
    "nohup",
    "stdbuf -o0",
    "env -u V",
  ],
);
const simple = fc
  .tuple(wrapper, fc.oneof({ weight: 3, arbitrary: program }, builtin), words)
  .map(([front, tool, rest]) => {
    const isBuiltin = /^(echo|printf|test|:|true|type|\[)/.test(tool);
    // `env :` would look for a program of that name.
    return `${isBuiltin && !/^(A=1|V=w|command|)$/.test(front) ? "" : front} ${tool} ${rest}`.trim();
  });
const asText = fc
  .tuple(fc.constantFrom("bash -c", "sh -c", "eval"), program, literal)
  .map(([shell, tool, rest]) => `${shell} '${tool} ${rest}'`);
const fed = fc
  .tuple(fc.constantFrom("xargs", "xargs -n 1", "xargs -I{}"), fc.constantFrom("/bin/echo", "wc -c"), literal)
  .map(
    ([reads, tool, item]) =>
      `echo ${item} z | ${reads} ${tool}${reads.endsWith("{}") ? " <{}>".replace(/[<>]/g, "") : ""}`,
  );
const sought = fc.constantFrom(
  "find . -maxdepth 1 -name '*.txt' -exec wc -l {} +",
  "find sub -type f -exec basename {} \\;",
  "find . -name nothing -exec cat {} \\;",
);
const leaf = fc.oneof({ weight: 6, arbitrary: simple }, asText, fed, sought);

export const harmlessLine: fc.Arbitrary<string> = fc.letrec<{ line: string }>((tie) => ({
  line: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("line"), fc.constantFrom(" && ", " || ", "; ", "\n", " | "), tie("line"))
      .map((parts) => parts.join("")),
    tie("line").map((one) => `(${one}\n)`),
    tie("line").map((one) => `{ ${one}\n}`),
    fc.tuple(tie("line"), tie("line"), tie("line")).map(([a, b, c]) => `if ${a}\nthen ${b}\nelse ${c}\nfi`),
    fc.tuple(name, words, tie("line")).map(([v, list, a]) => `for ${v} in ${list}; do ${a}\ndone`),
    fc.tuple(name, word, tie("line")).map(([v, value, a]) => `${v}=${value}; ${a}`),
    fc.tuple(name, tie("line"), tie("line")).map(([v, a, b]) => `${v}=$(${a}\n); ${b}`),
    fc.tuple(tie("line"), words).map(([a, list]) => `f() { ${a}\n}; f ${list}`),
    fc.tuple(words, tie("line")).map(([list, a]) => `set -- ${list}; ${a}`),
    fc.tuple(words, program).map(([list, tool]) => `arr=(${list}); ${tool} "\${arr[@]}"`),
    fc
      .tuple(word, tie("line"), tie("line"))
      .map(([w, a, b]) => `case ${w} in x|*.txt) ${a}\n;; *) ${b}\n;; esac`),
    fc.tuple(name, tie("line")).map(([v, a]) => `while read -r ${v}; do ${a}\ndone < list.txt`),
    fc.tuple(tie("line"), word).map(([a, w]) => `{ ${a}\n} <<< ${w}`),
    tie("line").map((one) => `cat <<EOF | wc -l\n$(${one}\n)\nEOF`),
    tie("line").map((one) => `cd sub && { ${one}\n}`),
    tie("line").map((one) => `! { ${one}\n}`),
    tie("line").map((one) => `cat <(${one}\n)`),
    tie("line").map((one) => `trap ': bye' EXIT; ${one}`),
    tie("line").map((one) => `shopt -s nullglob; ${one}`),
    tie("line").map((one) => `[[ -n $V && a.txt == *.txt ]] || ${one}`),
    tie("line").map((one) => `for ((n = 0; n < 2; n++)); do ${one}\ndone`),
  ),
})).line;
