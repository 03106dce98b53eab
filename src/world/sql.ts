import type { SqlParse } from "../model/world.js";

type Parse = (text: string) => { readonly stmts?: readonly unknown[] };

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "loading"; readonly done: Promise<void> }
  | { readonly kind: "ready"; readonly parse: Parse }
  /** For ever: what the parser cannot be asked about is an error, and a person is asked. */
  | { readonly kind: "broken"; readonly reason: string };

let state: State = { kind: "idle" };

/** Loads PostgreSQL's parser (WebAssembly, about 80 ms); resolves also when that failed, and parseSql then says why. */
export function loadSql(): Promise<void> {
  if (state.kind === "loading") return state.done;
  if (state.kind !== "idle") return Promise.resolve();
  const done = load();
  state = { kind: "loading", done };
  return done;
}

/** The RawStmt nodes of a text, each `{stmt, stmt_location, stmt_len}`. */
export function parseSql(text: string): SqlParse {
  if (state.kind === "broken") return { kind: "error", reason: state.reason };
  if (state.kind !== "ready") return { kind: "loading" };
  // The parser is C: it would take the text before a NUL for the whole.
  if (text.includes("\0")) return { kind: "error", reason: "the SQL holds a NUL byte" };
  if (text === "") return { kind: "statements", statements: [] };
  try {
    const statements = state.parse(text).stmts ?? [];
    if (isDeep(statements)) return { kind: "error", reason: "the SQL is nested too deep to be read" };
    return { kind: "statements", statements };
  } catch (error) {
    // Anything but a syntax error may have left the module's memory in disorder.
    if (!(error instanceof Error) || error.name !== "SqlError") probe(state.parse);
    return { kind: "error", reason: messageOf(error) };
  }
}

/** `select 1+1+…`: deeper than whoever walks the tree by calling itself can go. */
function isDeep(statements: readonly unknown[]): boolean {
  let level: readonly unknown[] = statements;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostLevels) return true;
    level = level.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []));
  }
  return false;
}

/** An operator in another one is three of them. */
const mostLevels = 3000;

async function load(): Promise<void> {
  try {
    const parser = await import("libpg-query");
    await parser.loadModule();
    state = { kind: "ready", parse: parser.parseSync };
  } catch (error) {
    state = { kind: "broken", reason: `the SQL parser cannot be loaded: ${messageOf(error)}` };
  }
}

function probe(parse: Parse): void {
  try {
    if (parse("SELECT 1").stmts?.length === 1) return;
  } catch {
    // Falls through to the state that is told below.
  }
  state = { kind: "broken", reason: "the SQL parser broke down" };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
