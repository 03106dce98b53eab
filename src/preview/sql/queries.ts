import type { Aim } from "./aim.js";
import { identifier, literal } from "./quoting.js";

/** One question: a transaction of its own, whose answer is one JSON document with this name in it. */
export interface Query {
  readonly name: string;
  readonly sql: string;
}

/**
 * What reads and cannot write, within its time, whatever the role's own settings are. Names are looked up along the call's
 * own search path, which is kept aside; all of ours are PostgreSQL's own, so that no function or operator that somebody
 * put before them is met.
 */
export function transaction(sql: string, milliseconds: number): string {
  const time = Math.max(50, Math.round(milliseconds));
  return [
    "ROLLBACK",
    "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY",
    `SET LOCAL statement_timeout = ${time}`,
    `SET LOCAL lock_timeout = ${Math.min(300, time)}`,
    "SELECT pg_catalog.set_config('holdpoint.path', pg_catalog.current_schemas(true)::pg_catalog.text, true)",
    "SET LOCAL search_path = pg_catalog, pg_temp",
    "SET LOCAL row_security = on",
    "SET LOCAL max_parallel_workers_per_gather = 0",
    sql,
  ].join("; ");
}

export const serverQuery: Query = {
  name: "server",
  sql: `SELECT jsonb_build_object('database', current_database(), 'address', host(inet_server_addr()),
 'port', inet_server_port(), 'version', current_setting('server_version'), 'role', current_user,
 'replica', pg_is_in_recovery(), 'standbys', (SELECT count(*) FROM pg_stat_replication),
 'slots', (SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical'))`,
};

/** All that the catalog says of the relations; takes no lock on any of them. */
export function relationsQuery(aims: readonly Aim[], columns: readonly (readonly string[])[]): Query {
  return {
    name: "relations",
    sql: `${relationTrees(aims, columns)},
 reached(n, oid, action, depth) AS (
  SELECT n, oid, 'c'::"char", 0 FROM trees
  UNION
  SELECT r.n, k.conrelid, k.confdeltype, r.depth + 1
  FROM reached r JOIN wanted w USING (n) JOIN pg_constraint k ON k.confrelid = r.oid AND k.contype = 'f' JOIN pg_class c ON c.oid = k.conrelid
  WHERE r.depth < CASE WHEN w.how = 'drop' THEN 1 ELSE 6 END AND (w.how <> 'rows' OR r.action = 'c')
   AND NOT (k.conparentid <> 0 AND c.relispartition)
   AND (r.depth > 0 OR w.col IS NULL OR (SELECT attnum FROM pg_attribute WHERE attrelid = r.oid AND attname = w.col::name) = ANY (k.confkey))
 ),
 above(n, oid, depth) AS (
  SELECT n, oid, 0 FROM trees
  UNION
  SELECT a.n, r.ev_class, a.depth + 1
  FROM above a JOIN wanted w USING (n) JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.oid AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
   JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class <> a.oid
  WHERE a.depth < 6 AND (a.depth > 0 OR w.col IS NULL OR d.refobjsubid = (SELECT attnum FROM pg_attribute WHERE attrelid = a.oid AND attname = w.col::name))
 )
 SELECT jsonb_build_object('list', coalesce(jsonb_agg(to_jsonb(x)), '[]')) FROM (
  SELECT a.n, s.nspname AS schema, c.relname AS name, c.relkind AS kind, has_table_privilege(c.oid, 'SELECT') AS readable,
   (SELECT count(*) FROM trees t WHERE t.n = a.n AND t.oid <> a.oid) AS parts,
   (SELECT coalesce(sum(l.reltuples) FILTER (WHERE l.reltuples > 0), 0) FROM trees t JOIN pg_class l ON l.oid = t.oid AND l.relkind IN ('r', 'm') WHERE t.n = a.n) AS tuples,
   (SELECT count(*) FROM trees t JOIN pg_class l ON l.oid = t.oid AND l.relkind IN ('r', 'm') WHERE t.n = a.n AND (l.reltuples < 0 OR l.reltuples = 0 AND l.relpages = 0)) AS untold,
   (SELECT coalesce(sum(l.relpages::bigint), 0) * current_setting('block_size')::bigint FROM trees t JOIN pg_class l ON l.oid = t.oid WHERE t.n = a.n) AS pages,
   EXISTS (SELECT FROM trees t JOIN pg_class l ON l.oid = t.oid WHERE t.n = a.n AND l.relkind NOT IN ('r', 'p', 'm')) AS far,
   EXISTS (SELECT FROM trees t JOIN pg_class l ON l.oid = t.oid WHERE t.n = a.n AND l.relrowsecurity) AS secured,
   (SELECT coalesce(jsonb_agg(DISTINCT q.wanted), '[]') FROM jsonb_array_elements_text(w.cols) AS q(wanted)
     LEFT JOIN pg_attribute t ON t.attrelid = a.oid AND t.attname = q.wanted::name AND NOT t.attisdropped
     WHERE t.attnum IS NULL) AS missing,
   (SELECT coalesce(jsonb_agg(t.attname), '[]') FROM pg_attribute t JOIN pg_type y ON y.oid = t.atttypid
     WHERE t.attrelid = a.oid AND w.cols ? t.attname::text AND y.typtype <> 'e' AND CASE WHEN y.typbasetype <> 0 THEN y.typbasetype ELSE y.oid END >= 16384) AS strange,
   EXISTS (SELECT FROM pg_cast WHERE castfunc >= 16384 AND castsource < 16384 AND casttarget < 16384) AS casts,
   (SELECT coalesce(jsonb_agg(DISTINCT p.proname), '[]') FROM pg_depend d JOIN pg_proc p ON p.oid = d.refobjid
     WHERE d.refclassid = 'pg_proc'::regclass AND (
      d.classid = 'pg_class'::regclass AND d.objid IN (SELECT indexrelid FROM pg_index i JOIN trees t ON t.oid = i.indrelid WHERE t.n = a.n UNION SELECT oid FROM trees t WHERE t.n = a.n)
      OR d.classid = 'pg_constraint'::regclass AND d.objid IN (SELECT k.oid FROM pg_constraint k JOIN trees t ON t.oid = k.conrelid WHERE t.n = a.n))) AS calls,
   (SELECT coalesce(jsonb_agg(jsonb_build_object('name', f.oid::regclass::text, 'action', f.action, 'depth', f.depth, 'tuples', f.tuples) ORDER BY f.depth, f.oid), '[]') FROM (
     SELECT r.oid, r.action, min(r.depth) AS depth,
      (WITH RECURSIVE p(oid) AS (SELECT r.oid UNION SELECT inhrelid FROM p JOIN pg_inherits ON inhparent = p.oid)
       SELECT coalesce(sum(l.reltuples) FILTER (WHERE l.relkind = 'r'), 0) FROM p JOIN pg_class l ON l.oid = p.oid) AS tuples
     FROM reached r WHERE r.n = a.n AND r.depth > 0 AND r.oid NOT IN (SELECT oid FROM trees t WHERE t.n = a.n)
     GROUP BY r.oid, r.action ORDER BY 3, 1 LIMIT 50) f) AS refs,
   (SELECT coalesce(jsonb_agg(DISTINCT v.oid::regclass::text), '[]') FROM above v WHERE v.n = a.n AND v.depth > 0) AS views,
   (SELECT coalesce(jsonb_agg(DISTINCT t.tgname), '[]') FROM pg_trigger t JOIN trees e ON e.oid = t.tgrelid AND e.n = a.n
     WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND (t.tgtype & w.event) <> 0) AS triggers,
   (SELECT coalesce(jsonb_agg(DISTINCT p.pubname), '[]') FROM pg_publication_tables p JOIN trees e ON e.n = a.n JOIN pg_class l ON l.oid = e.oid JOIN pg_namespace m ON m.oid = l.relnamespace
     WHERE p.schemaname = m.nspname AND p.tablename = l.relname) AS publications,
   (SELECT coalesce(jsonb_agg(DISTINCT l.relname), '[]') FROM pg_attribute t JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.oid AND d.refobjsubid = t.attnum AND d.classid = 'pg_class'::regclass
     JOIN pg_class l ON l.oid = d.objid AND l.relkind IN ('i', 'I') WHERE t.attrelid = a.oid AND t.attname = w.col::name) AS indexes
  FROM aimed a JOIN wanted w USING (n) JOIN pg_class c ON c.oid = a.oid JOIN pg_namespace s ON s.oid = c.relnamespace
 ) x`,
  };
}

/** Needs a moment's look at each relation: it waits, briefly, where one of them is locked. */
export function sizesQuery(aims: readonly Aim[]): Query {
  return {
    name: "sizes",
    sql: `${relationTrees(aims, [])} SELECT jsonb_build_object('list', coalesce(jsonb_agg(to_jsonb(x)), '[]')) FROM (
 SELECT t.n, sum(pg_total_relation_size(t.oid)) AS bytes FROM trees t JOIN pg_class c ON c.oid = t.oid AND c.relkind IN ('r', 'm', 'i', 'S', 't') GROUP BY t.n) x`,
  };
}

/** The relations that the aims name, as the call would find them, and all that is below each: partitions, children. */
function relationTrees(aims: readonly Aim[], columns: readonly (readonly string[])[]): string {
  const names = aims.map(({ object, statement }, n) => {
    const {
      schema = null,
      name,
      column = null,
      only,
    } = object.kind === "relation" ? object : { name: "", only: true };
    return {
      n,
      schema,
      name,
      col: column,
      alone: only,
      cols: columns[n] ?? [],
      how: howOf(statement),
      event: eventOf(statement),
    };
  });
  return `WITH RECURSIVE wanted AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(${literal(JSON.stringify(names))}::jsonb) AS w(n int, schema text, name text, col text, alone boolean, cols jsonb, how text, event int)
 ),
 aimed AS MATERIALIZED (
  SELECT DISTINCT ON (w.n) w.n, c.oid FROM wanted w JOIN pg_class c ON c.relname = w.name::name JOIN pg_namespace s ON s.oid = c.relnamespace
  WHERE CASE WHEN w.schema IS NULL THEN s.nspname = ANY (current_setting('holdpoint.path')::name[]) ELSE s.nspname = w.schema END
  ORDER BY w.n, array_position(current_setting('holdpoint.path')::name[], s.nspname)
 ),
 trees(n, oid) AS (
  SELECT n, oid FROM aimed
  UNION
  SELECT t.n, i.inhrelid FROM trees t JOIN wanted w USING (n) JOIN pg_inherits i ON i.inhparent = t.oid WHERE NOT w.alone
 )`;
}

/** Whether rows go one by one, with what refers to them; or the whole table, with all that refers to it; or the thing itself. */
function howOf(statement: string): "rows" | "truncate" | "drop" {
  return statement === "TRUNCATE"
    ? "truncate"
    : statement === "DELETE" || statement === "UPDATE"
      ? "rows"
      : "drop";
}

/** The bit of pg_trigger.tgtype that such a statement fires; a DROP fires none. */
function eventOf(statement: string): number {
  return { DELETE: 8, UPDATE: 16, TRUNCATE: 32 }[statement] ?? 0;
}

/** A schema as a whole, or, without a name, all that is not PostgreSQL's own. */
export function schemaQuery(at: number, schema: string | undefined): Query {
  const own = "s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'";
  const inside = schema === undefined ? own : `s.nspname = ${literal(schema)}::name`;
  const outside = schema === undefined ? "false" : `s.nspname <> ${literal(schema)}::name`;
  const name = `schema${at}`;
  return {
    name,
    sql: `SELECT jsonb_build_object('exists', EXISTS (SELECT FROM pg_namespace s WHERE ${inside}),
 'tables', (SELECT count(*) FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE ${inside} AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition),
 'tuples', (SELECT coalesce(sum(c.reltuples) FILTER (WHERE c.reltuples > 0), 0) FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE ${inside} AND c.relkind IN ('r', 'm')),
 'pages', (SELECT coalesce(sum(c.relpages::bigint), 0) * current_setting('block_size')::bigint FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE ${inside}),
 'largest', (SELECT coalesce(jsonb_agg(x.relname), '[]') FROM (SELECT c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE ${inside} AND c.relkind IN ('r', 'm') ORDER BY c.relpages DESC, c.relname LIMIT 3) x),
 'views', (SELECT count(*) FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE ${inside} AND c.relkind IN ('v', 'm')),
 'functions', (SELECT count(*) FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace WHERE ${inside}),
 'outer', (SELECT coalesce(jsonb_agg(DISTINCT k.conrelid::regclass::text), '[]') FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace s ON s.oid = c.relnamespace
  WHERE k.contype = 'f' AND ${outside} AND k.confrelid IN (SELECT c.oid FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE ${inside})))`,
  };
}

export function databaseQuery(at: number, database: string): Query {
  const name = `database${at}`;
  const which = `d.datname = ${literal(database)}::name`;
  return {
    name,
    sql: `SELECT jsonb_build_object('exists', EXISTS (SELECT FROM pg_database d WHERE ${which}),
 'sessions', (SELECT coalesce(sum(d.numbackends), 0) FROM pg_stat_database d WHERE ${which}),
 'bytes', (SELECT pg_database_size(d.oid) FROM pg_database d WHERE ${which}))`,
  };
}

/** How many rows the planner expects; nothing is read for it. */
export function estimateQuery(at: number, from: string): Query {
  return { name: `plan${at}`, sql: `EXPLAIN (FORMAT JSON, COSTS ON) SELECT 1 FROM ${from}` };
}

export function countQuery(at: number, from: string): Query {
  const name = `rows${at}`;
  return { name, sql: `SELECT jsonb_build_object('count', count(*)) FROM ${from}` };
}

/** A relation of which all is known, under a name that we chose. */
export function fromClause(
  schema: string,
  table: string,
  only: boolean,
  condition: string | undefined,
): string {
  const where = condition === undefined ? "" : ` WHERE ${condition}`;
  return `${only ? "ONLY " : ""}${identifier(schema)}.${identifier(table)} AS ${rowName}${where}`;
}

export const rowName = "holdpoint_row";
