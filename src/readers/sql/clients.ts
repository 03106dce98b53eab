import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { overwriting, toolName } from "../file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  type OptionTable,
  optionValue,
  optionValues,
  readOptions,
} from "../options.js";
import { resolvePath } from "../path.js";
import { nothing, type Reader, type Reading } from "../reader.js";
import type { SqlClient } from "./client.js";
import { sqlClients } from "./client-table.js";
import { readTexts } from "./client-texts.js";
import { readDialect } from "./dialect.js";
import { type Server, sqlEffect } from "./effects.js";

/** Every client of the table that no tree of subcommands stands for. */
export const sqlClientReader: Reader = {
  names: sqlClients.flatMap(({ names }) => names),
  read: (call, world) => readClient(call, world) ?? nothing,
};

/** A tree of subcommands one of which takes SQL: `bq query`, `cockroach sql`, `turso db shell`. */
export function withSql(reader: Reader): Reader {
  if (!reader.names.some((name) => findClient(name) !== undefined)) return reader;
  return { names: reader.names, read: (call, world) => readClient(call, world) ?? reader.read(call, world) };
}

interface Run {
  readonly client: SqlClient;
  readonly call: Call;
  readonly world: World;
  readonly server: Server;
  readonly effects: Effect[];
  readonly inner: Inner[];
  wantsStdin: boolean;
}

/** Undefined when this call is another subcommand's. */
function readClient(call: Call, world: World): Reading | undefined {
  const client = findClient(toolName(call));
  const words = client === undefined ? undefined : wordsOf(call, client);
  if (client === undefined || words === undefined) return undefined;
  const options = readOptions(words, tableOf(client));
  if (client.texts?.length !== 0 && client.stdin === "never" && !hasOption(options, ...(client.texts ?? [])))
    return undefined;
  if (hasOption(options, ...(client.quiet ?? []))) return nothing;
  const operands = sortOperands(options.operands, client);
  const server = findServer(call, client, options, operands);
  const files = [...(client.files ?? []).flatMap((name) => optionValues(options, name)), ...operands.file];
  const texts = [...(client.texts ?? []).flatMap((name) => optionValues(options, name)), ...operands.text];
  const sources = [...texts, ...files.map((file) => ({ file: withoutAt(file) }))];
  const takesStdin = client.stdin === "always" || (client.stdin === "else" && sources.length === 0);
  const input = readTexts(call, world, takesStdin ? [...sources, { file: "-" }] : sources);
  const run: Run = {
    client,
    call,
    world,
    server,
    effects: [...input.effects],
    inner: [],
    wantsStdin: input.wantsStdin,
  };
  for (const text of input.texts)
    run.effects.push(...readDialect(readLines(text, run, 0), client.quoting, server));
  const replaced = optionValue(options, "destination_table");
  if (replaced !== undefined && words.some((word) => word === "--replace" || word === "--replace=true"))
    run.effects.push(
      sqlEffect(server, {
        action: "delete",
        statement: "CREATE OR REPLACE TABLE",
        target: showArg(replaced),
      }),
    );
  return { effects: run.effects, inner: run.inner, wantsStdin: run.wantsStdin };
}

function findClient(name: string): SqlClient | undefined {
  return sqlClients.find(({ names }) => names.includes(name));
}

const tables = new Map<SqlClient, OptionTable>();

function tableOf(client: SqlClient): OptionTable {
  const table =
    tables.get(client) ??
    declareOptions(
      "anywhere",
      client.options.split(/,\s*/).map((one) => one.replaceAll(/\s+/g, " ")),
    );
  tables.set(client, table);
  return table;
}

/** The words behind the subcommand; undefined when it is another one. */
function wordsOf(call: Call, client: SqlClient): readonly Arg[] | undefined {
  const words = client.singleDash ? call.argv.slice(1).map(doubleDash) : call.argv.slice(1);
  // `clickhouse-client` and `snowsql` are their subcommand.
  if (client.subcommands === undefined || /-client$|-local$|snowsql/.test(toolName(call))) return words;
  for (const subcommand of client.subcommands) {
    const [first = "", ...more] = subcommand.split(" ");
    // Flags of the program itself may stand in front: `bq --project_id shop query`.
    const at = words.findIndex((word, index) => word === first && isFront(words.slice(0, index)));
    if (at >= 0 && more.every((word, index) => words[at + 1 + index] === word))
      return [...words.slice(0, at), ...words.slice(at + 1 + more.length)];
  }
  return undefined;
}

function isFront(words: readonly Arg[]): boolean {
  return words.every((word, index) => {
    const isOption = (one: Arg | undefined) => one !== undefined && isKnown(one) && one.startsWith("-");
    return isOption(word) || isOption(words[index - 1]);
  });
}

function doubleDash(word: Arg): Arg {
  return isKnown(word) && /^-[a-z]{2,}/.test(word) ? `-${word}` : word;
}

interface Operands {
  readonly server: readonly Arg[];
  readonly database: readonly Arg[];
  readonly text: readonly Arg[];
  readonly file: readonly Arg[];
}

function sortOperands(words: readonly Arg[], client: SqlClient): Operands {
  const sorted = { server: [] as Arg[], database: [] as Arg[], text: [] as Arg[], file: [] as Arg[] };
  for (const [index, word] of words.entries()) {
    // sqlplus: the login may be left out, and what follows a file are its arguments.
    const isScript = client.engine === "oracle" && isKnown(word) && word.startsWith("@");
    const kind = isScript ? "file" : (client.operands[index] ?? client.operands.at(-1) ?? "skip");
    if (kind === "words") {
      const unknown = words.find((one) => !isKnown(one));
      sorted.text.push(unknown ?? words.map(showArg).join(" "));
      break;
    }
    if (kind === "file" && !isScript) break;
    if (kind !== "skip") sorted[kind].push(word);
  }
  return sorted;
}

function withoutAt(file: Arg): Arg {
  if (!isKnown(file) || !file.startsWith("@")) return file;
  const name = file.replace(/^@+/, "");
  return /\.\w+$/.test(name) ? name : `${name}.sql`;
}

/** What the options, the operands and the environment say about where it connects, in that order. */
function findServer(call: Call, client: SqlClient, options: Options, operands: Operands): Server {
  const last = (names: readonly string[] | undefined) =>
    (names ?? [])
      .map((name) => optionValue(options, name))
      .find((value) => value !== undefined && value !== "");
  const variable = (client.hostVariables ?? [])
    .map((name) => envGet(call.env, name))
    .find((value) => value !== undefined);
  const [operand] = operands.server;
  const place = last(client.hosts) ?? operand ?? variable;
  const shown = place === undefined ? "" : showArg(place);
  // `tcp:db.example.com,1433`
  const text =
    client.engine === "sqlserver" ? shown.replace(/^(tcp|np|admin):/, "").replace(",", ":") : shown;
  const uri = /^[\w+:]*\/\/(?:[^@/]*@)?([^/?;]+)(?:\/([^?;]*))?/.exec(text);
  const login = /^(?:[^@]*@)?(?:\/\/)?([^/@]+)(?:\/(.*))?$/.exec(text);
  // A bare operand without a dot is a database or a login on this machine: `mycli shop`, `sqlplus scott/tiger`.
  const isName = place === operand && uri === null && !/[.@:]/.test(text);
  const host =
    (isName ? undefined : (uri?.[1] ?? (client.engine === "oracle" ? login?.[1] : text))) ||
    client.home ||
    "localhost";
  const port = last(client.ports);
  const shownPort = port === undefined || showArg(port) === client.port ? "" : `:${showArg(port)}`;
  const database = last(client.databases) ?? operands.database[0];
  return {
    tool: toolName(call),
    engine: client.engine,
    host: host.replace(new RegExp(`:${client.port ?? "0"}$`), "") + shownPort,
    database: database === undefined ? (uri?.[2] ?? (isName ? text : "")) : showArg(database),
    credentials: [],
  };
}

/** The client's own commands, one a line; the SQL that is left over, with that of the files read in. */
function readLines(text: string, run: Run, depth: number): string {
  const { lines = [] } = run.client;
  if (lines.length === 0) return text;
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    const command = lines.find(({ pattern }) => pattern.test(line));
    if (command === undefined) {
      kept.push(line);
      continue;
    }
    const argument = command.pattern.exec(line)?.[1] ?? "";
    switch (command.does) {
      case "program":
        run.inner.push({ kind: "line", text: argument, shell: "sh", via: `${run.server.tool} shell` });
        break;
      case "include":
        kept.push(include(argument, run, depth));
        break;
      case "write": {
        const path = resolvePath(run.call, run.world, argument);
        if (path !== undefined && isKnown(path))
          run.effects.push(...overwriting(run.server.tool, path, run.world));
        break;
      }
      case "connect":
        run.effects.push(opaqueEffect(run.server.tool, line.trim(), "goes on with another server"));
        break;
      default:
    }
    kept.push(";");
  }
  return kept.join("\n");
}

function include(file: string, run: Run, depth: number): string {
  if (depth >= 8) {
    run.effects.push(opaqueEffect(run.server.tool, file, "files include one another without end"));
    return ";";
  }
  const name = run.client.engine === "oracle" ? withoutAt(`@${file}`) : file;
  const input = readTexts(run.call, run.world, [{ file: name }]);
  run.wantsStdin ||= input.wantsStdin;
  run.effects.push(...input.effects);
  return `;${input.texts.map((text) => readLines(text, run, depth + 1)).join(";")};`;
}
