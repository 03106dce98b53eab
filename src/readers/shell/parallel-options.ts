import { declareOptions } from "../options.js";

const valued =
  "-C --colsep:, -I --replacement:, -J --profile:, -L --max-lines:, -n -N --max-args --max-replace-args:, -j -P --max-procs --jobs:, " +
  "-S --sshlogin:, --slf --sshloginfile:, --sshdelay:, -d --delimiter:, -E --eof:, -s --max-chars:, -a --arg-file:, --arg-sep:, " +
  "--arg-file-sep:, --basefile --bf:, --block --blocksize:, --block-timeout --bt:, --colour-failed:, --compress-program:, " +
  "--decompress-program:, --delay:, --env:, --filter:, --halt --halt-on-error:, --header:, --id --semaphorename:, --jl --joblog:, " +
  "--limit:, --line-prefix:, --load:, --max-line-length:, --memfree:, --memsuspend:, --minversion:, --nice:, --parens:, --pipe-header:, " +
  "--process-slot-var:, --progress-fd:, --recend:, --recstart:, --res --results:, --retries:, --return:, --rpl:, --seqreplace:, " +
  "--shebang-wrap:, --shuf-seed:, --skip-first-lines:, --sql:, --sqlmaster:, --sqlworker:, --sqlandworker:, --st --semaphoretimeout:, " +
  "--ssh:, --tagstr --tagstring:, --tempdir --tmpdir:, --template --tmpl:, --termseq:, --timeout:, --tmuxpane:, --total-jobs --total:, " +
  "--transferfile --transferfiles --tf:, --trc:, --trim:, --wd --workdir:, --bar-template:, --cat-file:, --ctag-string:, --group-by:, --shard:, --bin:";

const attached =
  "-i --replace::, -l::, -U::, --combine-exec::, --combineexec::, --controlmaster::, --plus::, --tty::, --xargs::";

const plain =
  "-0 --null, -h --help, -k --keep-order, -m, -M, -o, -p --interactive, -q --quote, -r --no-run-if-empty, -t --verbose, -T, " +
  "-u --ungroup, -v, -V --version, -W, -x --exit, -X, -D, -H, --arguments, --asciicolour, --bar, --bg --background, --bibtex, --cat, " +
  "--citation, --cleanup, --color, --compress, --colour, --ctag, --dry-run --dryrun, --embed, --eta, --fast, --fg --foreground, --fifo, " +
  "--files, --files0, --filter-hosts --filter-host, --gnu, --group, --header-row, --hgrp --hostgroups --hostgroup --grp, --internal, " +
  "--joblog-append, --keep-order-output, --latest-line --ll, --line-buffer --line-buffered --linebuffer --lb, --link --xapply, " +
  "--max-line-length-allowed, --no-notice, --nn --nonotice, --nonall, --noswap, --number-of-cpus, --number-of-cores, " +
  "--number-of-sockets, --number-of-threads, --onall, --open-tty, --pipe --spreadstdin, --pipe-part --pipepart, --plain, --progress, " +
  "--record-env, --regexp --regex, --remove-rec-sep --removerecsep --rrs, --resume, --resume-failed, --retry-failed, --round --round-robin, " +
  "--sem --semaphore, --session, --shebang, --shell-completion, --shell-quote --shellquote, --show-limits, --shuf, " +
  "--silent, --sqlwait, --tag, --tee, --tmux, --tollef, --transfer, --unsafe, --use-compress-program, " +
  "--use-cores-instead-of-threads, --use-cpus-instead-of-cores, --wait, --will-cite, --willcite, --zenity";

/** GNU parallel's own, as of 2024; they end where the command begins. */
export const parallelOptions = declareOptions(
  "first",
  `${valued}, ${attached}, ${plain}`.split(", ").map((spec) => spec.trim()),
);

/** With these it says something, or prints what it would do. */
export const sayings: readonly string[] = [
  "help",
  "version",
  "citation",
  "bibtex",
  "record-env",
  "dryrun",
  "number-of-cpus",
  "number-of-cores",
  "number-of-sockets",
  "number-of-threads",
  "show-limits",
  "max-line-length-allowed",
  "shellquote",
  "shell-completion",
  "minversion",
  "embed",
];
