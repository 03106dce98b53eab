import type { Effect } from "../../model/effect.js";
import type { Token } from "./lexicon.js";

/** What the statements of one text do to each other: tables that it made itself, and what it rolls back. */
export class DialectTrack {
  readonly #engine: string;
  readonly #effects: Effect[] = [];
  readonly #made = new Set<string>();
  #begun: number | undefined;

  constructor(engine: string) {
    this.#engine = engine;
  }

  /** To be called for each statement before its effects are added. */
  follow(tokens: readonly Token[]): void {
    // What PostgreSQL's parser refused is not followed: half of it may never run.
    if (this.#engine === "postgres") return;
    const words = tokens.slice(0, 8).map((token) => (token.kind === "word" ? token.text : ""));
    const [first = "", second = ""] = words;
    if (opens(first, second, tokens.length, this.#engine)) this.#begun = this.#effects.length;
    else if (first === "ROLLBACK" && !words.includes("TO")) this.#rollBack();
    else if (/^(COMMIT|END|PREPARE|SET|CALL|EXEC|EXECUTE|START)$/.test(first)) this.#begun = undefined;
    else if (definitions.has(first) && !keepsDefinitions.has(this.#engine)) this.#begun = undefined;
    if (first === "CREATE") this.#noteTable(words, tokens);
  }

  add(effect: Effect): void {
    const name = effect.target.toLowerCase();
    const isOwn = effect.resource === "sql" && onTables.has(effect.statement) && this.#made.has(name);
    this.#effects.push(
      isOwn ? { ...effect, recovery: "needless", because: "a table that the same text made" } : effect,
    );
    // What a second DROP of that name finds is the table behind it.
    if (isOwn && effect.statement === "DROP TABLE") this.#made.delete(name);
  }

  effects(): readonly Effect[] {
    return this.#effects;
  }

  #rollBack(): void {
    const from = this.#begun;
    this.#begun = undefined;
    if (from === undefined) return;
    this.#effects.forEach((effect, index) => {
      if (index < from || effect.resource !== "sql" || !revocable.has(effect.statement)) return;
      this.#effects[index] = { ...effect, recovery: "needless", because: "rolled back in the same text" };
    });
  }

  /** A temporary table hides one of the same name; any other CREATE may fail, and the client go on. */
  #noteTable(words: readonly string[], tokens: readonly Token[]): void {
    const table = words.indexOf("TABLE");
    if (!words.slice(0, Math.max(table, 0)).some((word) => word === "TEMP" || word === "TEMPORARY")) return;
    const at = table + (words[table + 1] === "IF" ? 4 : 1);
    const name = tokens[at];
    if (name !== undefined && tokens[at + 1]?.text !== ".") this.#made.add(name.raw.toLowerCase());
  }
}

function opens(first: string, second: string, length: number, engine: string): boolean {
  if (first === "START") return second === "TRANSACTION";
  return first === "BEGIN" && (opening.has(second) || (length === 1 && engine !== "sqlserver"));
}

const opening: ReadonlySet<string> = new Set([
  "TRANSACTION",
  "TRAN",
  "WORK",
  "IMMEDIATE",
  "EXCLUSIVE",
  "DEFERRED",
]);
/** These commit what was open, but for the engines that roll definitions back, too. */
const definitions: ReadonlySet<string> = new Set([
  "CREATE",
  "DROP",
  "ALTER",
  "TRUNCATE",
  "RENAME",
  "GRANT",
  "REVOKE",
  "LOCK",
]);
const keepsDefinitions: ReadonlySet<string> = new Set(["sqlite", "duckdb", "sqlserver"]);
const onTables: ReadonlySet<string> = new Set(["DROP TABLE", "DELETE", "UPDATE", "TRUNCATE", "REPLACE"]);
const revocable: ReadonlySet<string> = new Set([
  "DELETE",
  "UPDATE",
  "REPLACE",
  "MERGE",
  "DROP TABLE",
  "DROP INDEX",
  "DROP VIEW",
  "ALTER TABLE DROP COLUMN",
]);
