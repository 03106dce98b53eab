import type { Effect } from "../../model/effect.js";
import { toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions } from "../options.js";
import { nothing, type Reader } from "../reader.js";
import { readTexts } from "./client-texts.js";
import { readDialect } from "./dialect.js";
import { mysqlQuoting } from "./lexicon.js";
import { connectionOptions, readConnection } from "./mysql-connection.js";
import { appendTo, type ClientRun, readLines } from "./mysql-lines.js";

/** The mysql and mariadb clients: `-e`, `--init-command`, stdin, and the client's own commands among the lines. */
export const mysql: Reader = {
  names: ["mysql", "mariadb"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version", "print-defaults")) return nothing;
    const groups = ["mysql", "mariadb-client", "mariadb"];
    const { server, settings } = readConnection(
      call,
      world,
      options,
      toolName(call),
      groups,
      options.operands[0],
    );
    const initial = optionValues(options, "init-command").concat(optionValues(options, "init-command-add"));
    const held = settings.get("init-command");
    const commands = [...(held === undefined ? [] : [held]), ...initial, ...optionValues(options, "execute")];
    const sources = hasOption(options, "execute") ? commands : [...commands, { file: "-" }];
    const input = readTexts(call, world, sources);
    const run: ClientRun = {
      call,
      world,
      server,
      effects: [...input.effects],
      inner: [],
      wantsStdin: input.wantsStdin,
    };
    for (const text of input.texts)
      run.effects.push(...readDialect(readLines(text, run, 0), mysqlQuoting, server));
    const tee = optionValue(options, "tee");
    if (tee !== undefined) appendTo(tee, run);
    const isSafe = hasOption(options, "safe-updates") || settings.has("safe-updates");
    const effects =
      isSafe && !input.texts.some((text) => /sql_safe_updates/i.test(text))
        ? run.effects.map(hold)
        : run.effects;
    return { effects, inner: run.inner, wantsStdin: run.wantsStdin };
  },
};

/** The server refuses a DELETE or an UPDATE that no key and no LIMIT holds back. */
function hold(effect: Effect): Effect {
  return effect.resource === "sql" && /^(DELETE|UPDATE)$/.test(effect.statement)
    ? { ...effect, restricted: true }
    : effect;
}

const table = declareOptions("anywhere", [
  ...connectionOptions,
  "-e --execute:",
  "--init-command:",
  "--init-command-add:",
  "--tee:",
  "--pager::",
  "--delimiter:",
  "--prompt:",
  "--histignore:",
  "--select-limit:",
  "--max-join-size:",
  "--local-infile::",
  "--binary-mode",
  "-c --comments",
  "--skip-comments",
  "--column-names",
  "-m --column-type-info",
  "--line-numbers",
  "-G --named-commands",
  "--show-warnings",
  "--sandbox",
  "--abort-source-on-error",
  "--reconnect",
  "--skip-reconnect",
  "--syslog",
  "-A --no-auto-rehash",
  "--auto-rehash",
  "--skip-auto-rehash",
  "-B --batch",
  "-b --no-beep",
  "-E --vertical",
  "--auto-vertical-output",
  "-H --html",
  "-i --ignore-spaces",
  "-L --skip-line-numbers",
  "-n --unbuffered",
  "-N --skip-column-names",
  "-o --one-database",
  "-q --quick",
  "-r --raw",
  "-t --table",
  "-T --debug-info",
  "-U --i-am-a-dummy --safe-updates",
  "-w --wait",
  "-X --xml",
]);
