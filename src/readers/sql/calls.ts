import { opaqueEffect } from "../../model/effect.js";
import type { SqlParse } from "../../model/world.js";
import { parseConnection } from "../postgres/psql-settings.js";
import type { Server } from "./effects.js";
import { readFunction } from "./functions.js";
import { type Routine, readRoutine } from "./routines.js";
import { addDeed, pinEntries, type SqlSession } from "./session.js";
import { fieldOf, listOf, textOf } from "./tree.js";

/** Where a statement stands: its server and session, and how deep in bodies and texts. */
export interface Reach {
  readonly server: Server;
  readonly session: SqlSession;
  readonly parse: (text: string) => SqlParse;
  readonly depth: number;
  /** A print of the outermost statement. */
  readonly scope: () => string;
  readonly visit: (node: unknown, reach: Reach) => void;
}

/** What a function called in a query does besides giving a value. */
export function readCall(node: unknown, reach: Reach): void {
  const { session, server } = reach;
  const deed = readFunction(node, session.made);
  if (deed === undefined) return;
  switch (deed.kind) {
    case "acts": {
      const args = listOf(node, "args").map((argument) => textOf(argument, "A_Const", "sval", "sval") ?? "…");
      const target = deed.target ?? `${deed.statement}(${args.join(", ")})`;
      addDeed(session, server, { ...deed, target }, reach.scope);
      return;
    }
    case "opaque":
      addOpaque(reach, "a function", deed.because);
      session.tables.clear();
      return;
    case "made":
      readRoutineHere(deed.routine, `the function "${deed.name}"`, reach);
      return;
    default: {
      if (!deed.complete) addOpaque(reach, "a function", "runs SQL that is put together at run time");
      // What another server did, or a job does later, no ROLLBACK here takes back.
      const from = session.entries.length;
      for (const text of deed.texts)
        readText(text, { ...reach, server: remote(deed.texts, reach.server, deed.isElsewhere) });
      pinEntries(session, from);
    }
  }
}

/** What a DO block, a trigger, or a function made in the same text does. */
export function readRoutineHere(routine: Routine, what: string, reach: Reach): void {
  if (reach.depth > maxDepth) {
    addOpaque(reach, what, "functions call one another without end");
    return;
  }
  const inside = { ...reach, depth: reach.depth + 1 };
  const { nodes, texts, doubts } = readRoutine(routine, reach.parse, what);
  for (const node of nodes) reach.visit(node, inside);
  addTexts(texts, inside, `${what} that says EXECUTE`);
  for (const because of doubts) addOpaque(reach, what, because);
  if (doubts.length > 0) reach.session.tables.clear();
}

/** SQL that was put together; one that does not parse may be anything. */
export function addTexts(texts: readonly string[], reach: Reach, otherwise: string): void {
  for (const text of texts) {
    const parsed = reach.parse(text);
    if (parsed.kind === "statements")
      for (const statement of parsed.statements)
        reach.visit(fieldOf(statement, "stmt") ?? statement, { ...reach, depth: reach.depth + 1 });
    else addOpaque(reach, text.slice(0, 200), otherwise);
  }
}

export function addOpaque(reach: Reach, target: string, because: string): void {
  reach.session.entries.push({
    effect: { ...opaqueEffect(reach.server.tool, target, because), scope: reach.scope() },
    revocable: false,
  });
}

const maxDepth = 4;

/** SQL in an argument of a function. What does not parse there is a name or a connection. */
function readText(text: string, reach: Reach): void {
  const parsed = reach.parse(text);
  if (parsed.kind !== "statements" || parsed.statements.length === 0) return;
  if (reach.depth > maxDepth) {
    addOpaque(reach, text.slice(0, 200), "texts run one another without end");
    return;
  }
  for (const statement of parsed.statements)
    reach.visit(fieldOf(statement, "stmt") ?? statement, { ...reach, depth: reach.depth + 1 });
}

/** `dblink('host=db', …)`: a connection that is only named may lead anywhere. */
function remote(texts: readonly string[], server: Server, isElsewhere: boolean): Server {
  if (!isElsewhere) return server;
  const given = texts.map(parseConnection).find((found) => found?.has("host") || found?.has("hostaddr"));
  const host = given?.get("host") ?? given?.get("hostaddr") ?? "behind a link";
  return { ...server, host, database: given?.get("dbname") ?? server.database, credentials: [] };
}
