import type { Dice } from "./nonsense-texts.js";
import { rareScript } from "./truth-rarities.js";
import { program, variable, word, words } from "./truth-words.js";

// Scripts of programs that only read, in as much of bash's grammar as changes what runs, where, and with which words.

/** A few statements, one a line or joined. */
export function truthScript(dice: Dice): string {
  const opening = dice.below(2) === 0 ? `${setUp(dice)}\n` : "";
  return opening + (dice.below(3) === 0 ? rareScript(dice) : statements(dice, 2, 2 + dice.below(5)));
}

type Make = (dice: Dice, depth: number) => string;

function statements(dice: Dice, depth: number, count: number): string {
  const list = Array.from({ length: count }, () => statement(dice, depth));
  return list.reduce((text, next) => {
    // What ends in a here-document's last line, or in `&`, is followed by a line of its own.
    const joint = /(^|\n)E$|&$/.test(text) ? "\n" : dice.pick(["\n", "\n", "\n", "; ", " && ", " || "]);
    return text + joint + next;
  });
}

function statement(dice: Dice, depth: number): string {
  const kinds = depth > 0 && dice.below(5) < 2 ? compound : dice.below(3) === 0 ? dice.pick(plain) : [simple];
  return dice.pick(kinds)(dice, depth);
}

function block(dice: Dice, depth: number): string {
  return statements(dice, depth - 1, 1 + dice.below(2));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const simple: Make = (dice) => {
  const tool = dice.below(6) === 0 ? dice.pick(callable) : program(dice);
  const isOwn = callable.includes(tool);
  const front = dice.below(3) > 0 ? "" : dice.pick(isOwn ? ["", "V=w ", "! ", "time "] : fronts);
  const ending = dice.below(5) === 0 ? dice.pick(endings(dice)) : "";
  return `${front}${tool} ${words(dice)}${ending}`.trim();
};

const callable = [
  "f",
  "g",
  "q",
  "zz",
  "echo",
  "test -e",
  "printf '%s\\n'",
  '"${A[@]}"',
  "$V",
  "$C",
  "cat",
  "ls",
];

const fronts = [
  ...[
    "env A=1 ",
    "nice ",
    "timeout 5 ",
    "command ",
    "A=1 ",
    "V=w ",
    "nohup ",
    "stdbuf -o0 ",
    "env -u V ",
    "! ",
  ],
  ...[
    "time ",
    "time -p ",
    "command -p ",
    "env -i ",
    "PATH=/nowhere ",
    "PATH=/bin:$PATH ",
    "IFS=, ",
    "V=1 W=$V ",
    "exec -a n ",
  ],
].filter((front) => front !== "exec -a n ");

const endings = (dice: Dice) => [
  ...[
    " > out",
    " >> out",
    " 2>&1",
    " < a.txt",
    ` <<< ${word(dice)}`,
    " 2> /dev/null",
    " &",
    " <<E\n$V\nE",
    " &> out",
  ],
  ...[
    ` | ${program(dice)}`,
    ` |& ${program(dice)} ${word(dice)}`,
    " < <(cat list.txt)",
    " > >(cat)",
    " {fd}< a.txt",
    " 3<&0",
  ],
];

const setting: readonly Make[] = [
  (dice) => `${variable(dice)}=${word(dice)}`,
  (dice) => `${variable(dice)}+=${word(dice)}`,
  (dice) => `A=(${words(dice)})`,
  (dice) => `A+=(${words(dice)})`,
  (dice) => `A[${dice.pick(["1", "I", "-1", "0+2", "$I"])}]=${word(dice)}`,
  () => "A=([2]=two [0]=zero one)",
  (dice) => `declare -A M=([k]=${word(dice)} [j]=jj)`,
  (dice) => `M[${dice.pick(["k", "$V", "j"])}]=${word(dice)}`,
  (dice) => `declare -i I=${dice.pick(["3+4", "7", "V", "I*2"])}`,
  (dice) => `I=${dice.pick(["1+1", "0", "2"])}`,
  (dice) => `declare -n N=${dice.pick(["V", "W", "A", "A[1]"])}`,
  (dice) => `N=${word(dice)}`,
  (dice) => `declare -${dice.pick(["u", "l", "x", "r", "a", "g"])} ${dice.pick(["W", "Y"])}=${word(dice)}`,
  (dice) => `export ${variable(dice)}=${word(dice)}`,
  (dice) => `readonly ${dice.pick(["R", "X"])}=${word(dice)}`,
  (dice) => `let ${dice.pick(["I=1+2", "I++", "'I += 2'", "V=5"])}`,
  (dice) => `((${dice.pick(["I++", "I = 4", "V = I, W = 2", "I += 1, A[1] = 9", "I > 2", "0"])}))`,
  (dice) => `: \${${variable(dice)}:=${word(dice)}}`,
  (dice) =>
    `printf -v ${dice.pick(["V", "A[1]", "W"])} ${dice.pick(["%s", "'%s-%s'", "%03d", "%q", "%b"])} ${words(dice)}`,
  (dice) =>
    `read ${dice.pick(["V", "-r V W", "-a A", "", "-d , V", "-n 2 V", "-r V <<< 'p q'; read W"])} <<< ${word(dice)}`,
  (dice) =>
    `read -r ${dice.pick(["V", "V W X", "-a A"])} < ${dice.pick(["list.txt", "a.txt", "nothing", "<(cat list.txt)"])}`,
  (dice) =>
    `mapfile ${dice.pick(["-t A", "A", "-t -n 1 A", "-t -s 1 A", "-t", "-O 1 -t A"])} < ${dice.pick(["list.txt", "a.txt", "<(seq 3)"])}`,
  (dice) => `mapfile -t A <<< ${dice.pick(["$'p\\nq r'", '"$V"', '"$(ls)"'])}`,
  (dice) =>
    `IFS=${dice.pick([":", ",", "''", "o", "$'\\n'"])}${dice.pick(["", " read -r V W <<< a:b,c", "; ", " V=k"])}`,
  (dice) =>
    `unset ${dice.pick(["V", "W", "'A[0]'", "A", "IFS", "-v V", "-f f", "-f cat", "-n N", "M", "f"])}`,
  (dice) => `${variable(dice)}=$(${simple(dice, 0)}\n)`,
  (dice) => `getopts ${dice.pick(["ab: V -a -b arg", "ab: V", ":x V -y", "a V -aa"])}`,
  (dice) => `set -- ${words(dice)}`,
  (dice) => dice.pick(["shift", "shift 2", "set --", "OPTIND=1"]),
  (dice) => `[[ ${word(dice)} =~ ${dice.pick(["(.)(.*)", "^([a-z]+)", "o", "(t.t)$"])} ]]`,
  (dice) => `C=${dice.pick(["/bin/echo", "wc", "'/bin/echo w'", "f", "cat", "echo"])}`,
  (dice) => `P=${dice.pick(["V", "W", "'A[0]'", "HOME", "A[@]", "HO"])}`,
  (dice) => `A=(${dice.pick(["/bin/echo p", "wc -c", "echo", "f y", "env Q=1 printf x"])} ${words(dice)})`,
];

const moving: readonly Make[] = [
  (dice) => `cd ${dice.pick(["sub", "..", "-", "nowhere", "~", ".", "$V", '"$PWD/sub"', "sub/..", ""])}`,
  (dice) => `cd ${dice.pick(["sub", "nowhere"])} ${dice.pick(["||", "&&"])} ${simple(dice, 0)}`,
  (dice) => `pushd ${dice.pick(["sub", "notes", "..", "nowhere"])} > /dev/null`,
  (dice) => dice.pick(["popd > /dev/null", "popd", "pushd", "CDPATH=sub:.", "dirs", "cd -P sub", "PWD=/x"]),
];

const switching: readonly Make[] = [
  (dice) =>
    `set ${dice.pick(["-e", "-u", "-f", "+f", "+e", "-o posix", "+o posix", "-a", "-o noglob", "-B", "+B", "-eu", "-T", "-E", "-k", "-o pipefail"])}`,
  (dice) =>
    `shopt -s ${dice.pick(["nullglob", "globstar", "dotglob", "extglob", "lastpipe", "nocaseglob", "failglob", "expand_aliases", "nullglob dotglob", "nocasematch", "inherit_errexit"])}`,
  (dice) =>
    `shopt -u ${dice.pick(["nullglob", "dotglob", "extglob", "expand_aliases", "sourcepath", "globasciiranges"])}`,
  (dice) =>
    `alias ${dice.pick(["q='/bin/echo al'", "cat='wc -c'", "ls='ls -a '", "q='f ; uname'", "f='/bin/echo aliased'", "zz=q", "q='V=7 '"])}`,
  (dice) => dice.pick(["unalias q", "unalias -a", "\\q x", "unalias cat ls"]),
  (dice) => `hash ${dice.pick(["-p /bin/echo zz", "-r", "-p /bin/echo cat", "-d cat", "-p /usr/bin/wc ls"])}`,
  (dice) =>
    `enable ${dice.pick(["-n echo", "-n test", "echo", "-n printf", "-n read", "-n cd", "-n eval", "-n '['"])}`,
  (dice) =>
    dice.pick(["PATH=/nowhere", "PATH=/bin:/usr/bin", "PATH=$PWD:$PATH", "PATH=", "export PATH=/usr/bin"]),
  (dice) =>
    `builtin ${dice.pick(["echo", "printf %s", "test -e", "eval /bin/echo", "command cat", "cd sub;"])} ${words(dice)}`,
  (dice) =>
    `command ${dice.pick(["-v", "-V", "-p", "", "--", "eval", "command"])} ${dice.pick(["cat", "ls", "f", "echo", "uname"])} ${words(dice)}`,
  (dice) =>
    dice.pick([
      "exec 3< list.txt; read V <&3",
      "exec 3<&-",
      "exec 4> out; /bin/echo x >&4",
      "exec < list.txt",
      "exec {fd}< a.txt; read -u $fd W",
      "wait",
      "jobs",
      "exec 3<<< 'h i'; cat <&3",
      "exec 2>&1",
    ]),
  (dice) =>
    dice.pick([
      "return",
      "return 1",
      "break",
      "continue",
      "exit 3",
      "exit",
      "false",
      "true",
      ":",
      "! true",
      "break 2",
    ]),
  (dice) => `(exec ${simple(dice, 0)}\n)`,
];

const meta: readonly Make[] = [
  (dice) => `eval ${quote(simple(dice, 0))}`,
  (dice) =>
    `eval "${dice.pick(["V=\\$W", "/bin/echo $V", "$C x", "A=($V)", "eval 'uname \\$V'", "f() { seq 3; }", "g"])}"`,
  (dice) => `source <(echo ${quote(simple(dice, 0))})`,
  (dice) => `. /dev/stdin <<< ${quote(simple(dice, 0))}`,
  (dice) =>
    `echo ${quote(simple(dice, 0))} > s.sh; ${dice.pick(["bash s.sh", ". ./s.sh", "source s.sh p", "sh ./s.sh a b", "bash < s.sh", "PATH=$PWD . s.sh"])}`,
  (dice) => `bash -c ${quote(simple(dice, 0))} ${dice.pick(["", "n p", "$V"])}`.trimEnd(),
  (dice) => `bash <<${dice.pick(["E", "'E'"])}\n${simple(dice, 0).replaceAll(/<<E\n.*/gs, "")}\nE`,
  (dice) =>
    `trap ${quote(simple(dice, 0))} ${dice.pick(["EXIT", "ERR", "DEBUG", "RETURN", "0", "USR1", "EXIT ERR"])}`,
  (dice) =>
    dice.pick(["trap - EXIT", "trap - DEBUG", "trap '' ERR", "kill -USR1 $$", "trap", "trap - ERR RETURN"]),
  (dice) => `cat <<E\n$V $(${simple(dice, 0).replaceAll(/<<E\n.*/gs, "")}\n) \${A[0]}\nE`,
  (dice) => `cat <<-'E'\n\t$(${program(dice)})\n\tE`,
  (dice) => `${simple(dice, 0).replace(/ &$/, "")} &\nwait`,
  (dice) => `coproc ${simple(dice, 0)}`,
  (dice) =>
    `echo ${words(dice)} | xargs ${dice.pick(["", "-n 1 ", "-I{} "])}${dice.pick(["/bin/echo", "wc -c", "bash -c 'uname \"$@\"' z"])}`,
  (dice) =>
    `find sub ${dice.pick(["-name '*.md'", "-type f", ""])} -exec ${program(dice)} {} ${dice.pick(["\\;", "+"])}`,
];

const plain: readonly (readonly Make[])[] = [
  setting,
  setting,
  setting,
  moving,
  switching,
  switching,
  meta,
  meta,
];

const names = ["f", "g", "f", "cat", "ls", "echo", "zz", "uname", "test"];

const compound: readonly Make[] = [
  (dice, depth) =>
    `if ${statement(dice, depth - 1)}\nthen ${block(dice, depth)}\nelif ${statement(dice, depth - 1)}\nthen ${block(dice, depth)}\nelse ${block(dice, depth)}\nfi`,
  (dice, depth) =>
    `if [[ ${word(dice)} ${dice.pick(["==", "!=", "<", "-eq"])} ${word(dice)} ]]\nthen ${block(dice, depth)}\nfi`,
  (dice, depth) => `for ${variable(dice)} in ${words(dice)}; do ${block(dice, depth)}\ndone`,
  (dice, depth) =>
    `for ${variable(dice)}; do ${block(dice, depth)}\n${dice.pick(["break", "continue", "shift", ":"])}\ndone`,
  (dice, depth) =>
    `I=0; while ((I++ < ${1 + dice.below(3)})); do ${block(dice, depth)}\n${dice.pick(["break", "continue", ":", "[ $I = 2 ] && break"])}\ndone`,
  (dice, depth) => `until ${dice.pick(["true", "! false", "[ -e a.txt ]"])}; do ${block(dice, depth)}\ndone`,
  (dice, depth) => `for ((I = 0; I < 2; I++)); do ${block(dice, depth)}\ndone`,
  (dice, depth) =>
    `case ${word(dice)} in x|*.txt) ${block(dice, depth)}\n${dice.pick([";;", ";&", ";;&"])} [a-z]*) ${block(dice, depth)}\n${dice.pick([";;", ";&", ";;&"])} *) ${block(dice, depth)}\nesac`,
  (dice, depth) =>
    `select ${variable(dice)} in ${words(dice)} z; do ${block(dice, depth)}\nbreak; done <<< ${dice.pick(["1", "2", "$'9\\n1'", "x"])}`,
  (dice, depth) => `${dice.pick(names)}() { ${block(dice, depth)}\n}`,
  (dice, depth) =>
    `f() { local V=${word(dice)} ${dice.pick(["W", "A=(l m)", "-n N=V", "-i I=2", "X=$V"])}; ${block(dice, depth)}\n}; f ${words(dice)}`,
  (dice, depth) =>
    `function g { ${block(dice, depth)}\n${dice.pick(["return", "return 1", "unset -f g", "trap 'uname -s' RETURN", ":"])}; }; g ${words(dice)}; ${simple(dice, 0)}`,
  (dice, depth) => `f() (${block(dice, depth)}\n); f ${words(dice)}`,
  (dice, depth) => `(${block(dice, depth)}\n)${dice.pick(["", " &\nwait", " > out", " | cat", " < a.txt"])}`,
  (dice, depth) =>
    `{ ${block(dice, depth)}\n}${dice.pick(["", " &\nwait", " > out", " | cat", " < list.txt", " <<< 'p q'", " 2>&1 | wc -l"])}`,
  (dice, depth) =>
    `${program(dice)} ${word(dice)} | while read -r ${variable(dice)}; do ${block(dice, depth)}\ndone`,
  (dice, depth) =>
    `while read -r ${dice.pick(["V", "V W", "-a A"])}; do ${block(dice, depth)}\ndone < ${dice.pick(["list.txt", "a.txt", "<(seq 2)"])}`,
  (dice, depth) => `while read V; do ${block(dice, depth)}\ndone <<E\n$W\nl two\nE`,
  (dice, depth) =>
    `${simple(dice, 0).replaceAll(/ (&|<<E\n.*)$/gs, "")} | { read V; ${block(dice, depth)}\n}`,
  (dice, depth) => `${variable(dice)}=$(${block(dice, depth)}\n)`,
  (dice, depth) => `cat <(${block(dice, depth)}\n)`,
  (dice, depth) => `coproc C { ${block(dice, depth)}\n}; read V <&"\${C[0]}"`,
  (dice, depth) => `eval ${quote(block(dice, depth))}`,
  (dice, depth) => `source <(cat <<'S'\n${block(dice, depth)}\nS\n)`,
  (dice, depth) => `trap ${quote(block(dice, depth))} ${dice.pick(["EXIT", "ERR", "DEBUG", "RETURN"])}`,
  (dice, depth) => `! { ${block(dice, depth)}\n} && ${simple(dice, 0)}`,
  (dice, depth) => `time { ${block(dice, depth)}\n}`,
  (dice, depth) => `[[ -n $V && ${word(dice)} == *.txt ]] || { ${block(dice, depth)}\n}`,
  (dice, depth) => `f() { ${block(dice, depth)}\n}; export -f f; bash -c 'f "$@"' z ${words(dice)}`,
  (dice, depth) => `bash <<'S'\n${block(dice, depth)}\nS`,
];

/** What the rest finds set, so that words are rarely empty. */
function setUp(dice: Dice): string {
  return (
    [
      `V=${dice.pick(literalValues)} W=${dice.pick(literalValues)} P=V I=${dice.below(3)}`,
      `A=(${dice.pick(literalValues)} ${dice.pick(literalValues)})`,
      "declare -A M=([k]=kk [j]='j j')",
      'f() { /bin/echo in f "$@"; }',
      "g() { local V=g; f $V; }",
    ]
      .filter(() => dice.below(4) > 0)
      .join("\n") || ":"
  );
}

const literalValues = ["a.txt", "sub", "'b c.txt'", "one", "'*'", "7", "''", "'x y'", "-n", "a:b"];
