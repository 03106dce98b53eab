import { type Finding, failed, found, type Gather, type PreviewInput } from "../previewer.js";
import { type Aim, findAims } from "./aim.js";
import { type Relation, readSaid } from "./answers.js";
import { type Condition, writeCondition } from "./condition.js";
import { type Connection, connectionOf } from "./connection.js";
import {
  countQuery,
  databaseQuery,
  estimateQuery,
  fromClause,
  type Query,
  relationsQuery,
  rowName,
  schemaQuery,
  serverQuery,
  sizesQuery,
} from "./queries.js";
import { type Count, databaseRows, missingRow, nameOf, relationRows, schemaRows, serverRow } from "./rows.js";
import { askServer, type Said } from "./server.js";

/** Asks the call's own server what its statements would lose, by the real psql, with the call's own role. */
export const gatherSql: Gather = async (input) => {
  const { aims, unclear } = findAims(input.effects, input.call, input.world);
  const rest = [...unclear]
    .filter(([at]) => !aims.some((aim) => aim.at === at))
    .map(([at, why]) => failed(at, why));
  const servers = groups(aims, ({ target }) => JSON.stringify(target));
  const looked = await Promise.all(servers.map((some) => lookAt(some, input)));
  return [...merge(looked.flat()), ...rest];
};

function groups<T>(all: readonly T[], key: (one: T) => string | number): readonly (readonly T[])[] {
  const found = new Map<string | number, T[]>();
  for (const one of all) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return [...found.values()];
}

/** Several statements may be behind one effect. */
function merge(findings: readonly Finding[]): readonly Finding[] {
  return groups(findings, ({ effect }) => effect).flatMap((some) => {
    const good = some.filter(({ state }) => state === "found");
    const rows = [...new Set(good.flatMap((one) => one.rows))];
    return good.length === 0 ? some.slice(0, 1) : good.slice(0, 1).map(({ effect }) => found(effect, rows));
  });
}

/** All aims at one server. */
async function lookAt(aims: readonly Aim[], input: PreviewInput): Promise<readonly Finding[]> {
  const [first] = aims;
  if (first === undefined) return [];
  const to = await connectionOf(first.target, input);
  if ("reason" in to) return aims.map(({ at }) => failed(at, to.reason));
  const conditions = aims.map((aim) => conditionOf(aim));
  const said = await askServer(firstQuestions(aims, conditions), to, 1000, input);
  const server = readSaid.server(said);
  if (server === undefined) return aims.map(({ at }) => failed(at, refusal(said, "server")));
  const relations = readSaid.relations(said) ?? [];
  const counts = await countRows(aims, conditions, relations, to, input);
  return aims.map((aim, n) => {
    const rows = rowsOf(aim, n, { said, relations, count: counts.get(n), condition: conditions[n] });
    return "why" in rows
      ? failed(aim.at, rows.why)
      : found(aim.at, [...rows.rows.slice(0, 1), serverRow(server), ...rows.rows.slice(1)]);
  });
}

function firstQuestions(
  aims: readonly Aim[],
  conditions: readonly (Condition | undefined)[],
): readonly Query[] {
  const columns = conditions.map((condition) => (condition?.ok === true ? condition.columns : []));
  const hasRelations = aims.some(({ object }) => object.kind === "relation");
  return [
    serverQuery,
    ...(hasRelations ? [relationsQuery(aims, columns)] : []),
    ...aims.flatMap(({ object }, n) => {
      if (object.kind === "database") return [databaseQuery(n, object.name)];
      if (object.kind === "relation") return [];
      return [schemaQuery(n, object.kind === "schema" ? object.name : undefined)];
    }),
    ...(hasRelations ? [sizesQuery(aims)] : []),
  ];
}

/** Undefined: every row. */
function conditionOf({ rows }: Aim): Condition | undefined {
  if (rows?.joins === true) return { ok: false, reason: "it goes by the rows of other tables" };
  if (rows?.where === undefined) return undefined;
  const condition = writeCondition(rows.where, rowName);
  return condition.ok ? condition : { ok: false, reason: `its condition ${condition.reason}` };
}

interface Known {
  readonly said: Said;
  readonly relations: readonly Relation[];
  readonly count: Count | undefined;
  readonly condition: Condition | undefined;
}

function rowsOf(
  aim: Aim,
  n: number,
  { said, relations, count, condition }: Known,
): { readonly rows: readonly string[] } | { readonly why: string } {
  const { object } = aim;
  if (object.kind === "database") {
    const facts = readSaid.database(said, n);
    return facts === undefined
      ? { why: refusal(said, `database${n}`) }
      : { rows: databaseRows(object.name, facts) };
  }
  if (object.kind !== "relation") {
    const facts = readSaid.schema(said, n);
    return facts === undefined ? { why: refusal(said, `schema${n}`) } : { rows: schemaRows(aim, facts) };
  }
  if (readSaid.relations(said) === undefined) return { why: refusal(said, "relations") };
  const relation = relations.find((each) => each.n === n);
  if (relation === undefined) return { rows: [missingRow(aim)] };
  const size = readSaid.sizes(said)?.find((each) => each.n === n)?.bytes;
  return { rows: relationRows(aim, { relation, size, count, isRestricted: condition !== undefined }) };
}

function refusal(said: Said, name: string): string {
  const error = said.errors.get(name);
  return error === undefined
    ? (said.failure ?? "the server said nothing that is understood")
    : `the server says: ${error.message}`;
}

/** In a second connection, once it is known that nothing of anybody's own would run for it. */
async function countRows(
  aims: readonly Aim[],
  conditions: readonly (Condition | undefined)[],
  relations: readonly Relation[],
  to: Connection,
  input: PreviewInput,
): Promise<ReadonlyMap<number, Count>> {
  const counts = new Map<number, Count>();
  const queries: Query[] = [];
  const asked: number[] = [];
  for (const [n, { object, statement }] of aims.entries()) {
    const relation = relations.find((each) => each.n === n);
    if (relation === undefined || object.kind !== "relation" || !/[rpmf]/.test(relation.kind)) continue;
    if (statement.includes("COLUMN")) continue;
    const condition = conditions[n];
    const because = obstacle(relation, condition);
    if (because !== undefined) counts.set(n, { kind: "unknown", because });
    else {
      const sql = condition?.ok === true ? condition.sql : undefined;
      const from = fromClause(relation.schema, relation.name, object.only && relation.kind !== "p", sql);
      queries.push(estimateQuery(n, from));
      asked.push(n);
      if (asked.length <= mostCounted) queries.push(countQuery(n, from));
    }
  }
  if (queries.length === 0) return counts;
  const left = input.deadline - Date.now() - 150;
  const time = Math.min(1000, left / Math.min(asked.length, mostCounted));
  // The planner's guesses first: they take no time.
  const ordered = queries.toSorted(
    (a, b) => Number(a.name.startsWith("rows")) - Number(b.name.startsWith("rows")),
  );
  const said = await askServer(ordered, to, time, input);
  for (const n of asked) counts.set(n, countOf(said, n, time));
  return counts;
}

const mostCounted = 4;

function countOf(said: Said, n: number, time: number): Count {
  const count = readSaid.count(said, n);
  if (count !== undefined) return { kind: "exact", rows: count };
  const error = said.errors.get(`rows${n}`) ?? said.errors.get(`plan${n}`);
  const because =
    error === undefined
      ? (said.failure ?? "there are too many tables at once")
      : error.state === "57014"
        ? `that takes longer than ${(time / 1000).toFixed(1)} s`
        : error.state === "55P03"
          ? "somebody has it locked just now"
          : `the server says: ${error.message}`;
  const plan = readSaid.plan(said, n);
  return plan === undefined ? { kind: "unknown", because } : { kind: "about", rows: plan, because };
}

/** What would run for a look at the rows and is not PostgreSQL's own, or is not this machine's to see. */
function obstacle(relation: Relation, condition: Condition | undefined): string | undefined {
  const name = nameOf(relation);
  if (condition?.ok === false) return condition.reason;
  if (!relation.readable) return `this role may not read ${name}`;
  if (relation.far) return "its rows lie on another server";
  if (relation.secured) return `a row security policy of ${name} would have a say`;
  if (relation.missing.length > 0) return `${name} has no column ${relation.missing.join(", ")}`;
  if (relation.strange.length > 0)
    return `the type of ${relation.strange.join(", ")} is not PostgreSQL's own`;
  if (relation.casts) return "this database casts between types by functions of its own";
  if (relation.calls.length > 0) return `an index or a check of ${name} calls ${relation.calls.join(", ")}()`;
  return undefined;
}
