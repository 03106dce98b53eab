import { showArg } from "../../model/arg.js";
import type { Effect } from "../../model/effect.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";
import { sqlEffect } from "../sql/effects.js";
import { findServer } from "./mongo.js";

/** The database tools of MongoDB: what they drop or replace on the server, and the files that they write here. */
export const mongoTools: Reader = {
  names: ["mongorestore", "mongoimport", "mongodump", "mongoexport", "mongofiles", "bsondump"],
  read(call, world) {
    const tool = toolName(call);
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version")) return nothing;
    const [first] = options.operands;
    const uri =
      optionValue(options, "uri") ??
      (/^mongodb/.test(first === undefined ? "" : showArg(first)) ? first : undefined);
    const server = findServer(
      call,
      world,
      uri,
      optionValue(options, "host"),
      optionValue(options, "port"),
      optionValue(options, "db"),
    );
    const collection = optionValue(options, "collection");
    const target = collection === undefined ? server.database : `${server.database}.${showArg(collection)}`;
    switch (tool) {
      case "mongorestore":
        if (!hasOption(options, "drop") || hasOption(options, "dryRun")) return nothing;
        return effects(
          sqlEffect(server, { action: "delete", statement: "RESTORE CLEAN", target, restricted: false }),
        );
      case "mongoimport":
        return effects(...readImport(options, server, target));
      case "mongofiles":
        return effects(...readFiles(options, server));
      default: {
        const files = ["out", "archive", "outFile"].flatMap((name) => optionValue(options, name) ?? []);
        // A dump's folder gets new files; those of the same collection are written over.
        return effects(
          ...readPaths(
            call,
            world,
            files.filter((file) => file !== "-" && file !== ""),
            "overwrite",
            (path) => {
              const stat = world.lstat(path);
              return stat.exists && stat.kind === "directory" ? [] : overwriting(tool, path, world);
            },
          ),
        );
      }
    }
  },
};

type Options = ReturnType<typeof readOptions>;
type Server = ReturnType<typeof findServer>;

function readImport(options: Options, server: Server, target: string): readonly Effect[] {
  const mode = optionValue(options, "mode");
  if (hasOption(options, "drop"))
    return [sqlEffect(server, { action: "delete", statement: "DROP COLLECTION", target })];
  switch (mode === undefined ? "" : showArg(mode)) {
    case "delete":
      return [sqlEffect(server, { action: "delete", statement: "DELETE", target })];
    case "upsert":
    case "merge":
      return [sqlEffect(server, { action: "modify", statement: "REPLACE", target })];
    default:
      return hasOption(options, "upsert")
        ? [sqlEffect(server, { action: "modify", statement: "REPLACE", target })]
        : [sqlEffect(server, { action: "create", statement: "IMPORT", target })];
  }
}

function readFiles(options: Options, server: Server): readonly Effect[] {
  const [command = "", name = ""] = options.operands
    .map(showArg)
    .filter((word) => !word.startsWith("mongodb"));
  if (/^delete(_id)?$/.test(command))
    return [sqlEffect(server, { action: "delete", statement: "DELETE", target: name })];
  if (/^put/.test(command) && hasOption(options, "replace"))
    return [sqlEffect(server, { action: "modify", statement: "REPLACE", target: name })];
  return [];
}

const table = declareOptions("anywhere", [
  "--uri:",
  "-h --host:",
  "--port:",
  "-u --username:",
  "-p --password::",
  "-d --db:",
  "-c --collection:",
  "-o --out:",
  "--outFile:",
  "--archive::",
  "--dir:",
  "--file:",
  "-q --query:",
  "--queryFile:",
  "-f --fields:",
  "--fieldFile:",
  "--type:",
  "--mode:",
  "--upsertFields:",
  "--nsInclude:",
  "--nsExclude:",
  "--nsFrom:",
  "--nsTo:",
  "-l --local:",
  "-t --content-type:",
  "--prefix:",
  "--config:",
  "-j --numParallelCollections:",
  "--numInsertionWorkers:",
  "--writeConcern:",
  "--readPreference:",
  "--authenticationDatabase:",
  "--authenticationMechanism:",
  "--sslCAFile:",
  "--sslPEMKeyFile:",
  "--sort:",
  "--limit:",
  "--skip:",
  "--excludeCollection:",
  "--jsonFormat:",
  "--drop",
  "--dryRun",
  "--upsert",
  "-r --replace",
  "--gzip",
  "--oplog",
  "--oplogReplay",
  "--jsonArray",
  "--headerline",
  "--ignoreBlanks",
  "--stopOnError",
  "--maintainInsertionOrder",
  "--noIndexRestore",
  "--restoreDbUsersAndRoles",
  "--preserveUUID",
  "--ssl",
  "--quiet",
  "-v --verbose",
  "--help",
  "--version",
]);
