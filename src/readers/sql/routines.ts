import type { SqlParse } from "../../model/world.js";
import { readFunction } from "./functions.js";
import { postgresQuoting, readTokens } from "./lexicon.js";
import { readBody, withoutInto } from "./plpgsql.js";
import { readTemplate } from "./templates.js";
import { fieldOf, isNode, listOf, objectName, textOf } from "./tree.js";

/** The body of a DO block, a function or a procedure. */
export interface Routine {
  readonly language: string;
  readonly text: string;
  /** BEGIN ATOMIC …, RETURN …: already parsed. */
  readonly parsed: unknown;
}

export interface RoutineReading {
  /** What runs in it, as nodes of the parse tree. */
  readonly nodes: readonly unknown[];
  /** SQL that its EXECUTEs put together from plain parts. */
  readonly texts: readonly string[];
  /** Why it may do more than that. */
  readonly doubts: readonly string[];
}

/** DO and CREATE FUNCTION hold their body and language in the same kind of list. */
export function routineOf(options: readonly unknown[], parsed?: unknown): Routine {
  const fallback = parsed === undefined ? "plpgsql" : "sql";
  return {
    language: (argument(options, "language") ?? fallback).toLowerCase(),
    text: argument(options, "as") ?? "",
    parsed,
  };
}

/**
 * PL/pgSQL runs only the statements that stand in it and what EXECUTE puts together, so that a block without strong words
 * (`CREATE TYPE … EXCEPTION WHEN duplicate_object`) is as harmless as it looks.
 */
export function readRoutine(
  { language, text, parsed }: Routine,
  parse: (text: string) => SqlParse,
  what: string,
): RoutineReading {
  if (parsed !== undefined) return { nodes: [parsed], texts: [], doubts: [] };
  if (language === "sql") {
    const found = parse(text);
    if (found.kind === "statements") return { nodes: statementsOf(found.statements), texts: [], doubts: [] };
    return { nodes: [], texts: [], doubts: doubt(text, what) };
  }
  if (language !== "plpgsql")
    return { nodes: [], texts: [], doubts: [`${what} in the language ${language}`] };
  const nodes: unknown[] = [];
  const texts: string[] = [];
  const doubts: string[] = [];
  for (const part of readBody(text)) {
    const statements = parseAny(
      part.kind === "statement" ? [withoutInto(part.text), part.text] : [`SELECT ${part.text}`],
      parse,
    );
    if (statements === undefined) {
      doubts.push(...(part.kind === "run" ? [`${what} that says EXECUTE`] : doubt(part.text, what)));
      continue;
    }
    nodes.push(...statements);
    if (part.kind !== "run") continue;
    const made = readTemplate(
      fieldOf(listOf(statements[0], "SelectStmt", "targetList")[0], "ResTarget", "val"),
    );
    if (made === undefined) doubts.push(`${what} that says EXECUTE`);
    else texts.push(made);
  }
  return { nodes, texts, doubts: [...new Set(doubts)] };
}

function parseAny(
  texts: readonly string[],
  parse: (text: string) => SqlParse,
): readonly unknown[] | undefined {
  for (const text of texts) {
    const found = parse(text);
    if (found.kind === "statements") return statementsOf(found.statements);
  }
  return undefined;
}

function statementsOf(statements: readonly unknown[]): readonly unknown[] {
  return statements.map((statement) => fieldOf(statement, "stmt") ?? statement);
}

/** A text that does not parse is taken for harmless when none of its words could do harm. */
function doubt(text: string, what: string): readonly string[] {
  const names = readTokens(text, postgresQuoting).flatMap(({ kind, text: word }) =>
    kind === "word" || kind === "name" ? [word] : [],
  );
  const found = names.find(
    (name, index) =>
      destructive.has(name) ||
      (name === "CREATE" && /^(ROLE|USER)$/.test(names[index + 1] ?? "")) ||
      readFunction({ funcname: [{ String: { sval: name.toLowerCase() } }] }, new Map()) !== undefined,
  );
  return found === undefined ? [] : [`${what} that says ${found}`];
}

const destructive: ReadonlySet<string> = new Set([
  "DROP",
  "TRUNCATE",
  "DELETE",
  "UPDATE",
  "MERGE",
  "EXECUTE",
  "CALL",
  "GRANT",
  "REVOKE",
  "COPY",
  "OWNER",
  "REASSIGN",
  "SUPERUSER",
  "SYSTEM",
  "LOAD",
]);

function argument(options: readonly unknown[], name: string): string | undefined {
  const found = options.find((one) => textOf(one, "DefElem", "defname") === name);
  if (!isNode(found)) return undefined;
  return (
    textOf(found, "DefElem", "arg", "String", "sval") ??
    objectName(listOf(found, "DefElem", "arg", "List", "items")[0])
  );
}
