import { many, showBytes, showCount } from "../../model/amount.js";
import type { Aim } from "./aim.js";
import type { DatabaseFacts, Relation, SchemaFacts, ServerFacts } from "./answers.js";

/** `database shop on 10.0.0.5:5432, PostgreSQL 15.4, primary with 2 standbys, as role app` */
export function serverRow(facts: ServerFacts): string {
  const { database, address, port, version, role, replica, standbys, slots } = facts;
  const where =
    address === null ? "over a socket of this machine" : `on ${address.replace(/\/\d+$/, "")}:${port ?? ""}`;
  const part = replica
    ? "a replica, which takes no writes"
    : standbys > 0
      ? `primary with ${many(standbys, "standby", "standbys")}`
      : "primary, without a standby";
  const sent = slots > 0 ? `, ${many(slots, "logical slot")}` : "";
  return `database ${database} ${where}, PostgreSQL ${version.split(" ")[0]}, ${part}${sent}, as role ${role}`;
}

/** How many rows, as far as that is known. */
export type Count =
  | { readonly kind: "exact"; readonly rows: number }
  /** By the planner, and why they were not counted. */
  | { readonly kind: "about"; readonly rows: number; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

export interface Facts {
  readonly relation: Relation;
  /** Bytes; undefined where that could not be looked up. */
  readonly size: number | undefined;
  readonly count: Count | undefined;
  /** The rows are those that a condition fits. */
  readonly isRestricted: boolean;
}

/** What would be lost of a relation, what goes with it, and what it would set off. */
export function relationRows(aim: Aim, { relation, size, count, isRestricted }: Facts): readonly string[] {
  const name = nameOf(relation);
  const kind = kinds[relation.kind] ?? "relation";
  const holdsRows = /[rpmf]/.test(relation.kind);
  const parts = relation.parts > 0 ? `, in ${many(relation.parts, "partition")}` : "";
  const bytes =
    size === undefined
      ? relation.pages > 0
        ? `, about ${showBytes(relation.pages)}`
        : ""
      : `, ${showBytes(size)}`;
  const total = totalWords(relation);
  const { object } = aim;
  const column = object.kind === "relation" ? object.column : undefined;
  const first = isRestricted
    ? `${name}: ${matchWords(count, total)}${parts}${bytes}`
    : holdsRows
      ? `${name}: ${count === undefined ? total : allWords(count, total)}${parts}${bytes}`
      : `${name}: a ${kind}, no rows of its own`;
  return [
    column === undefined ? first : `column ${column} of ${first}`,
    ...reasonRows(count),
    ...dependents(aim, relation, name),
    ...(relation.indexes.length > 0 ? [`indexes that go with the column: ${list(relation.indexes)}`] : []),
    ...(relation.triggers.length > 0 ? [`fires the triggers ${list(relation.triggers)}`] : []),
    ...(relation.publications.length > 0
      ? [`published to subscribers by ${list(relation.publications)}`]
      : []),
  ];
}

function matchWords(count: Count | undefined, total: string): string {
  if (count === undefined || count.kind === "unknown")
    return `${total} in all, how many of them match is not known`;
  if (count.kind === "about") return `about ${showCount(count.rows)} of ${total} match`;
  return `${showCount(count.rows)} of ${total} match`;
}

function allWords(count: Count, total: string): string {
  return count.kind === "exact" ? many(count.rows, "row") : total;
}

function reasonRows(count: Count | undefined): readonly string[] {
  return count === undefined || count.kind === "exact" ? [] : [`rows not counted: ${count.because}`];
}

function totalWords({ tuples, untold }: Relation): string {
  if (tuples === 0 && untold > 0) return "an unknown number of rows (never analyzed)";
  return `about ${many(tuples, "row")}${untold > 0 ? " or more" : ""}`;
}

function dependents(aim: Aim, relation: Relation, name: string): readonly string[] {
  const { refs, views } = relation;
  const named = (some: Relation["refs"]) =>
    list(
      some.map(({ name: table, tuples }) =>
        tuples > 0 ? `${table} (up to ${showCount(tuples)} rows)` : table,
      ),
    );
  const of = (...actions: readonly string[]) => refs.filter(({ action }) => actions.includes(action));
  const rows: string[] = [];
  const say = (words: string, some: Relation["refs"]) => {
    if (some.length > 0) rows.push(`${words} ${named(some)}`);
  };
  switch (aim.statement) {
    case "DELETE":
      say("rows that refer to them go as well (ON DELETE CASCADE):", of("c"));
      say("rows that refer to them lose the reference (SET NULL or DEFAULT) in", of("n", "d"));
      say("is refused where rows still refer to them from", of("a", "r"));
      return rows;
    case "UPDATE":
      return rows;
    case "TRUNCATE":
      say(aim.cascade ? "CASCADE empties as well:" : "fails without CASCADE, for it is referred to by", refs);
      return rows;
    default:
      if (aim.cascade) {
        if (views.length > 0) rows.push(`CASCADE drops the views ${list(views)}`);
        if (refs.length > 0)
          rows.push(`CASCADE drops the foreign keys of ${list(refs.map((ref) => ref.name))}`);
      } else {
        const holders = [
          ...views.map((view) => `the view ${view}`),
          ...refs.map((ref) => `the foreign key of ${ref.name}`),
        ];
        if (holders.length > 0)
          rows.push(
            `fails without CASCADE: ${list(holders)} ${holders.length === 1 ? "stands" : "stand"} on ${name}`,
          );
      }
      return rows;
  }
}

export function missingRow({ object }: Aim): string {
  if (object.kind !== "relation") return "there is no such thing";
  const { schema, name } = object;
  return `there is no ${schema === undefined ? name : `${schema}.${name}`} that this role can see: nothing would be lost, or it looks somewhere else`;
}

export function schemaRows(aim: Aim, facts: SchemaFacts): readonly string[] {
  const what = aim.object.kind === "schema" ? `schema ${aim.object.name}` : "the database as a whole";
  if (!facts.exists) return [`there is no ${what}`];
  const { tables, tuples, pages, largest, views, functions, outer } = facts;
  const also = [
    views > 0 ? many(views, "view") : "",
    functions > 0 ? many(functions, "function") : "",
  ].filter((one) => one !== "");
  const isEmpty = tables + views + functions === 0;
  return [
    `${what}: ${many(tables, "table")} with about ${many(tuples, "row")}, about ${showBytes(pages)}${also.map((one) => `, ${one}`).join("")}`,
    ...(largest.length > 0 && tables > 0 ? [`the largest: ${list(largest)}`] : []),
    ...(outer.length > 0 ? [`other schemas refer to it: ${list(outer)}`] : []),
    ...(aim.object.kind === "schema" && !aim.cascade && !isEmpty
      ? ["fails without CASCADE: it is not empty"]
      : []),
  ];
}

export function databaseRows(name: string, facts: DatabaseFacts): readonly string[] {
  if (!facts.exists) return [`there is no database ${name} on this server`];
  const { bytes, sessions } = facts;
  return [
    `database ${name}: ${bytes === null ? "size not known" : showBytes(bytes)}, ${many(sessions, "session")} connected to it`,
  ];
}

export function nameOf({ schema, name }: Pick<Relation, "schema" | "name">): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

const kinds: Readonly<Record<string, string>> = {
  v: "view",
  S: "sequence",
  i: "index",
  I: "index",
  c: "type",
};

function list(all: readonly string[]): string {
  const names = all.map((name) => name.replace(/\bpublic\./, ""));
  const more = names.length - mostNamed;
  return more > 0 ? `${names.slice(0, mostNamed).join(", ")} and ${more} more` : names.join(", ");
}

const mostNamed = 6;
