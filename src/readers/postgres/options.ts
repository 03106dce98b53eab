import { declareOptions, type OptionTable } from "../options.js";

const shared = [
  "-h --host:",
  "-p --port:",
  "-U --username:",
  "--maintenance-db:",
  "--cluster:",
  "--if-exists",
  "-w --no-password",
  "-W --password",
  "-V --version",
  "-? --help",
];
const archives = [
  "-d --dbname:",
  "-f --file:",
  "-n --schema:",
  "-N --exclude-schema:",
  "-t --table:",
  "-j --jobs:",
  "-F --format:",
  "-S --superuser:",
  "--role:",
  "-c --clean",
  "-C --create",
  "-a --data-only",
  "-s --schema-only",
  "-x --no-privileges",
  "-v --verbose",
];

const slots = [
  ..."-d --dbname:|-E --endpos:|--if-not-exists|-n --no-loop|-s --status-interval:|-S --slot:|-v --verbose".split(
    "|",
  ),
  "--create-slot",
  "--drop-slot",
];

/** Options of PostgreSQL's client programs; from their --help, 15.18. */
export const postgresOptions: ReadonlyMap<string, OptionTable> = new Map(
  Object.entries({
    dropdb: ["-e --echo", "-f --force", "-i --interactive"],
    dropuser: ["-e --echo", "-i --interactive"],
    createdb: [
      "-e --echo",
      "-D --tablespace:",
      "-E --encoding:",
      "-l --locale:",
      "-O --owner:",
      "-T --template:",
    ],
    createuser: [
      ..."-a --with-admin:|-c --connection-limit:|-g -m --member-of:|-v --valid-until:|-e --echo|-s --superuser".split(
        "|",
      ),
      ..."-d --createdb|-D --no-createdb|-r --createrole|-R --no-createrole|-S --no-superuser|-l --login".split(
        "|",
      ),
      ..."-L --no-login|-i --inherit|-I --no-inherit|-P --pwprompt|--interactive|--replication|--bypassrls".split(
        "|",
      ),
    ],
    pg_restore: [
      ...archives,
      ..."-l --list|-L --use-list:|-I --index:|-P --function:|-T --trigger:|-O --no-owner|-e --exit-on-error|-1 --single-transaction".split(
        "|",
      ),
    ],
    pg_dump: [
      ...archives,
      ..."-T --exclude-table:|-E --encoding:|-Z --compress:|-O --no-owner|-b --large-objects".split("|"),
    ],
    pg_dumpall: [
      ...archives,
      ..."-l --database:|-g --globals-only|-r --roles-only|-E --encoding:|-O --no-owner".split("|"),
    ],
    vacuumlo: ["-l --limit:", "-n --dry-run", "-v --verbose"],
    pgbench: [
      ..."-i --initialize|-I --init-steps:|-F --fillfactor:|-n --no-vacuum|-q --quiet|-s --scale:|--foreign-keys".split(
        "|",
      ),
      ..."--index-tablespace:|--partition-method:|--partitions:|--tablespace:|--unlogged-tables|-b --builtin:".split(
        "|",
      ),
      ..."-f --file:|-N --skip-some-updates|-S --select-only|-c --client:|-C --connect|-D --define:|-j --jobs:".split(
        "|",
      ),
      ..."-l --log|-L --latency-limit:|-M --protocol:|-P --progress:|-r --report-per-command|-R --rate:".split(
        "|",
      ),
      ..."-t --transactions:|-T --time:|-v --vacuum-all|--aggregate-interval:|--failures-detailed|--log-prefix:".split(
        "|",
      ),
      ..."--max-tries:|--progress-timestamp|--random-seed:|--sampling-rate:|--show-script:|--verbose-errors".split(
        "|",
      ),
      ..."-d --dbname:|--debug|--exit-on-abort|--continue-on-error".split("|"),
    ],
    pg_receivewal: [...slots, "-D --directory:", "-Z --compress:", "--no-sync", "--synchronous"],
    pg_receivexlog: [...slots, "-D --directory:", "-Z --compress:", "--no-sync", "--synchronous"],
    pg_recvlogical: [
      ...slots,
      ..."-f --file:|-F --fsync-interval:|-I --startpos:|-o --option:|-P --plugin:|-t --two-phase|--start".split(
        "|",
      ),
    ],
  }).map(([tool, own]) => [tool, declareOptions("anywhere", [...shared, ...own])]),
);
