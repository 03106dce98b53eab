import type { Inner } from "../model/call.js";
import { type Effect, effectKey, opaqueEffect } from "../model/effect.js";
import type { SqlParse } from "../model/world.js";
import { findBlockDeeds } from "./sql-blocks.js";
import { readNode } from "./sql-deeds.js";
import { type Deed, type Server, sqlEffect } from "./sql-effects.js";
import { readFunction } from "./sql-functions.js";
import { definedBy, TableTrack } from "./sql-tracks.js";
import { fieldOf, isNode, listOf, textOf } from "./sql-tree.js";

/** One connection: what its texts did so far, in order. */
export interface SqlSession {
  readonly entries: SqlEntry[];
  readonly inner: Inner[];
  readonly tables: TableTrack;
  /** Functions created here; their bodies were not read. */
  readonly made: Set<string>;
  /** Views and the like that were created, with the number of entries before. */
  readonly defined: Map<string, number>;
  /** Number of entries before the BEGIN of the open transaction; undefined outside one, or when that is not certain. */
  begun: number | undefined;
}

interface SqlEntry {
  readonly effect: Effect;
  readonly revocable: boolean;
}

export interface SqlInput {
  readonly server: Server;
  readonly parse: (text: string) => SqlParse;
  /** A statement that fails ends the text (`-c`), the whole run (ON_ERROR_STOP), or neither. */
  readonly failureEnds: "text" | "run" | "nothing";
}

export function openSqlSession(): SqlSession {
  return {
    entries: [],
    inner: [],
    tables: new TableTrack(),
    made: new Set(),
    defined: new Map(),
    begun: undefined,
  };
}

/** Reads PostgreSQL's own parse tree, statement by statement. */
export function readSql(statements: readonly unknown[], input: SqlInput, session: SqlSession): void {
  for (const statement of statements) {
    const before = session.entries.length;
    const root = fieldOf(statement, "stmt") ?? statement;
    visit(root, { ...input, session, depth: 0 });
    if (session.entries.length === before && isNode(root)) {
      const kind = Object.keys(root)[0] ?? "";
      const words = reading[kind];
      if (words !== undefined)
        add(session, input.server, {
          action: "read",
          statement: words,
          target: input.server.database || "the database",
        });
    }
  }
}

/** Nothing is certain about transactions and temporary tables after something that could not be read. */
export function loseTrack(session: SqlSession): void {
  session.begun = undefined;
  session.tables.clear();
}

/** The effects of a session, equal ones once. */
export function sessionEffects(session: SqlSession): readonly Effect[] {
  const kept = new Map<string, Effect>();
  session.entries.forEach(({ effect }, index) => {
    const again = effect.resource === "sql" && isMadeAgain(effect.statement, effect.target, index, session);
    const final: Effect =
      again && effect.recovery !== "needless"
        ? { ...effect, recovery: "recreate", because: "created again in the same text" }
        : effect;
    const restricted = final.resource === "sql" && final.restricted;
    const key = `${effectKey(final)}\u0000${final.recovery}\u0000${restricted}\u0000${final.certainty}`;
    if (!kept.has(key)) kept.set(key, final);
  });
  return [...kept.values()];
}

interface Visit extends SqlInput {
  readonly session: SqlSession;
  readonly depth: number;
}

const reading: Readonly<Record<string, string>> = {
  SelectStmt: "SELECT",
  ExplainStmt: "EXPLAIN",
  VariableShowStmt: "SHOW",
};

/** Every node of the tree, so that nothing hides in a subquery. */
function visit(value: unknown, context: Visit): void {
  if (Array.isArray(value)) {
    for (const one of value) visit(one, context);
    return;
  }
  if (!isNode(value)) return;
  for (const [kind, node] of Object.entries(value)) {
    if (typeof node !== "object" || node === null) continue;
    const read = /^[A-Z]/.test(kind) ? readNode(kind, node) : undefined;
    if (kind === "FuncCall" || kind === "funccall") call(node, context);
    if (read === undefined) {
      visit(node, context);
      continue;
    }
    // A prepared statement outlives the transaction that prepared it.
    const from = context.session.entries.length;
    for (const deed of read.deeds) add(context.session, context.server, temporal(deed, context));
    if (read.inside) visit(node, context);
    if (kind === "PrepareStmt") pinEntries(context.session, from);
    follow(kind, node, context);
  }
}

function add(session: SqlSession, server: Server, deed: Deed): void {
  session.entries.push({ effect: sqlEffect(server, deed), revocable: deed.revocable === true });
}

function addOpaque(context: Visit, target: string, because: string): void {
  context.session.entries.push({
    effect: opaqueEffect(context.server.tool, target, because),
    revocable: false,
  });
}

function temporal(deed: Deed, { session }: Visit): Deed {
  const isTableDeed = deed.statement === "DROP TABLE" || deed.action !== "create";
  if (!isTableDeed || deed.revocable !== true || !session.tables.has(deed.target)) return deed;
  return { ...deed, recovery: "needless", because: "a table that the same text made" };
}

function pinEntries(session: SqlSession, from: number): void {
  for (let at = from; at < session.entries.length; at += 1) {
    const entry = session.entries[at];
    if (entry !== undefined) session.entries[at] = { ...entry, revocable: false };
  }
}

/** What a statement changes for those after it. */
function follow(kind: string, node: unknown, context: Visit): void {
  const { session } = context;
  const key = definedBy(kind, node);
  if (key !== undefined) session.defined.set(key, session.entries.length);
  session.tables.follow(kind, node, session.begun !== undefined, context.failureEnds);
  switch (kind) {
    case "TransactionStmt":
      transact(textOf(node, "kind") ?? "", fieldOf(node, "chain") === true, session);
      return;
    case "CreateFunctionStmt":
      session.made.add(textOf(listOf(node, "funcname").at(-1), "String", "sval") ?? "");
      return;
    case "DoStmt": {
      const because = findBlockDeeds(node);
      if (because === undefined)
        add(session, context.server, {
          action: "modify",
          statement: "DO",
          target: "a block",
          recovery: "needless",
        });
      else {
        addOpaque(context, "a DO block", because);
        session.tables.clear();
      }
      return;
    }
    case "CallStmt": {
      const name = listOf(node, "funccall", "funcname").map((part) => textOf(part, "String", "sval"));
      addOpaque(context, `CALL ${name.join(".")}`, "the body of the procedure is not known");
      loseTrack(session);
      return;
    }
    case "CopyStmt": {
      const program = textOf(node, "filename");
      if (fieldOf(node, "is_program") !== true || program === undefined) return;
      session.inner.push({
        kind: "line",
        text: program,
        shell: "sh",
        via: `${context.server.tool} COPY PROGRAM`,
      });
      return;
    }
    default:
  }
}

function transact(kind: string, chain: boolean, session: SqlSession): void {
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
    const effect: Effect = { ...entry.effect, recovery: "needless", because: "rolled back in the same text" };
    session.entries[at] = { effect, revocable: false };
  }
}

function call(node: unknown, context: Visit): void {
  const deed = readFunction(node, context.session.made);
  if (deed === undefined) return;
  const args = listOf(node, "args").map((argument) => textOf(argument, "A_Const", "sval", "sval") ?? "…");
  switch (deed.kind) {
    case "acts": {
      const { action, statement } = deed;
      add(context.session, context.server, { action, statement, target: `${statement}(${args.join(", ")})` });
      return;
    }
    case "opaque":
      addOpaque(context, "a function", deed.because);
      context.session.tables.clear();
      return;
    default:
      if (!deed.complete) addOpaque(context, "a function", "runs SQL that is put together at run time");
      for (const text of deed.texts) readText(text, context);
  }
}

/** SQL in an argument of a function. What does not parse there is a name or a connection. */
function readText(text: string, context: Visit): void {
  if (context.depth > 4) return;
  const parsed = context.parse(text);
  if (parsed.kind !== "statements") return;
  const from = context.session.entries.length;
  for (const statement of parsed.statements) {
    visit(fieldOf(statement, "stmt") ?? statement, { ...context, depth: context.depth + 1 });
  }
  pinEntries(context.session, from);
}

function isMadeAgain(statement: string, target: string, index: number, session: SqlSession): boolean {
  if (!statement.startsWith("DROP ")) return false;
  const made = session.defined.get(`${statement.slice("DROP ".length)} ${target}`);
  const effect = session.entries[index]?.effect;
  return made !== undefined && made > index && !/CASCADE/.test(effect?.because ?? "");
}
