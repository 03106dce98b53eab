import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, toolName } from "../file-effects.js";
import { hasOption, type Options, optionValue, readOptions } from "../options.js";
import { resolvePath } from "../path.js";
import type { Reader } from "../reader.js";
import { nothing } from "../reader.js";
import { openSqlSession, sessionEffects } from "../sql/session.js";
import { resolveServer } from "./psql-connection.js";
import { clientOptions, psqlOptions } from "./psql-options.js";
import { addEffects, addOpaque, addProgram, type Run, type Sent } from "./psql-run.js";
import type { Target } from "./psql-settings.js";
import { runCommand, runFile } from "./psql-source.js";

/** psql: SQL and backslash commands from `-c`, `-f` or stdin, in the order given. */
export const psql: Reader = {
  names: [...clientOptions.keys()],
  read(call, world) {
    const tool = toolName(call);
    const table = clientOptions.get(tool);
    if (table === undefined) return nothing;
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version")) return nothing;
    const run = openRun(call, world, options);
    readAll(run, options);
    return { effects: sessionEffects(run.session), inner: run.session.inner, wantsStdin: run.wantsStdin };
  },
};

/** What a psql would send, as far as it can be foreseen; none for what is no psql. */
export function sentByPsql(call: Call, world: World): readonly Sent[] {
  const options = toolName(call) === "psql" ? readOptions(call.argv.slice(1), psqlOptions) : undefined;
  if (options === undefined || hasOption(options, "help", "version")) return [];
  const run = openRun(call, world, options);
  readAll(run, options);
  return run.history;
}

function readAll(run: Run, options: Options): void {
  const { call, world } = run;
  const tool = toolName(call);
  for (const doubt of call.sight === "later" ? [] : options.doubts)
    addOpaque(run, doubt.source, doubt.reason);
  if (tool === "psql" && !hasOption(options, "no-psqlrc"))
    for (const file of findStartFiles(call, world)) runFile(file, call.cwd, 1, run);
  writeOutput(options, run);
  runActions(options, run);
}

function openRun(call: Call, world: World, options: Options): Run {
  const target: Target = {
    dbname: optionValue(options, "dbname") ?? options.operands[0],
    host: optionValue(options, "host"),
    port: optionValue(options, "port"),
    cluster: optionValue(options, "cluster"),
    user:
      optionValue(options, "username") ??
      options.operands[optionValue(options, "dbname") === undefined ? 1 : 0],
  };
  const session = openSqlSession(world.fingerprint);
  if (hasOption(options, "single-transaction")) session.begun = 0;
  return {
    call,
    world,
    session,
    variables: readVariables(options),
    perLine: hasOption(options, "single-line"),
    target,
    server: resolveServer(toolName(call), target, call.env, world),
    cwd: call.cwd,
    env: call.env,
    anyVariable: options.given.some(
      ({ name, value }) => name === "set" && value !== undefined && namesUnknown(value),
    ),
    branches: 0,
    wantsStdin: false,
    sent: "",
    history: [],
  };
}

/** `-v name=value`; `-v name` unsets. */
function readVariables(options: Options): Map<string, string | undefined> {
  const variables = new Map<string, string | undefined>();
  for (const { name, value } of options.given) {
    if (name !== "set" || value === undefined) continue;
    const text = isKnown(value) ? value : value.prefix;
    const equals = text.indexOf("=");
    if (equals >= 0)
      variables.set(text.slice(0, equals), isKnown(value) ? text.slice(equals + 1) : undefined);
    else if (isKnown(value)) variables.delete(text);
  }
  return variables;
}

function namesUnknown(value: Arg): boolean {
  return !isKnown(value) && !value.prefix.includes("=");
}

/** Read before everything else, also with `-c`: $PSQLRC, else ~/.psqlrc and its versioned sisters. */
function findStartFiles(call: Call, world: World): readonly string[] {
  const home = envGet(call.env, "HOME");
  const folder = home !== undefined && isKnown(home) ? home : world.user.home;
  const named = envGet(call.env, "PSQLRC");
  const system = envGet(call.env, "PGSYSCONFDIR");
  const found = system !== undefined && isKnown(system) ? [`${system}/psqlrc`] : [];
  if (named !== undefined && isKnown(named)) found.push(named.replace(/^~(?=\/)/, folder));
  else {
    const listing = world.readdir(folder, 10_000);
    const names = listing.ok ? listing.names.filter((name) => /^\.psqlrc(-[\d.]+)?$/.test(name)) : [];
    found.push(...names.map((name) => `${folder}/${name}`));
  }
  return found.filter((file) => world.lstat(file).exists);
}

function writeOutput(options: Options, run: Run): void {
  const output = optionValue(options, "output");
  if (output !== undefined && isKnown(output) && output.startsWith("|"))
    addProgram(run, output.slice(1), "psql -o");
  else if (output !== undefined) write(output, overwriting, run);
  const log = optionValue(options, "log-file");
  if (log !== undefined) write(log, appending, run);
}

function write(file: Arg, how: typeof overwriting, run: Run): void {
  const path = resolvePath(run.call, run.world, file);
  if (path !== undefined && isKnown(path)) addEffects(run, how("psql", path, run.world));
  else if (path !== undefined && run.call.sight !== "later") addOpaque(run, path.source, path.reason);
}

function runActions(options: Options, run: Run): void {
  const actions = options.given.filter(({ name }) => name === "command" || name === "file");
  if (actions.length === 0 && !hasOption(options, "list")) {
    runFile("-", run.call.cwd, 0, run);
    return;
  }
  for (const { name, value } of actions) {
    if (value === undefined) continue;
    if (name === "file") runFile(value, run.call.cwd, 0, run);
    else if (isKnown(value)) runCommand(value, run);
    else if (run.call.sight !== "later")
      addOpaque(run, showArg(value), `cannot tell which SQL it would run: ${value.reason}`);
  }
}
