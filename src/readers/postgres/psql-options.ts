import { declareOptions, type OptionTable } from "../options.js";

/** Generated from psql --help of 15.18; `--cluster` is Debian's wrapper's. */
export const psqlOptions = declareOptions("anywhere", [
  "-c --command:",
  "-d --dbname:",
  "-f --file:",
  "-l --list",
  "-v --variable --set:",
  "-V --version",
  "-X --no-psqlrc",
  "-1 --single-transaction",
  "-? --help::",
  "-a --echo-all",
  "-b --echo-errors",
  "-e --echo-queries",
  "-E --echo-hidden",
  "-L --log-file:",
  "-n --no-readline",
  "-o --output:",
  "-q --quiet",
  "-s --single-step",
  "-S --single-line",
  "-A --no-align",
  "--csv",
  "-F --field-separator:",
  "-H --html",
  "-P --pset:",
  "-R --record-separator:",
  "-t --tuples-only",
  "-T --table-attr:",
  "-x --expanded",
  "-z --field-separator-zero",
  "-0 --record-separator-zero",
  "-h --host:",
  "-p --port:",
  "-U --username:",
  "-w --no-password",
  "-W --password",
  "--cluster:",
]);

/** https://github.com/xo/usql: psql's options for any database, which a URL names. */
const usqlOptions = declareOptions("anywhere", [
  ..."-c --command:|-f --file:|-w --no-password|-X --no-rc --no-init --no-psqlrc|-o --out --output:|-W --password".split(
    "|",
  ),
  ..."-1 --single-transaction|-v --variable --set:|-N --cset:|-P --pset:|-F --field-separator:|-R --record-separator:".split(
    "|",
  ),
  ..."-T --table-attr:|-A --no-align|-H --html|-t --tuples-only|-x --expanded|-z --field-separator-zero".split(
    "|",
  ),
  ..."-0 --record-separator-zero|-J --json|-C --csv|-G --vertical|-q --quiet|-V --version|-? --help|--config:".split(
    "|",
  ),
]);

/** https://www.pgcli.com: statements from stdin, or typed. */
const pgcliOptions = declareOptions("anywhere", [
  ..."-c --init-command --command:|-f --file:|-h --host:|-p --port:|-u -U --user --username:|-d --dbname:|-D --dsn:".split(
    "|",
  ),
  ..."-W --password|-w --no-password|--single-connection|-v --version|--pgclirc:|--row-limit:|--application-name:".split(
    "|",
  ),
  ..."--less-chatty|--prompt:|--prompt-dsn:|-l --list|--list-dsn|--ping|--auto-vertical-output|--warn:|--no-warn".split(
    "|",
  ),
  ..."--ssh-tunnel:|-L --log-file:|-y --yes|--help".split("|"),
]);

/** psql, and the clients that take its texts. */
export const clientOptions: ReadonlyMap<string, OptionTable> = new Map([
  ["psql", psqlOptions],
  ["ysqlsh", psqlOptions],
  ["usql", usqlOptions],
  ["pgcli", pgcliOptions],
]);
