import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  type OptionTable,
  optionValue,
  readOptions,
} from "../options.js";
import { isWithin, resolvePath } from "../path.js";
import { effects, nothing, type Reader } from "../reader.js";
import { type Deed, sqlEffect } from "../sql/effects.js";

/**
 * PostgreSQL's programs for the server itself and its data folder. Those that refuse a folder with something in it
 * (initdb, pg_basebackup) or lose nothing (vacuumdb, reindexdb, pg_checksums) need no reader.
 */
export const postgresClusters: Reader = {
  names: [
    ..."pg_ctl pg_ctlcluster pg_dropcluster pg_renamecluster pg_upgradecluster pg_resetwal pg_resetxlog".split(
      " ",
    ),
    ..."pg_rewind pg_upgrade pg_archivecleanup".split(" "),
  ],
  read(call, world) {
    const tool = toolName(call);
    const table = tables.get(tool);
    if (table === undefined) return nothing;
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version", "dry-run", "check")) return nothing;
    const doubts = call.sight === "later" ? [] : options.doubts;
    const opaque = doubts.map((doubt): Effect => opaqueEffect(tool, doubt.source, doubt.reason));
    return effects(...opaque, ...readTool(tool, options, call, world));
  },
};

const common = ["-V --version", "-? --help"];
const resets = [
  ..."-c --commit-timestamp-ids:|-D --pgdata:|-e --epoch:|-f --force|-l --next-wal-file:|-m --multixact-ids:".split(
    "|",
  ),
  ..."-n --dry-run|-o --next-oid:|-O --multixact-offset:|-u --oldest-transaction-id:|-x --next-transaction-id:".split(
    "|",
  ),
  "--wal-segsize:",
  "--char-signedness:",
];

const tables: ReadonlyMap<string, OptionTable> = new Map(
  Object.entries({
    pg_ctl: [
      ..."-D --pgdata:|-s --silent|-t --timeout:|-w --wait|-W --no-wait|-c --core-files|-l --log:|-o --options:".split(
        "|",
      ),
      ..."-p:|-m --mode:|-N:|-P:|-U:|-S:|-e:".split("|"),
    ],
    pg_ctlcluster: [
      "-f --force",
      "-m --mode:",
      "-o --options:",
      "--bindir:",
      "--foreground",
      "--skip-systemctl-redirect",
    ],
    pg_dropcluster: ["--stop", "--skip-systemctl-redirect"],
    pg_renamecluster: [],
    pg_upgradecluster: [
      ..."-v:|-m --method:|-k --link|--clone|-j --jobs:|--logfile:|--locale:|--lc-collate:|--lc-ctype:".split(
        "|",
      ),
      ..."--rename:|--old-bindir:|--keep-port|--no-start|--keep-on-error|--maintenance-db:|--no-analyze".split(
        "|",
      ),
    ],
    pg_resetwal: resets,
    pg_resetxlog: resets,
    pg_rewind: [
      ..."-c --restore-target-wal|-D --target-pgdata:|--source-pgdata:|--source-server:|-n --dry-run|-N --no-sync".split(
        "|",
      ),
      ..."-P --progress|-R --write-recovery-conf|--config-file:|--debug|--no-ensure-shutdown".split("|"),
    ],
    pg_upgrade: [
      ..."-b --old-bindir:|-B --new-bindir:|-c --check|-d --old-datadir:|-D --new-datadir:|-j --jobs:|-k --link".split(
        "|",
      ),
      ..."-N --no-sync|-o --old-options:|-O --new-options:|-p --old-port:|-P --new-port:|-r --retain".split(
        "|",
      ),
      ..."-s --socketdir:|-U --username:|-v --verbose|--clone|--copy|--swap|--no-statistics".split("|"),
    ],
    pg_archivecleanup: ["-d --debug", "-n --dry-run", "-x --strip-extension:", "-b --clean-backup-history"],
  }).map(([tool, own]) => [tool, declareOptions("anywhere", [...common, ...own])]),
);

function readTool(tool: string, options: Options, call: Call, world: World): readonly Effect[] {
  const words = options.operands.map(showArg);
  const act = (deed: Deed): readonly Effect[] => [
    sqlEffect(
      { tool, engine: "postgres", host: "localhost", database: "", credentials: [] },
      { ...deed, scope: words.join(" ") },
    ),
  ];
  switch (tool) {
    case "pg_ctl":
      return control(words[0] ?? "", words.slice(1), folderOf(options, "pgdata", call, world), act, world);
    case "pg_ctlcluster": {
      const verb = words.at(-1) ?? "";
      if (!interrupting.has(verb)) return [];
      return act({ action: "execute", statement: verb.toUpperCase(), target: words.slice(0, -1).join("/") });
    }
    case "pg_renamecluster":
    case "pg_upgradecluster":
      return act({ action: "execute", statement: "RESTART", target: words.join("/") });
    case "pg_dropcluster":
      return act({
        action: "delete",
        statement: "DROP CLUSTER",
        target: words.join("/"),
        because: "all databases of the cluster go, with its configuration",
      });
    case "pg_upgrade":
      // Without it the old cluster stays as it was.
      if (!hasOption(options, "link", "swap")) return [];
      return lose("LINK DATA", "the old cluster cannot be started again", "old-datadir", undefined);
    case "pg_rewind":
      return lose("REWIND", "what only this copy holds is overwritten", "target-pgdata", undefined);
    case "pg_archivecleanup":
      return lose("REMOVE WAL", "archived log that a restore may need", "", options.operands[0]);
    default:
      return lose("RESET WAL", "what was not yet written out is lost", "pgdata", options.operands[0]);
  }

  function lose(
    statement: string,
    because: string,
    option: string,
    operand: Arg | undefined,
  ): readonly Effect[] {
    const folder = folderOf(options, option, call, world, operand);
    if (!isKnown(folder))
      return call.sight === "later" ? [] : [opaqueEffect(tool, folder.source, folder.reason)];
    const isScratch = isIn(folder, world.session.temporary, world);
    return act({
      action: "delete",
      statement,
      target: folder || "the data folder",
      because,
      recovery: isScratch ? "recreate" : "none",
    });
  }
}

function control(
  verb: string,
  rest: readonly string[],
  folder: Arg,
  act: (deed: Deed) => readonly Effect[],
  world: World,
): readonly Effect[] {
  if (verb === "kill")
    return act({ action: "execute", statement: "KILL", target: rest.at(-1) ?? "a process" });
  if (!interrupting.has(verb)) return [];
  const own = [...world.session.temporary, world.session.workspace];
  // The server that a project keeps for its own tests.
  const isOwn = isKnown(folder) && folder !== "" && isIn(folder, own, world);
  return act({
    action: "execute",
    statement: verb.toUpperCase(),
    target: showArg(folder) || "the server",
    recovery: isOwn ? "needless" : "unknown",
  });
}

const interrupting: ReadonlySet<string> = new Set(["stop", "restart", "promote"]);

/** Of the option, the operand, or PGDATA; empty when none says it. */
function folderOf(options: Options, option: string, call: Call, world: World, operand?: Arg): Arg {
  const word = optionValue(options, option) ?? operand ?? envGet(call.env, "PGDATA");
  if (word === undefined) return "";
  return resolvePath(call, world, word) ?? "";
}

function isIn(folder: string, places: readonly string[], world: World): boolean {
  const real = world.realpath(folder);
  return places.some((place) => isWithin(real, place));
}
