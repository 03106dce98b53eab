import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { overwriting, toolName } from "../file-effects.js";
import { hasOption, type Options, optionValue, readOptions } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, nothing, type Reader, type Reading } from "../reader.js";
import { type Deed, type Server, sqlEffect } from "../sql/effects.js";
import { readBench } from "./bench.js";
import { postgresOptions } from "./options.js";
import { resolveServer } from "./psql-connection.js";
import type { Target } from "./psql-settings.js";

/** PostgreSQL's other clients: what they drop, restore over, or give access to. */
export const postgresTools: Reader = {
  names: [...postgresOptions.keys()],
  read(call, world) {
    const tool = toolName(call);
    const table = postgresOptions.get(tool);
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

/** The server that one of them is pointed to; undefined for what is none of them. */
export function serverOfTool(call: Call): Target | undefined {
  const tool = toolName(call);
  const table = postgresOptions.get(tool);
  return table === undefined ? undefined : targetOf(tool, readOptions(call.argv.slice(1), table));
}

function targetOf(tool: string, options: Options): Target {
  const own = namesDatabase.has(tool) ? options.operands[0] : undefined;
  return {
    dbname: optionValue(options, "dbname") ?? optionValue(options, "maintenance-db") ?? own,
    host: optionValue(options, "host"),
    port: optionValue(options, "port"),
    cluster: optionValue(options, "cluster"),
    user: optionValue(options, "username"),
  };
}

const namesDatabase: ReadonlySet<string> = new Set(["pg_dump", "pgbench", "vacuumlo"]);

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
        statement: ["CREATE ROLE", ...strongest(options)].join(" "),
      });
    case "createdb":
      return act({ action: "create", statement: "CREATE DATABASE" });
    case "pg_restore":
      return restore(options, server);
    case "vacuumlo":
      if (hasOption(options, "dry-run")) return [];
      return act({
        action: "delete",
        statement: "lo_unlink",
        because: "removes every large object that no table refers to",
      });
    case "pgbench":
      return readBench(options, server, call, world);
    case "pg_receivewal":
    case "pg_receivexlog":
    case "pg_recvlogical": {
      const slot = optionValue(options, "slot");
      if (!hasOption(options, "drop-slot")) return [];
      return act(
        { action: "delete", statement: "pg_drop_replication_slot" },
        slot !== undefined && isKnown(slot) ? slot : "a slot",
      );
    }
    default: {
      const file = optionValue(options, "file");
      const path = file === undefined ? undefined : resolvePath(call, world, file);
      return path === undefined || !isKnown(path) ? [] : overwriting(tool, path, world);
    }
  }
}

function strongest(options: Options): readonly string[] {
  const found = ["superuser", "replication", "bypassrls", "createrole"].find((name) =>
    hasOption(options, name),
  );
  return found === undefined ? [] : [found.toUpperCase()];
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
