import { type Arg, isKnown, unknown } from "../../model/arg.js";
import { envFrom, envGet } from "../../model/env.js";
import { overwriting } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { sqlEffect } from "../sql/effects.js";
import { loseTrack } from "../sql/session.js";
import { resolveServer } from "./psql-connection.js";
import { readCopy } from "./psql-copy.js";
import {
  addEffects,
  addOpaque,
  addProgram,
  type Run,
  runGenerated,
  runSql,
  type Source,
} from "./psql-run.js";
import { parseConnection, type Target } from "./psql-settings.js";
import type { Step } from "./psql-text.js";
import type { MetaWord } from "./psql-words.js";

type Meta = Extract<Step, { readonly kind: "meta" }>;
type RunFile = (file: Arg, directory: Run["cwd"], depth: number, run: Run) => void;

/** What a backslash command does besides showing something. "quit": the rest of the text is not read. */
export function runMeta(meta: Meta, source: Source, run: Run, runFile: RunFile): "quit" | undefined {
  for (const word of meta.words) for (const program of word.commands) addProgram(run, program, "psql `…`");
  const first = meta.words[0];
  switch (meta.name) {
    case "!":
      if (meta.rest.trim() === "") addOpaque(run, "\\!", "starts an interactive shell");
      else addProgram(run, meta.rest.trim(), "psql \\!");
      return undefined;
    case "copy":
      copy(meta.rest, run);
      return undefined;
    case "i":
    case "include":
    case "ir":
    case "include_relative": {
      const directory = meta.name.includes("r") ? source.directory : run.cwd;
      runFile(expandHome(argOf(first), run), directory, source.depth + 1, run);
      return undefined;
    }
    case "g":
    case "gx":
    case "o":
    case "out":
    case "w":
    case "write":
      writeOut(meta, run);
      return undefined;
    case "s":
    case "lo_export":
      overwrite(argOf(meta.words.at(-1)), run);
      return undefined;
    case "gexec":
      runGenerated(run);
      return undefined;
    case "e":
    case "edit":
    case "ef":
    case "ev":
      addOpaque(run, `\\${meta.name}`, "runs what an editor leaves behind");
      return undefined;
    case "gset":
      run.anyVariable = true;
      return undefined;
    case "set":
      setVariable(first?.text, join(meta.words.slice(1)), run);
      return undefined;
    case "unset":
      if (first?.text !== undefined) run.variables.delete(first.text);
      return undefined;
    case "prompt":
      setVariable(meta.words.at(-1)?.text, undefined, run);
      return undefined;
    case "getenv": {
      const value = envGet(run.env, meta.words[1]?.text ?? "");
      setVariable(first?.text, value !== undefined && isKnown(value) ? value : undefined, run);
      return undefined;
    }
    case "setenv":
      run.env = envFrom(
        [[first?.text ?? "", meta.words[1] === undefined ? undefined : argOf(meta.words[1])]],
        run.env,
      );
      return undefined;
    case "cd": {
      const to = first === undefined ? run.world.user.home : resolvePath(run, run.world, argOf(first));
      run.cwd = to ?? run.cwd;
      return undefined;
    }
    case "c":
    case "connect":
      connect(meta.words, run);
      return undefined;
    case "lo_unlink":
      addEffects(run, [
        sqlEffect(run.server, {
          action: "delete",
          statement: "lo_unlink",
          target: `large object ${first?.text ?? ""}`,
        }),
      ]);
      return undefined;
    case "password":
      addEffects(run, [
        sqlEffect(run.server, {
          action: "grant",
          statement: "ALTER ROLE",
          target: first?.text ?? "the own role",
        }),
      ]);
      return undefined;
    case "if":
      run.branches += 1;
      return undefined;
    case "endif":
      run.branches -= run.branches > 0 ? 1 : 0;
      return undefined;
    case "q":
    case "quit":
      return run.branches === 0 ? "quit" : undefined;
    default:
      // All others show, format or time; names that psql does not know do nothing.
      return undefined;
  }
}

function copy(rest: string, run: Run): void {
  const parts = readCopy(rest);
  if (parts === undefined) {
    addOpaque(run, `\\copy${rest}`, "the arguments of \\copy are not understood");
    return;
  }
  runSql(parts.sql, "nothing", run);
  if (parts.program !== undefined) addProgram(run, parts.program, "psql \\copy program");
  if (parts.written !== undefined) overwrite(expandHome(parts.written, run), run);
}

/** `\g FILE`, `\o |program`, `\g (format=csv) FILE` */
function writeOut(meta: Meta, run: Run): void {
  const piped = /^\s*(?:\([^)]*\)\s*)?\|(.*)$/s.exec(meta.rest);
  if (piped !== null && meta.words.length === 0) {
    addProgram(run, (piped[1] ?? "").trim(), `psql \\${meta.name}`);
    return;
  }
  const last = meta.words.at(-1);
  if (last === undefined || last.text?.endsWith(")") === true) return;
  if (last.text?.startsWith("|") === true) addProgram(run, last.text.slice(1), `psql \\${meta.name}`);
  else overwrite(expandHome(argOf(last), run), run);
}

function overwrite(file: Arg, run: Run): void {
  const path = resolvePath(run, run.world, file);
  if (path === undefined) return;
  if (isKnown(path)) addEffects(run, overwriting("psql", path, run.world));
  else addOpaque(run, path.source, `cannot tell which file it would overwrite: ${path.reason}`);
}

function setVariable(name: string | undefined, value: string | undefined, run: Run): void {
  if (name === undefined) run.anyVariable = true;
  else run.variables.set(name, run.branches > 0 ? undefined : value);
}

/** `\c db user host port`, "-" for the one before; a URI or conninfo stands for all. */
function connect(words: readonly MetaWord[], run: Run): void {
  const given = words.filter((word) => word.text?.startsWith("-reuse-previous") !== true);
  const [dbname, user, host, port] = given.map((word) => (word.text === "-" ? undefined : argOf(word)));
  const isWhole = dbname !== undefined && isKnown(dbname) && parseConnection(dbname) !== undefined;
  const { target, server } = run;
  const next: Target = isWhole
    ? { dbname }
    : {
        dbname: dbname ?? server.database,
        user: user ?? target.user,
        host: host ?? hostOf(server.host),
        port: port ?? portOf(server.host) ?? target.port,
      };
  loseTrack(run.session);
  run.target = next;
  run.server = resolveServer("psql", next, run.env, run.world);
}

function hostOf(place: string): string {
  return place.replace(/:\d+$/, "");
}

function portOf(place: string): string | undefined {
  return /:(\d+)$/.exec(place)?.[1];
}

function join(words: readonly MetaWord[]): string | undefined {
  return words.some((word) => word.text === undefined) ? undefined : words.map((word) => word.text).join("");
}

function argOf(word: MetaWord | undefined): Arg {
  if (word === undefined) return "";
  return word.text ?? unknown(`\`${word.commands.join("` `")}\``, "the output of a program");
}

function expandHome(file: Arg, run: Run): Arg {
  return isKnown(file) && /^~(\/|$)/.test(file) ? run.world.user.home + file.slice(1) : file;
}
