import { isKnown } from "../model/arg.js";
import type { JudgedCall } from "../model/judgement.js";

/** Programs that nothing is known of, each once; everyday ones that only look, print or compute are none. */
export function unknownPrograms(calls: readonly JudgedCall[]): readonly string[] {
  const names = calls.flatMap(({ known, tool }) => (known || !isKnown(tool) || tool === "" ? [] : [tool]));
  return [...new Set(names)].filter((name) => !everyday.has(name)).slice(0, 6);
}

/** Words of the shell, and POSIX's utilities and their like that lose nothing but what their redirections name. */
const everyday: ReadonlySet<string> = new Set(
  (
    "[ [[ : alias base64 basename bc break cal cat cd chdir cksum clear cmp col column comm continue cut date declare df diff " +
    "diff3 dirname dirs du echo egrep exit export expr false fg fgrep file fmt fold free getconf getopts grep groups head " +
    "hexdump history hostname iconv id jobs join jq less let local locale logname look ls lsof man md5sum mkdir mkfifo mktemp more nl nproc " +
    "numfmt od paste pathchk pgrep popd printenv printf ps pushd pwd read readlink readonly realpath return rev rg seq set " +
    "sha1sum sha256sum sha512sum shift shopt sleep stat strings sum tac tail test time top touch tput tr tree true tsort tty type " +
    "typeset ulimit umask unalias uname unexpand uniq unset uptime users wait wc whereis which who whoami xxd yes yq"
  ).split(" "),
);
