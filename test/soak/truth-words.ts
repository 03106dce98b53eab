import type { Dice } from "./nonsense-texts.js";

/** A word as a script may write it: literal, quoted, or of what the script set before. */
export function word(dice: Dice): string {
  return dice.pick(dice.below(3) === 0 ? literals : dice.below(4) === 0 ? quoted : expansions);
}

export function words(dice: Dice, most = 3): string {
  return Array.from({ length: dice.below(most + 1) }, () => word(dice)).join(" ");
}

export function variable(dice: Dice): string {
  return dice.pick(["V", "W", "X"]);
}

/** A program that only reads, with words of its own where it wants some. */
export function program(dice: Dice): string {
  return dice.pick(programs);
}

const literals = ["a.txt", "sub", "x", "one", "-", "7", "sub/d.txt", "nothing", "é", "k=v", "a:b", "x,y"];

const quoted = [
  "'b c.txt'",
  '"b c.txt"',
  "'$V'",
  '"two  words"',
  "$'a\\tb'",
  "b\\ c.txt",
  '""',
  "'*'",
  '"$V/$W"',
  "$'\\x41\\n'",
  "a'b'\"c\"",
];

const expansions = [
  ...["$V", '"$V"', "$W", '"$X"', "${V:-x}", '"${V:-y z}"', "${V%.*}", "${V##*/}", "${#V}", "${V/o/0}"],
  ...[
    "${V//[a-m]/_}",
    "${V^^}",
    "${V,}",
    "${V:1}",
    "${V:0:2}",
    "${V: -1}",
    "${V+set}",
    "${V/#a/b}",
    "${W/%t}",
  ],
  ...["${V:=dflt}", "${!V}", '"${!P}"', "${!P*}", "${V@Q}", '"${V@U}"', "${A[0]}", '"${A[@]}"', "${A[*]}"],
  ...[
    '"${A[*]}"',
    "${A[@]:1}",
    "${A[-1]}",
    "${#A[@]}",
    "${!A[@]}",
    '"${A[@]/o/0}"',
    "${A[I]}",
    "${A[1]:-none}",
  ],
  ...[
    "${M[k]}",
    '"${M[@]}"',
    '"${!M[@]}"',
    "${M[$V]}",
    "$N",
    "${N:-n}",
    "$I",
    "$((I + 1))",
    "$((I++))",
    "$((A[0]))",
  ],
  ...[
    "$((1 + 2))",
    "$((I = 3))",
    "$((V ? 1 : 2))",
    "{p,q}",
    "{1..3}",
    "{a,b}{1,2}",
    "x{$V,y}",
    "{c..a}",
    "{01..3}",
  ],
  ...[
    "*.txt",
    "sub/*",
    "[ab]*",
    "nope*",
    "*",
    "**/*.txt",
    "@(a|b)*",
    "!(a*)",
    "?(x)list*",
    ".*",
    "s?b",
    "[!a]*.txt",
  ],
  ...[
    "~",
    "~/x",
    "$HOME",
    '"$HOME"/x',
    "$#",
    "$*",
    '"$@"',
    "$1",
    "${2:-two}",
    "$?",
    "${@:2}",
    "${@: -1}",
    "~+/x",
  ],
  ...[
    "$(echo hi)",
    '"$(printf "%s " 1 2)"',
    "`basename sub/d.txt`",
    "$(cat a.txt)",
    '"$(< a.txt)"',
    "$(f x)",
  ],
  ...["$(echo $V)", '"$(echo "$W" | tr a b)"', "$(V=in; echo $V)", "${V:-$(uname -s)}", "${BASH_REMATCH[1]}"],
  ...[
    "$OPTARG",
    "$REPLY",
    "${PIPESTATUS[0]}",
    "${FUNCNAME[0]}",
    "$PWD",
    "$OLDPWD",
    "${MAPFILE[0]}",
    "$LINENO",
  ],
];

const programs = [
  ...["/bin/echo", "cat", "ls -d", "wc -l", "head -n 1", "basename -a x", "stat -c %n", "expr 1 +"],
  ...[
    "/usr/bin/printf %s",
    "md5sum",
    "sort",
    "uname -s",
    "id -u",
    "seq 2",
    "tac",
    "nl",
    "od -c",
    "grep -c o",
  ],
  ...["tr a b", "cut -c1", "paste", "uniq", "readlink", "realpath", "dirname x", "date +%Y", "env printf %s"],
];
