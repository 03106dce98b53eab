import { isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { Effect, SqlEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { overwriting } from "../file-effects.js";
import { isWithin, resolvePath } from "../path.js";
import { readDialect } from "./dialect.js";
import type { Server } from "./effects.js";
import { sqliteQuoting } from "./lexicon.js";
import { runDot } from "./sqlite-dots.js";

/** One start of sqlite3 or duckdb: what its texts do, as they are read. */
export interface SqliteRun {
  readonly call: Call;
  readonly world: World;
  readonly effects: Effect[];
  readonly inner: Inner[];
  readonly readonly: boolean;
  server: Server;
  /** Why nothing that mattered can be in any database that is open; undefined when something can. */
  disposable: string | undefined;
  wantsStdin: boolean;
}

export function runText(text: string, run: SqliteRun, depth: number): void {
  let sql: string[] = [];
  for (const line of text.split("\n")) {
    // Inside a statement a line cannot begin with a dot, but for a number.
    if (!/^\s*\.[a-z]/i.test(line)) sql.push(line);
    else {
      runSql(sql.join("\n"), run);
      sql = [];
      runDot(line.trim(), run, depth);
    }
  }
  runSql(sql.join("\n"), run);
}

export function openDatabase(database: string, known: boolean, run: SqliteRun): void {
  run.server = { ...run.server, database };
  run.disposable = known ? whyDisposable(database, run) : undefined;
}

/** What the run does to its database, unless it can be had again or is not allowed to change. */
export function addSql(effect: SqlEffect, run: SqliteRun): void {
  const isReadonly = run.readonly || /^file:.*[?&](mode=ro|immutable=1)(&|$)/.test(run.server.database);
  if (isReadonly && effect.action !== "read") return;
  const because = run.disposable;
  run.effects.push(
    because !== undefined && effect.recovery !== "needless" && !lasting.test(effect.statement)
      ? { ...effect, recovery: "recreate", because }
      : effect,
  );
}

/** Not a matter of the database alone. */
const lasting = /^(LOAD|INSTALL)$/;

function runSql(text: string, run: SqliteRun): void {
  const effects = readDialect(text, sqliteQuoting, run.server);
  // A database that is attached makes all that follows, and what was prepared before, a matter of that one, too.
  for (const effect of effects) {
    if (effect.resource !== "sql" || effect.statement !== "ATTACH") continue;
    if (whyDisposable(effect.target, run) === undefined) run.disposable = undefined;
  }
  for (const effect of effects) {
    if (effect.resource !== "sql") run.effects.push(effect);
    else if (effect.statement === "COPY TO" && run.server.engine === "duckdb") writeFile(effect.target, run);
    else addSql(effect, run);
  }
}

export function writeFile(file: string, run: SqliteRun): void {
  const path = resolvePath(run.call, run.world, file);
  if (path !== undefined && isKnown(path)) run.effects.push(...overwriting(run.server.tool, path, run.world));
}

/** In memory, temporary, not there yet, or the session's own. */
function whyDisposable(database: string, run: SqliteRun): string | undefined {
  const { call, world } = run;
  const file = database.replace(/^file:(\/\/)?/, "").replace(/\?.*$/, "");
  if (file === ":memory:" || file === "" || /[?&]mode=memory/.test(database)) return "a database in memory";
  // ATTACH 'postgres:dbname=shop', 'md:shop', 's3://…'
  if (/^[a-z0-9]{2,}:/i.test(file)) return undefined;
  const path = resolvePath(call, world, file);
  if (path === undefined || !isKnown(path)) return undefined;
  const real = world.realpath(path);
  if (world.session.temporary.some((folder) => isWithin(real, folder))) return "a temporary database";
  const stat = world.lstat(real);
  if (!stat.exists) return stat.reason === "missing" ? "the database does not exist yet" : undefined;
  return stat.born >= world.session.startedAt ? "the session made this database" : undefined;
}
