import type { Recovery } from "../../model/effect.js";
import type { Deed } from "./effects.js";
import { textOf } from "./tree.js";

/** The words of `DROP …` for PostgreSQL's ObjectType. */
export function objectWords(type: string): string {
  const bare = type.replace(/^OBJECT_/, "");
  return unusual[bare] ?? bare.replaceAll("_", " ");
}

/** Rows or large objects go with these; of all others only a definition goes. */
function holdsData(words: string): boolean {
  return dataHolders.has(words);
}

/** What dropping a thing of this kind loses. */
export function dropLoss(
  words: string,
  cascade: boolean,
): { readonly recovery: Recovery; readonly because: string } {
  if (holdsData(words)) return { recovery: "none", because: "no undo after commit" };
  if (cascade) return { recovery: "unknown", because: "CASCADE drops what depends on it, columns included" };
  return { recovery: "unknown", because: "a definition is lost, no rows" };
}

export function lose(statement: string, target: string): Deed {
  return { action: "delete", statement, target, revocable: true };
}

/** A grant for one object covers no others: `DROP … CASCADE` is another deed than `DROP …`. */
export function cascade(node: unknown): Pick<Deed, "scope"> {
  return textOf(node, "behavior") === "DROP_CASCADE" ? { scope: "cascade" } : {};
}

const unusual: Readonly<Record<string, string>> = {
  MATVIEW: "MATERIALIZED VIEW",
  FDW: "FOREIGN DATA WRAPPER",
  FOREIGN_SERVER: "SERVER",
  EVENT_TRIGGER: "EVENT TRIGGER",
  TSCONFIGURATION: "TEXT SEARCH CONFIGURATION",
  TSDICTIONARY: "TEXT SEARCH DICTIONARY",
  TSPARSER: "TEXT SEARCH PARSER",
  TSTEMPLATE: "TEXT SEARCH TEMPLATE",
  OPCLASS: "OPERATOR CLASS",
  OPFAMILY: "OPERATOR FAMILY",
  STATISTIC_EXT: "STATISTICS",
};

const dataHolders: ReadonlySet<string> = new Set([
  "TABLE",
  "DATABASE",
  "SCHEMA",
  "OWNED",
  "TABLESPACE",
  "SEQUENCE",
  "TYPE",
  "DOMAIN",
  "EXTENSION",
  "SUBSCRIPTION",
  "MATERIALIZED VIEW",
]);
