import type { Inner } from "../../model/call.js";
import { type Effect, effectKey } from "../../model/effect.js";
import { type Deed, type Server, sqlEffect } from "./effects.js";
import type { Routine } from "./routines.js";
import { TableTrack } from "./tracks.js";

/** One connection: what its texts did so far, in order. */
export interface SqlSession {
  readonly entries: SqlEntry[];
  readonly inner: Inner[];
  readonly tables: TableTrack;
  /** Functions and procedures created here, by name; undefined where one body replaced another. */
  readonly made: Map<string, Routine>;
  /** Functions that run when rows of a table are written, for triggers created here. */
  readonly triggers: Map<string, readonly string[]>;
  /** Names that a CREATE gave, whether or not it failed. */
  readonly created: Set<string>;
  /** Views and the like that were created, with the number of entries before. */
  readonly defined: Map<string, number>;
  /** Number of entries before the BEGIN of the open transaction; undefined outside one, or when that is not certain. */
  begun: number | undefined;
  /** A short print of a text: the same for the same text, for one session. */
  readonly print: (text: string) => string;
}

interface SqlEntry {
  readonly effect: Effect;
  readonly revocable: boolean;
}

export function openSqlSession(print: (text: string) => string = (text) => text): SqlSession {
  return {
    entries: [],
    inner: [],
    tables: new TableTrack(),
    made: new Map(),
    triggers: new Map(),
    created: new Set(),
    defined: new Map(),
    begun: undefined,
    print,
  };
}

/** `scope`: prints the statement that the deed is part of, where its target does not say all. */
export function addDeed(session: SqlSession, server: Server, deed: Deed, scope: () => string): void {
  const effect = sqlEffect(server, deed);
  const isWhole = !effect.restricted || /^(DROP|TRUNCATE)\b|^ALTER .* DROP\b/.test(effect.statement);
  const isNothing = effect.action === "read" || effect.action === "create" || effect.recovery === "needless";
  const final =
    effect.scope !== undefined || isNothing || (effect.action === "delete" && isWhole)
      ? effect
      : { ...effect, scope: scope() };
  session.entries.push({ effect: final, revocable: deed.revocable === true });
}

/** Nothing is certain about transactions and temporary tables after something that could not be read. */
export function loseTrack(session: SqlSession): void {
  session.begun = undefined;
  session.tables.clear();
}

/** The effects of a session, equal ones once. Those that differ in their conditions alone are one, for them all. */
export function sessionEffects(session: SqlSession): readonly Effect[] {
  const kept = new Map<string, { readonly effect: Effect; readonly scopes: Set<string> }>();
  session.entries.forEach(({ effect }, index) => {
    const again = effect.resource === "sql" && isMadeAgain(effect.statement, effect.target, index, session);
    const final: Effect =
      again && effect.recovery !== "needless"
        ? { ...effect, recovery: "recreate", because: "created again in the same text" }
        : effect;
    const restricted = final.resource === "sql" && final.restricted;
    const { scope, ...bare } = final;
    const key = `${effectKey(bare)}\u0000${final.recovery}\u0000${restricted}\u0000${final.certainty}`;
    const group = kept.get(key) ?? { effect: bare, scopes: new Set() };
    if (scope !== undefined) group.scopes.add(scope);
    kept.set(key, group);
  });
  return [...kept.values()].map(({ effect, scopes }) => {
    if (scopes.size === 0) return effect;
    const [only = ""] = scopes;
    if (scopes.size === 1) return { ...effect, scope: only };
    return { ...effect, scope: session.print([...scopes].join("\n")), scopes: [...scopes] };
  });
}

/** From there on nothing is undone by a ROLLBACK. */
export function pinEntries(session: SqlSession, from: number): void {
  for (let at = from; at < session.entries.length; at += 1) {
    const entry = session.entries[at];
    if (entry !== undefined) session.entries[at] = { ...entry, revocable: false };
  }
}

/** BEGIN, COMMIT, ROLLBACK. */
export function transact(kind: string, chain: boolean, session: SqlSession): void {
  switch (kind) {
    case "TRANS_STMT_BEGIN":
    case "TRANS_STMT_START":
      session.begun ??= session.entries.length;
      return;
    case "TRANS_STMT_COMMIT":
    case "TRANS_STMT_PREPARE":
      session.begun = chain ? session.entries.length : undefined;
      return;
    case "TRANS_STMT_ROLLBACK":
      if (session.begun !== undefined) revoke(session, session.begun);
      session.begun = chain ? session.entries.length : undefined;
      return;
    default:
  }
}

function revoke(session: SqlSession, from: number): void {
  for (let at = from; at < session.entries.length; at += 1) {
    const entry = session.entries[at];
    if (entry?.revocable !== true || entry.effect.certainty === "possible") continue;
    const { scope: _scope, ...bare } = entry.effect;
    session.entries[at] = {
      effect: { ...bare, recovery: "needless", because: "rolled back in the same text" },
      revocable: false,
    };
  }
}

function isMadeAgain(statement: string, target: string, index: number, session: SqlSession): boolean {
  if (!statement.startsWith("DROP ")) return false;
  const made = session.defined.get(`${statement.slice("DROP ".length)} ${target}`);
  const effect = session.entries[index]?.effect;
  return made !== undefined && made > index && !/CASCADE/.test(effect?.because ?? "");
}
