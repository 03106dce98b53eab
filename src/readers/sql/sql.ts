import type { SqlParse } from "../../model/world.js";
import { addOpaque, addTexts, type Reach, readCall, readRoutineHere } from "./calls.js";
import { readNode } from "./deeds.js";
import type { Deed, Server } from "./effects.js";
import { normalizeSql, postgresQuoting } from "./lexicon.js";
import { routineOf } from "./routines.js";
import { addDeed, loseTrack, pinEntries, type SqlSession, transact } from "./session.js";
import { readTemplate } from "./templates.js";
import { definedBy } from "./tracks.js";
import { fieldOf, isNode, listOf, textOf } from "./tree.js";

export interface SqlInput {
  readonly server: Server;
  readonly parse: (text: string) => SqlParse;
  /** What was parsed. */
  readonly text: string;
  /** A statement that fails ends the text (`-c`), the whole run (ON_ERROR_STOP), or neither. */
  readonly failureEnds: "text" | "run" | "nothing";
}

/** Reads PostgreSQL's own parse tree, statement by statement. */
export function readSql(statements: readonly unknown[], input: SqlInput, session: SqlSession): void {
  for (const statement of statements) {
    const before = session.entries.length;
    const root = fieldOf(statement, "stmt") ?? statement;
    const reach = reachOf(input, session, () => sliceStatement(input.text, statement));
    visit(root, { ...reach, failureEnds: input.failureEnds });
    if (session.entries.length === before && isNode(root)) {
      const words = reading[Object.keys(root)[0] ?? ""];
      if (words === undefined) continue;
      const target = input.server.database || "the database";
      addDeed(session, input.server, { action: "read", statement: words, target }, reach.scope);
    }
  }
}

/** `\gexec`: each value that the query returns is run as SQL. */
export function readGenerated(statements: readonly unknown[], input: SqlInput, session: SqlSession): void {
  const reach = reachOf(input, session, () => input.text);
  for (const statement of statements) {
    const values = listOf(statement, "stmt", "SelectStmt", "targetList").map((value) =>
      readTemplate(fieldOf(value, "ResTarget", "val")),
    );
    const texts = values.filter((text) => text !== undefined);
    if (texts.length < values.length || values.length === 0) {
      addOpaque(reach, "\\gexec", "runs the SQL that a query returns");
      loseTrack(session);
    }
    addTexts(texts, reach, "runs SQL that is put together at run time");
  }
}

interface Visit extends Reach {
  readonly failureEnds: SqlInput["failureEnds"];
}

function reachOf({ server, parse }: SqlInput, session: SqlSession, text: () => string): Reach {
  let printed: string | undefined;
  const scope = (): string => {
    printed ??= session.print(normalizeSql(text(), postgresQuoting));
    return printed;
  };
  return {
    server,
    parse,
    session,
    depth: 0,
    scope,
    visit: (node, reach) => visit(node, { ...reach, failureEnds: "nothing" }),
  };
}

/** The parser counts bytes. */
function sliceStatement(text: string, statement: unknown): string {
  const start = Number(fieldOf(statement, "stmt_location") ?? 0);
  const length = Number(fieldOf(statement, "stmt_len") ?? 0);
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder().decode(bytes.subarray(start, length === 0 ? undefined : start + length));
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
  const { session } = context;
  for (const [kind, node] of Object.entries(value)) {
    if (typeof node !== "object" || node === null) continue;
    const read = /^[A-Z]/.test(kind) ? readNode(kind, node) : undefined;
    if (kind === "FuncCall" || kind === "funccall") readCall(node, context);
    if (read === undefined) {
      visit(node, context);
      continue;
    }
    // A prepared statement outlives the transaction that prepared it.
    const from = session.entries.length;
    for (const deed of read.deeds) {
      addDeed(session, context.server, temporal(deed, context), context.scope);
      if (deed.statement.startsWith("CREATE ")) session.created.add(deed.target);
    }
    if (read.inside) visit(node, context);
    if (kind === "PrepareStmt") pinEntries(session, from);
    follow(kind, node, context);
  }
}

function temporal(deed: Deed, { session }: Visit): Deed {
  // Every dump says whose its objects are.
  if (/^ALTER .*OWNER$/.test(deed.statement) && session.created.has(deed.target))
    return { ...deed, recovery: "needless", because: "created by the same text" };
  if (deed.tables?.every((table) => session.tables.has(table)) === true)
    return { ...deed, recovery: "needless", because: "on tables that the same text made" };
  const isTableDeed = deed.statement === "DROP TABLE" || deed.action !== "create";
  if (!isTableDeed || deed.revocable !== true || !session.tables.has(deed.target)) return deed;
  return { ...deed, recovery: "needless", because: "a table that the same text made" };
}

/** What a statement changes for those after it. */
function follow(kind: string, node: unknown, context: Visit): void {
  const { session } = context;
  if (context.depth > 0) {
    // In a body it may stand in a branch.
    if (unsettling.test(kind)) loseTrack(session);
  } else {
    const key = definedBy(kind, node);
    if (key !== undefined) session.defined.set(key, session.entries.length);
    session.tables.follow(kind, node, session.begun !== undefined, context.failureEnds);
  }
  switch (kind) {
    case "TransactionStmt":
      if (context.depth === 0) transact(textOf(node, "kind") ?? "", fieldOf(node, "chain") === true, session);
      return;
    case "CreateFunctionStmt":
      session.made.set(
        (textOf(listOf(node, "funcname").at(-1), "String", "sval") ?? "").toLowerCase(),
        routineOf(listOf(node, "options"), fieldOf(node, "sql_body")),
      );
      return;
    case "CreateTrigStmt": {
      const name = textOf(listOf(node, "funcname").at(-1), "String", "sval") ?? "";
      const table = textOf(node, "relation", "relname") ?? "";
      session.triggers.set(table, [...(session.triggers.get(table) ?? []), name]);
      return;
    }
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
    case "MergeStmt":
    case "CopyStmt":
      fire(kind, node, context);
      return;
    case "DoStmt": {
      const before = session.entries.length;
      readRoutineHere(routineOf(listOf(node, "args")), "a DO block", context);
      if (session.entries.length > before) return;
      const deed = {
        action: "modify",
        statement: "DO",
        target: "a block",
        recovery: "needless",
      } as const;
      addDeed(session, context.server, deed, context.scope);
      return;
    }
    case "CallStmt": {
      const name = listOf(node, "funccall", "funcname").map((part) => textOf(part, "String", "sval") ?? "");
      // One that the same text created is read where its call was visited.
      if (session.made.has((name.at(-1) ?? "").toLowerCase())) return;
      addOpaque(context, `CALL ${name.join(".")}`, "the body of the procedure is not known");
      loseTrack(session);
      return;
    }
    default:
  }
}

const unsettling = /^(Drop|Create|Rename|VariableSet|AlterObjectSchema|Transaction|Execute|Discard)/;

/** Triggers that the same text made, and programs that COPY has the server run. */
function fire(kind: string, node: unknown, context: Visit): void {
  const { session } = context;
  for (const name of session.triggers.get(textOf(node, "relation", "relname") ?? "") ?? []) {
    const routine = session.made.get(name.toLowerCase());
    if (routine !== undefined) readRoutineHere(routine, `the trigger function "${name}"`, context);
  }
  const program = kind === "CopyStmt" ? textOf(node, "filename") : undefined;
  if (fieldOf(node, "is_program") !== true || program === undefined) return;
  session.inner.push({
    kind: "line",
    text: program,
    shell: "sh",
    via: `${context.server.tool} COPY PROGRAM`,
  });
}
