import { assertNever } from "../../model/assert-never.js";
import type { Call, Inner } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { Env } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { readDialect } from "../sql/dialect.js";
import type { Server } from "../sql/effects.js";
import { postgresQuoting } from "../sql/lexicon.js";
import { loseTrack, type SqlSession } from "../sql/session.js";
import { readGenerated, readSql } from "../sql/sql.js";
import type { Target } from "./psql-settings.js";

/** One psql, from its first text to its last; what a step changes, the next one sees. */
export interface Run {
  readonly call: Call;
  readonly world: World;
  readonly session: SqlSession;
  /** Undefined: set to a value that exists only at run time. */
  readonly variables: Map<string, string | undefined>;
  readonly perLine: boolean;
  target: Target;
  server: Server;
  cwd: Call["cwd"];
  env: Env;
  /** `\gset` sets variables named by a query's columns: from there on any may have any value. */
  anyVariable: boolean;
  /** Open `\if`s. */
  branches: number;
  wantsStdin: boolean;
  /** The SQL that was sent last, for `\gexec`. */
  sent: string;
  /** All of it, with the server that each was sent to. */
  readonly history: Sent[];
}

/** A text of SQL on its way to a server. */
export interface Sent {
  readonly text: string;
  readonly target: Target;
}

/** A file, stdin, or what `\i` names. `directory`: of the file, for `\ir`. */
export interface Source {
  readonly text: string;
  readonly directory: Call["cwd"];
  readonly depth: number;
}

export function runSql(text: string, failureEnds: "text" | "run" | "nothing", run: Run): void {
  const { session, server, world } = run;
  const parsed = world.parseSql(text);
  run.sent = text;
  run.history.push({ text, target: run.target });
  if (/standard_conforming_strings(?!\s*(=|to)\s*'?on\b)/i.test(text)) {
    addOpaque(run, text.trim(), "changes how quotes are read in what follows");
    loseTrack(session);
  }
  switch (parsed.kind) {
    case "statements":
      readSql(parsed.statements, { server, parse: world.parseSql, text, failureEnds }, session);
      return;
    case "loading":
      addOpaque(run, text.trim(), "sql parser is loading");
      return;
    case "error": {
      const plain = readDialect(text, postgresQuoting, server).filter(isStrong);
      for (const effect of plain) session.entries.push({ effect, revocable: false });
      if (plain.length === 0)
        addOpaque(run, text.trim(), `not understood by PostgreSQL's parser: ${parsed.reason}`);
      loseTrack(session);
      return;
    }
    default:
      assertNever(parsed);
  }
}

/** `\gexec` behind the SQL that was sent last. */
export function runGenerated(run: Run): void {
  const { session, server, world, sent } = run;
  const parsed = world.parseSql(sent);
  const statements = parsed.kind === "statements" ? parsed.statements.slice(-1) : [];
  const input = { server, parse: world.parseSql, text: sent, failureEnds: "nothing" } as const;
  readGenerated(statements.length === 0 ? [undefined] : statements, input, session);
}

export function addEffects(run: Run, effects: readonly Effect[]): void {
  for (const effect of effects) run.session.entries.push({ effect, revocable: false });
}

export function addOpaque(run: Run, target: string, because: string): void {
  const effect = opaqueEffect("psql", target.slice(0, 200), because);
  addEffects(run, [target.length > 200 ? { ...effect, scope: run.world.fingerprint(target) } : effect]);
}

/** psql gives it to `sh -c`, in its own directory and environment. */
export function addProgram(run: Run, text: string, via: string): void {
  const line: Inner = { kind: "line", text, shell: "sh", via, cwd: run.cwd, env: run.env };
  run.session.inner.push(line);
}

export function stopsOnError(run: Run): boolean {
  return /^(1|on|true|t|yes|y)$/i.test(run.variables.get("ON_ERROR_STOP") ?? "");
}

function isStrong(effect: Effect): boolean {
  return (
    effect.action === "delete" ||
    effect.action === "grant" ||
    (effect.resource === "sql" && !effect.restricted)
  );
}
