import { isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { overwriting, toolName } from "./file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  type OptionTable,
  optionValue,
  readOptions,
} from "./options.js";
import { resolvePath } from "./path.js";
import { resolveServer } from "./psql-connection.js";
import { effects, nothing, type Reader, type Reading } from "./reader.js";
import { type Deed, type Server, sqlEffect } from "./sql-effects.js";

/** PostgreSQL's other clients: what they drop, restore over, or give access to. */
export const postgresTools: Reader = {
  names: ["dropdb", "dropuser", "createuser", "createdb", "pg_restore", "pg_dump", "pg_dumpall"],
  read(call, world) {
    const tool = toolName(call);
    const table = tables.get(tool);
    if (table === undefined) return nothing;
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version")) return nothing;
    const server = resolveServer(tool, targetOf(tool, options), call.env, world);
    const doubts =
      call.sight === "later" ? [] : options.doubts.filter((doubt) => !call.argv.includes(doubt.source));
    const opaque = doubts.map((doubt): Effect => opaqueEffect(tool, doubt.source, doubt.reason));
    return effects(...opaque, ...readTool(tool, options, server, call, world));
  },
};

const shared = [
  "-h --host:",
  "-p --port:",
  "-U --username:",
  "--maintenance-db:",
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

const tables: ReadonlyMap<string, OptionTable> = new Map(
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
  }).map(([tool, own]) => [tool, declareOptions("anywhere", [...shared, ...own])]),
);

function targetOf(tool: string, options: Options): Parameters<typeof resolveServer>[1] {
  const own = tool === "pg_dump" ? options.operands[0] : undefined;
  return {
    dbname: optionValue(options, "dbname") ?? optionValue(options, "maintenance-db") ?? own,
    host: optionValue(options, "host"),
    port: optionValue(options, "port"),
    user: optionValue(options, "username"),
  };
}

function readTool(
  tool: string,
  options: Options,
  server: Server,
  call: Call,
  world: World,
): Reading["effects"] {
  const name = options.operands[0];
  if (name !== undefined && !isKnown(name)) {
    return call.sight === "later" || tool.startsWith("pg_")
      ? []
      : [opaqueEffect(tool, name.source, name.reason)];
  }
  const act = (deed: Omit<Deed, "target">, target = name): readonly Effect[] => [
    sqlEffect(server, { ...deed, target: target ?? server.database }),
  ];
  switch (tool) {
    case "dropdb":
      return act({ action: "delete", statement: "DROP DATABASE" });
    case "dropuser":
      return act({
        action: "delete",
        statement: "DROP ROLE",
        recovery: "unknown",
        because: "a definition is lost, no rows",
      });
    case "createuser":
      return act({
        action: "grant",
        statement: hasOption(options, "superuser") ? "CREATE ROLE SUPERUSER" : "CREATE ROLE",
      });
    case "createdb":
      return act({ action: "create", statement: "CREATE DATABASE" });
    case "pg_restore":
      return restore(options, server);
    default: {
      const file = optionValue(options, "file");
      const path = file === undefined ? undefined : resolvePath(call, world, file);
      return path === undefined || !isKnown(path) ? [] : overwriting(tool, path, world);
    }
  }
}

/** Without a database it prints a script, and with `--list` a table of contents. */
function restore(options: Options, server: Server): readonly Effect[] {
  if (!hasOption(options, "dbname") || hasOption(options, "list", "file")) return [];
  if (!hasOption(options, "clean"))
    return [sqlEffect(server, { action: "create", statement: "RESTORE", target: server.database })];
  return [
    sqlEffect(server, {
      action: "delete",
      statement: "RESTORE CLEAN",
      target: server.database,
      restricted: false,
      because: "drops every object of the archive before it restores it",
    }),
  ];
}
