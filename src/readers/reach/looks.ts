/** They print their words, or tell whether a file is there and of what kind: nothing of it is read. */
export const lookers: ReadonlySet<string> = new Set(
  (
    ": [ [[ alias basename bg break builtin caller case cd chdir clear command compgen complete continue date declare dirname " +
    "dirs disown echo enable env exit export expr false fc fg figlet getopts groups hash help history hostname id info jobs " +
    "kill let local logger logname man mkdir mkfifo mktemp nproc pgrep pkill popd print printenv printf ps pushd pwd readlink " +
    "readonly realpath return say seq set setopt shift shopt sleep stat stty test time times tldr touch tput trap true tty type " +
    "typeset ulimit umask unalias uname unset unsetopt uptime users wait whatis whereis which who whoami yes"
  ).split(" "),
);

/** They show names. Of a folder that is held they show what lies in it; that a file is there they may say. */
export const listers: ReadonlySet<string> = new Set(
  "ls dir vdir exa eza lsd tree find gfind fd fdfind du ncdu bfs locate pathchk namei lsattr getfacl watch".split(
    " ",
  ),
);

/** They make what they are given as words, and are lookers else. */
export const makers: ReadonlySet<string> = new Set(["mkdir", "touch", "mkfifo"]);
