import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Effect } from "../../model/effect.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";
import { type Server, sqlEffect } from "./effects.js";
import { connectionOptions, readConnection } from "./mysql-connection.js";

/** mysqladmin drop, shutdown, password: commands as words, shortened at will. */
export const mysqladmin: Reader = {
  names: ["mysqladmin", "mariadb-admin"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), adminOptions);
    if (hasOption(options, "help", "version")) return nothing;
    const { server } = readConnection(call, world, options, toolName(call), ["mysqladmin"]);
    const words = options.operands;
    return effects(...words.flatMap((word, index) => readCommand(word, words[index + 1], server)));
  },
};

/** mysqldump, mysqlimport, mysqlcheck and mysql_secure_installation. */
export const mysqlTools: Reader = {
  names: [
    "mysqldump",
    "mariadb-dump",
    "mysqlpump",
    "mysqlimport",
    "mariadb-import",
    "mysql_secure_installation",
    "mariadb-secure-installation",
  ],
  read(call, world) {
    const tool = toolName(call);
    const options = readOptions(call.argv.slice(1), tool.endsWith("import") ? importOptions : dumpOptions);
    if (hasOption(options, "help", "version", "print-defaults")) return nothing;
    const { server } = readConnection(call, world, options, tool, [tool], options.operands[0]);
    if (tool.endsWith("installation"))
      return effects(
        sqlEffect(server, { action: "grant", statement: "SET PASSWORD", target: "the root account" }),
      );
    if (tool.endsWith("import")) {
      const files = options.operands.slice(1);
      if (hasOption(options, "delete"))
        return effects(
          ...files.map((file) =>
            sqlEffect(server, {
              action: "delete",
              statement: "DELETE",
              target: tableOf(file),
              restricted: false,
            }),
          ),
        );
      const action = hasOption(options, "replace") ? "modify" : "create";
      const statement = action === "modify" ? "REPLACE" : "LOAD DATA";
      return effects(...files.map((file) => sqlEffect(server, { action, statement, target: tableOf(file) })));
    }
    const file = optionValue(options, "result-file");
    const written =
      file === undefined
        ? []
        : readPaths(call, world, [file], "overwrite", (path) => overwriting(tool, path, world));
    const deleted: Effect[] = hasOption(options, "delete-source-logs")
      ? [sqlEffect(server, { action: "delete", statement: "PURGE BINARY LOGS", target: "the binary log" })]
      : [];
    return effects(...deleted, ...written);
  },
};

const adminCommands =
  "create debug drop extended-status flush-all-statistics flush-all-status flush-hosts flush-logs flush-privileges flush-status flush-tables flush-threads kill old-password password ping processlist refresh reload shutdown start-all-slaves start-replica start-slave status stop-all-slaves stop-replica stop-slave variables version".split(
    " ",
  );

function readCommand(word: Arg, next: Arg | undefined, server: Server): readonly Effect[] {
  if (!isKnown(word) || word === "") return [];
  const begun = adminCommands.filter((one) => one.startsWith(word));
  const command = adminCommands.includes(word) ? word : begun.length === 1 ? begun[0] : undefined;
  const target = next === undefined ? "the server" : showArg(next);
  switch (command) {
    case "drop":
      return [sqlEffect(server, { action: "delete", statement: "DROP DATABASE", target })];
    case "shutdown":
      return [sqlEffect(server, { action: "execute", statement: "SHUTDOWN", target: "the server" })];
    case "kill":
      return [sqlEffect(server, { action: "execute", statement: "KILL", target })];
    case "password":
    case "old-password":
      return [sqlEffect(server, { action: "grant", statement: "SET PASSWORD", target: "the account" })];
    case "stop-slave":
    case "stop-replica":
    case "stop-all-slaves":
      return [sqlEffect(server, { action: "execute", statement: "STOP", target: "replication" })];
    default:
      return [];
  }
}

/** mysqlimport names the table by the file: `/tmp/users.txt` goes to `users`. */
function tableOf(file: Arg): string {
  const name = showArg(file).replace(/^.*\//, "");
  return name.replace(/\..*$/, "") || name;
}

const adminOptions = declareOptions("anywhere", [
  ...connectionOptions,
  "-c --count:",
  "-i --sleep:",
  "--init-command:",
  "--shutdown-timeout:",
  "-w --wait::",
  "-b --no-beep",
  "-r --relative",
  "-E --vertical",
  "-l --local",
]);
const importOptions = declareOptions("anywhere", [
  ...connectionOptions,
  "-d --delete",
  "-r --replace",
  "-i --ignore",
  "-L --local",
  "-l --lock-tables",
  "-c --columns:",
  "--fields-terminated-by:",
  "--fields-enclosed-by:",
  "--fields-optionally-enclosed-by:",
  "--fields-escaped-by:",
  "--lines-terminated-by:",
  "--ignore-lines:",
  "--low-priority",
  "--use-threads:",
]);
const dumpOptions = declareOptions("anywhere", [
  ...connectionOptions,
  "-r --result-file:",
  "--delete-master-logs --delete-source-logs",
  "-F --flush-logs",
  "-B --databases",
  "-A --all-databases",
  "-T --tab:",
  "-w --where:",
  "--ignore-table:",
  "--master-data::",
  "--source-data::",
  "--dump-slave::",
  "--set-gtid-purged:",
  "--init-command:",
  "--log-error:",
  "--tables",
  "--single-transaction",
  "--add-drop-database",
  "--add-drop-table",
  "--add-drop-trigger",
  "-R --routines",
  "-E --events",
  "--triggers",
  "-d --no-data",
  "-n --no-create-db",
  "-t --no-create-info",
  "-q --quick",
  "-x --lock-all-tables",
  "-l --lock-tables",
  "-c --complete-insert",
  "-e --extended-insert",
  "-K --disable-keys",
  "-Q --quote-names",
  "-Y --all-tablespaces",
  "-y --no-tablespaces",
  "-X --xml",
  "-i --comments",
  "-N --no-set-names",
  "--hex-blob",
  "--column-statistics::",
]);
