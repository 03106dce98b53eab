import { babble, type Dice, damage } from "./nonsense-texts.js";

/** Lines that lose something in the cage's folder, or start what would, each by another way of the shell's. */
export const destructive: readonly string[] = [
  ...[
    "rm -rf notes",
    "rm a.txt",
    "mv list.txt a.txt",
    "> a.txt",
    "cat /dev/null > 'b c.txt'",
    "find notes -delete",
  ],
  ...[
    "sed -i d a.txt",
    "tee a.txt < /dev/null",
    "dd if=/dev/null of=a.txt",
    "truncate -s 0 a.txt",
    "shred -u a.txt",
  ],
  ...[
    "git push --force",
    "git clean -fdx",
    "kubectl delete namespace x",
    "terraform destroy",
    "mkfs.ext4 /dev/sda1",
  ],
  ...["eval 'rm -rf notes'", "bash -c 'rm -rf notes'", "xargs rm < list.txt", "echo notes | xargs rm -rf"],
  ...[
    "$(echo rm) -rf notes",
    "r''m -rf notes",
    "\\rm -rf notes",
    "command rm -rf notes",
    "X=rm; $X -rf notes",
  ],
  ...[
    "f() { rm -rf notes; }; f",
    "trap 'rm -rf notes' EXIT",
    "if true; then rm -rf notes; fi",
    "env A=1 rm -rf notes",
  ],
  ...[
    "bash <<E\nrm -rf notes\nE",
    "cat <<E\n$(rm -rf notes)\nE",
    "cat <<< $(rm -rf notes)",
    "sh << 'E'\nrm a.txt\nE",
  ],
  ...[
    'echo "${x:-$(rm -rf notes)}"',
    "a[$(rm -rf notes)]=1",
    "(( x[$(rm -rf notes)] ))",
    ": ${y:=`rm -rf notes`}",
  ],
  ...[
    "[[ -v a[$(rm -rf notes)] ]]",
    "coproc rm -rf notes",
    "echo >(rm -rf notes)",
    "case x in $(rm -rf notes)) ;; esac",
  ],
  ...["printf -v 'a[$(rm -rf notes)]' x", "for ((i=0;i<1;i++)); do rm -rf notes; done", "exec rm -rf notes"],
  ...["PS4='$(rm -rf notes)'; set -x; :", "x='$(rm -rf notes)'; echo ${x@P}", "let 'a[$(rm -rf notes)]=1'"],
  ...[
    "declare -n r='a[$(rm -rf notes)]'; r=1",
    "test -v 'a[$(rm -rf notes)]'",
    "mapfile -c 1 -C 'rm -rf notes' < a.txt",
  ],
  ...[
    "read 'a[$(rm -rf notes)]' < a.txt",
    "unset 'a[$(rm -rf notes)]'",
    "x='a[$(rm -rf notes)]'; echo ${!x}",
  ],
  ...[
    "x='a[$(rm -rf notes)]'; echo $((x))",
    "shopt -s expand_aliases\nalias x='rm -rf'\nx notes",
    'set -- rm -rf notes; "$@"',
  ],
  ...[
    "while rm -rf notes; do break; done",
    "until rm -rf notes; do :; done",
    "! rm -rf notes",
    "time rm -rf notes",
    "{ rm -rf notes; }",
  ],
  ...[
    "(rm -rf notes)",
    "true && rm -rf notes",
    "false || rm -rf notes",
    "rm -rf notes &",
    "rm -rf notes | cat",
    "true; rm -rf notes",
  ],
  ...[
    "for x in notes; do rm -rf $x; done",
    "for x; do :; done; rm -rf notes",
    "[ -e notes ] && rm -rf notes",
    "rm -rf {notes,sub}",
  ],
  ...[
    "rm -rf $'no\\x74es'",
    "rm -rf n?tes",
    "rm -rf no[t]es",
    "rm -rf ~+/notes",
    "cd sub; rm -rf ../notes",
    "A=(rm -rf notes); ${A[@]}",
  ],
  ...[
    "case x in x) rm -rf notes;; esac",
    "case x in y) ;; *) rm -rf notes ;& z) ;; esac",
    "function g { rm -rf notes; }; g",
  ],
  ...[
    "trap 'rm -rf notes' ERR; false",
    "trap 'rm -rf notes' DEBUG; :",
    "trap 'rm -rf notes' RETURN; f() { :; }; f",
    "source <(echo rm -rf notes)",
  ],
  ...[
    "read x < <(echo rm -rf notes); $x",
    "echo 'rm -rf notes' | bash",
    "echo 'rm -rf notes' > s; bash s",
    "printf -v x 'rm -rf notes'; $x",
  ],
  ...[
    "x=${y-rm -rf notes}; $x",
    "x=xrm; ${x#x} -rf notes",
    "x=RM; ${x,,} -rf notes",
    "$'rm' -rf notes",
    "nice -n 5 rm -rf notes",
    "timeout 5 rm -rf notes",
  ],
  ...[
    "[[ 'a[$(rm -rf notes)]' -eq 0 ]]",
    "x=abc; echo ${x:a[$(rm -rf notes)]}",
    "declare -i n='a[$(rm -rf notes)]'",
    "declare -i n; n='a[$(rm -rf notes)]'",
  ],
  ...[
    "declare 'a[$(rm -rf notes)]=1'",
    "a=([$(rm -rf notes)]=1)",
    "a+=($(rm -rf notes))",
    "echo ${a[$(rm -rf notes)]}",
    "echo ${#a[$(rm -rf notes)]}",
  ],
  ...[
    "for ((;a[$(rm -rf notes)];)); do :; done",
    "exec {a[$(rm -rf notes)]}> new",
    "echo 0>(rm -rf notes)",
    "x=0>(rm -rf notes)",
    "select x in $(rm -rf notes); do :; done",
  ],
  ...[
    "command_not_found_handle() { rm -rf notes; }; nosuch",
    "hash -p /bin/rm ls; ls notes",
    "x='$(rm -rf notes)'; eval \"echo ${x@A} $x\"",
    ". /dev/stdin <<< 'rm -rf notes'",
  ],
  ...[
    "bash -s <<< 'rm -rf notes'",
    "bash /dev/stdin <<< 'rm -rf notes'",
    "bash <(echo rm -rf notes)",
    "env -S 'rm -rf notes'",
    "cat a.txt | while read x; do rm -rf notes; done",
  ],
  ...[
    "declare -n r; r='a[$(rm -rf notes)]'; r=1",
    "f() { local -n r=$1; r=1; }; f 'a[$(rm -rf notes)]'",
    "trap 'trap \"rm -rf notes\" DEBUG; :' EXIT",
    "readarray -tC 'rm -rf notes' -c1 < a.txt",
  ],
  ...[
    "f() { rm -rf notes; }; export -f f; bash -c f",
    "BASH_ENV=<(echo rm -rf notes) bash -c :",
    "bash -O extglob -c 'rm -rf !(sub)'",
    "x=1; : ${x/1/$(rm -rf notes)}",
  ],
  ...[
    "getopts a 'a[$(rm -rf notes)]' -a",
    "printf '%s' x > a.txt",
    "echo $(< a.txt) > list.txt",
    "unset -f rm; rm -rf notes",
    "builtin command rm -rf notes",
    "builtin eval 'rm -rf notes'",
    "command eval 'rm -rf notes'",
  ],
  ...[
    "trap 'rm -rf notes' CHLD; /bin/true",
    "trap 'rm -rf notes' USR1; kill -USR1 $$",
    "(trap 'rm -rf notes' 0)",
    "f() { trap 'rm -rf notes' RETURN; }; f",
    "set -T; trap 'rm -rf notes' DEBUG; f() { :; }; f",
  ],
  ...[
    "find . -name notes -exec rm -rf {} +",
    "exec 3> a.txt",
    "exec {fd}> a.txt",
    "cp /dev/null a.txt",
    ": >| a.txt",
    "echo x &> a.txt",
    "cat < /dev/null 1<> a.txt > a.txt",
  ],
];

/** Programs that the cage's texts may start; they do nothing there. */
export const cagedNames: readonly string[] = (
  "rm mv dd truncate shred git kubectl terraform mkfs.ext4 cp rsync ssh scp curl wget sudo su chmod chown kill killall pkill crontab tar " +
  "zip unzip gzip mkdir rmdir touch ln awk perl python python3 ps top df du mount umount ifconfig ping who file split join diff cmp patch " +
  "make gcc vim nano screen tmux less more man which history"
).split(" ");

const between: readonly string[] = [
  "; ",
  "\n",
  " && ",
  " || ",
  " | ",
  " & ",
  " ",
  "\n\n",
  ";;",
  " # ",
  "\r\n",
  "\\\n",
  " <<E\n",
  "\nE\n",
  " $(",
  "`",
  '"',
  "'",
  "\nfi\n",
  "\n}\n",
  "\n)\n",
  "\ndone\n",
  ") ",
  "} ",
];

const around: readonly ((text: string, other: string) => string)[] = [
  (text) => `(${text}\n)`,
  (text) => `{ ${text}\n}`,
  (text) => `if true; then\n${text}\nfi`,
  (text) => `if ${text}\nthen :; fi`,
  (text) => `for i in 1; do\n${text}\ndone`,
  (text) => `while ${text}\ndo break; done`,
  (text) => `case x in x) ${text}\n;; esac`,
  (text) => `f() { ${text}\n}; f`,
  (text) => `echo $(${text}\n)`,
  (text) => `echo "$(${text}\n)"`,
  (text) => `echo "\${x:-$(${text}\n)}"`,
  (text) => `cat <(${text}\n)`,
  (text) => `cat <<E\n$(${text}\n)\nE`,
  (text, other) => `cat <<'E'\n${other}\nE\n${text}`,
  (text, other) => `# ${other.replaceAll("\n", " ")}\n${text}`,
  (text, other) => `: '${other.replaceAll("'", "")}'; ${text}`,
  (text, other) => `: "${other.replaceAll(/["\\`$]/g, "")}"; ${text}`,
  (text) => `eval '${text.replaceAll("'", "'\\''")}'`,
  (text) => `bash -c '${text.replaceAll("'", "'\\''")}'`,
  (text) => `bash <<'EOT'\n${text}\nEOT`,
  (text) => `trap '${text.replaceAll("'", "'\\''")}' EXIT`,
  (text) => `x=1 y=$(${text}\n) z=2`,
  (text) => `[[ a == a && $(${text}\n) == b ]]`,
  (text) => `((x=1)); ${text}`,
  (text) => `a=(1 2 $(${text}\n))`,
  (text) => `! ${text}`,
  (text) => `set -e; ${text}`,
  (text) => `true && { ${text}\n} | cat`,
];

/** A destructive text, whole or damaged, among other texts and nonsense. */
export function maliceText(lines: readonly string[], dice: Dice): string {
  let text = dice.pick(destructive);
  const other = () => {
    const line = dice.pick(lines);
    return dice.below(3) === 0 ? babble(dice) : dice.below(2) === 0 ? damage(line, dice) : line;
  };
  for (let times = dice.below(4); times > 0; times -= 1) {
    if (dice.below(3) > 0) text = dice.pick(around)(text, other());
    else if (dice.below(2) === 0) text = `${text}${dice.pick(between)}${other()}`;
    else text = `${other()}${dice.pick(between)}${text}`;
  }
  return dice.below(2) === 0 ? damage(text, dice) : text;
}
