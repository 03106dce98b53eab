import type { Action, Credential, Extent, Recovery, SqlEffect } from "../../model/effect.js";

/** Where SQL goes. `host`: `localhost` for a socket; with `:port` when that is not the engine's own. */
export interface Server {
  readonly tool: string;
  readonly engine: string;
  readonly host: string;
  readonly database: string;
  readonly credentials: readonly Credential[];
}

/** What one statement, or a part of one, does; everything that is the same for the whole text is left out. */
export interface Deed {
  readonly action: Action;
  readonly statement: string;
  readonly target: string;
  /** False for a DELETE or UPDATE that reaches every row. */
  readonly restricted?: boolean;
  readonly recovery?: Recovery;
  readonly because?: string;
  /** All that a GRANT is about, where those are tables. */
  readonly tables?: readonly string[];
  /** What tells it from another of the same words: see `scope` of an effect. */
  readonly scope?: string;
  /** Undone by ROLLBACK. Functions that act outside, programs and databases are not. */
  readonly revocable?: boolean;
}

export function sqlEffect(server: Server, deed: Deed): SqlEffect {
  const { action, statement, restricted = true } = deed;
  const isLoss = action === "delete" || (action === "modify" && !restricted);
  // Field by field: spreads cost more than the rest of reading a `SELECT 1`.
  const effect: SqlEffect = {
    tool: server.tool,
    action,
    target: deed.target,
    resource: "sql",
    engine: server.engine,
    statement,
    host: server.host,
    database: server.database,
    restricted,
    credentials: server.credentials,
    extent: extentOf(statement, restricted),
    recovery: deed.recovery ?? (isLoss ? "none" : defaultRecovery(action)),
    because: deed.because ?? (isLoss ? "no undo after commit" : ""),
    environment: "unknown",
    certainty: "certain",
    span: undefined,
  };
  return deed.scope === undefined ? effect : { ...effect, scope: deed.scope };
}

function extentOf(statement: string, restricted: boolean): Extent {
  if (statement === "DROP OWNED" || !restricted) return { kind: "all" };
  if (rowwise.has(statement)) return { kind: "unknown" };
  return { kind: "exact", count: 1, unit: "objects" };
}

const rowwise: ReadonlySet<string> = new Set(["DELETE", "UPDATE", "MERGE", "REPLACE"]);

function defaultRecovery(action: Action): Recovery {
  return action === "read" || action === "create" ? "needless" : "unknown";
}
