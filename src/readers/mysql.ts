import { type Arg, isKnown } from "../model/arg.js";
import type { Call, Inner } from "../model/call.js";
import type { Credential, Effect } from "../model/effect.js";
import { opaqueEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { readTexts } from "./client-texts.js";
import { readDialect } from "./dialect.js";
import { appending, toolName } from "./file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  optionValue,
  optionValues,
  readOptions,
} from "./options.js";
import { resolvePath } from "./path.js";
import { nothing, type Reader, type Reading } from "./reader.js";
import { type Server, sqlEffect } from "./sql-effects.js";
import { mysqlQuoting } from "./sql-lexicon.js";

/** The mysql and mariadb clients: `-e`, `--init-command`, stdin, and the client's own commands among the lines. */
export const mysql: Reader = {
  names: ["mysql", "mariadb"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version")) return nothing;
    const server = findServer(call, world, options);
    const commands = [...optionValues(options, "init-command"), ...optionValues(options, "execute")];
    const sources = hasOption(options, "execute") ? commands : [...commands, { file: "-" }];
    const input = readTexts(call, world, sources);
    const readings = input.texts.map((text) => readText(text, server, call, world, 0));
    const tee = optionValue(options, "tee");
    const path = tee === undefined ? undefined : resolvePath(call, world, tee);
    return {
      effects: [
        ...input.effects,
        ...readings.flatMap((reading) => reading.effects),
        ...(path !== undefined && isKnown(path) ? appending(server.tool, path, world) : []),
      ],
      inner: readings.flatMap((reading) => reading.inner),
      wantsStdin: input.wantsStdin,
    };
  },
};

/** mysqladmin drop, shutdown, password: commands as words. */
export const mysqladmin: Reader = {
  names: ["mysqladmin", "mariadb-admin"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), table);
    const server = findServer(call, world, options);
    const words = options.operands.filter(isKnown);
    const effects = words.flatMap((word, index): readonly Effect[] => {
      const target = words[index + 1] ?? "the server";
      switch (word) {
        case "drop":
          return [sqlEffect(server, { action: "delete", statement: "DROP DATABASE", target })];
        case "shutdown":
          return [sqlEffect(server, { action: "execute", statement: "SHUTDOWN", target: "the server" })];
        case "kill":
          return [sqlEffect(server, { action: "execute", statement: "KILL", target })];
        case "password":
          return [sqlEffect(server, { action: "grant", statement: "SET PASSWORD", target: "the account" })];
        default:
          return [];
      }
    });
    return { effects, inner: [], wantsStdin: false };
  },
};

const table = declareOptions("anywhere", [
  "-e --execute:",
  "-D --database:",
  "-h --host:",
  "-P --port:",
  "-u --user:",
  "-p --password::",
  "-S --socket:",
  "--init-command:",
  "--init-command-add:",
  "--tee:",
  "--pager::",
  "--delimiter:",
  "--default-character-set:",
  "--defaults-file:",
  "--defaults-extra-file:",
  "--defaults-group-suffix:",
  "--login-path:",
  "--protocol:",
  "--prompt:",
  "--connect-timeout:",
  "--max-allowed-packet:",
  "--ssl-ca:",
  "--ssl-cert:",
  "--ssl-key:",
  "--ssl-mode:",
  "--plugin-dir:",
  "--default-auth:",
  "-A --no-auto-rehash",
  "-B --batch",
  "-b --no-beep",
  "-C --compress",
  "-E --vertical",
  "-f --force",
  "-H --html",
  "-i --ignore-spaces",
  "-L --skip-line-numbers",
  "-n --unbuffered",
  "-N --skip-column-names",
  "-o --one-database",
  "-q --quick",
  "-r --raw",
  "-s --silent",
  "-t --table",
  "-U --safe-updates",
  "-v --verbose",
  "-w --wait",
  "-X --xml",
  "-V --version",
  "-I -? --help",
]);

function findServer(call: Call, world: World, options: Options): Server {
  const host = textOf(optionValue(options, "host")) ?? textOf(envGet(call.env, "MYSQL_HOST")) ?? "localhost";
  const port = textOf(optionValue(options, "port")) ?? textOf(envGet(call.env, "MYSQL_TCP_PORT"));
  const operand = toolName(call).endsWith("admin") ? undefined : options.operands[0];
  return {
    tool: toolName(call),
    engine: "mysql",
    host: port === undefined || port === "3306" ? host : `${host}:${port}`,
    database: textOf(optionValue(options, "database")) ?? textOf(operand) ?? "",
    credentials: findCredentials(call, world, options),
  };
}

function findCredentials(call: Call, world: World, options: Options): readonly Credential[] {
  const literal = textOf(optionValue(options, "password"));
  if (literal !== undefined)
    return [{ name: "password", from: "literal", fingerprint: world.fingerprint(literal) }];
  const held = textOf(envGet(call.env, "MYSQL_PWD"));
  if (held === undefined) return [];
  return [{ name: "MYSQL_PWD", from: "env:MYSQL_PWD", fingerprint: world.fingerprint(held) }];
}

function textOf(word: Arg | undefined): string | undefined {
  return word !== undefined && isKnown(word) && word !== "" ? word : undefined;
}

/** `system cmd`, `\! cmd`, `source file`, `\. file` and `use db` are the client's own, one a line. */
function readText(text: string, server: Server, call: Call, world: World, depth: number): Reading {
  const inner: Inner[] = [];
  const effects: Effect[] = [];
  const kept: string[] = [];
  let wantsStdin = false;
  for (const line of text.split("\n")) {
    const [, name = "", rest = ""] =
      /^\s*(system|\\!|source|\\\.|tee|\\T|pager|\\P)\s*(\S.*)$/i.exec(line) ?? [];
    switch (name.toLowerCase()) {
      case "system":
      case "\\!":
      case "pager":
      case "\\p":
        inner.push({
          kind: "line",
          text: rest.replace(/;\s*$/, ""),
          shell: "sh",
          via: `${server.tool} ${name}`,
        });
        break;
      case "source":
      case "\\.": {
        const file = rest.replace(/;?\s*$/, "");
        const input = readTexts(call, world, depth < 8 ? [{ file }] : []);
        wantsStdin ||= input.wantsStdin;
        effects.push(...input.effects);
        for (const one of input.texts) {
          const reading = readText(one, server, call, world, depth + 1);
          effects.push(...reading.effects);
          inner.push(...reading.inner);
        }
        if (depth >= 8)
          effects.push(opaqueEffect(server.tool, file, "files include one another without end"));
        break;
      }
      default:
        // `\! cmd` may also stand behind a statement.
        for (const [, command = ""] of line.matchAll(/\\!\s*(.+)$/g))
          inner.push({ kind: "line", text: command, shell: "sh", via: `${server.tool} \\!` });
        kept.push(line);
    }
  }
  return { effects: [...effects, ...readDialect(kept.join("\n"), mysqlQuoting, server)], inner, wantsStdin };
}
