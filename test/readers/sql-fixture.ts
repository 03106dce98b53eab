/** One of each kind of thing that a command of `sql-commands.ts` is about. */
export const fixture = `
CREATE SCHEMA archive;
CREATE TABLE archive.old (id int primary key); INSERT INTO archive.old VALUES (1);
CREATE TABLE users (id int primary key, name text, plan text);
INSERT INTO users VALUES (1, 'a', 'pro'), (2, 'b', 'pro'), (3, 'c', 'pro');
CREATE INDEX users_name ON users (name);
CREATE TABLE orders (id int primary key, owner int);
INSERT INTO orders VALUES (1, 1), (2, 2);
CREATE TABLE apps_own (id int primary key); ALTER TABLE apps_own OWNER TO app;
GRANT SELECT ON orders TO app;
CREATE VIEW names AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM orders;
CREATE SEQUENCE counter START 7; SELECT nextval('counter');
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN price AS int CONSTRAINT positive CHECK (VALUE > 0);
CREATE CAST (mood AS text) WITH INOUT;
CREATE COLLATION german FROM "C";
CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'select $1 * 2';
CREATE PROCEDURE tidy() LANGUAGE sql AS 'delete from orders where id = 1';
CREATE FUNCTION on_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION on_event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE OPERATOR FAMILY int_family USING btree;
CREATE OPERATOR CLASS int_class FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
CREATE ACCESS METHOD pool TYPE TABLE HANDLER heap_tableam_handler;
CREATE LANGUAGE plown HANDLER plpgsql_call_handler;
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE EVENT TRIGGER watcher ON sql_drop EXECUTE FUNCTION on_event();
CREATE EXTENSION lo;
CREATE FOREIGN DATA WRAPPER idle;
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE EXTENSION postgres_fdw;
CREATE SERVER remote FOREIGN DATA WRAPPER wrapper;
CREATE SERVER peer FOREIGN DATA WRAPPER postgres_fdw;
CREATE USER MAPPING FOR app SERVER remote OPTIONS (token 'x');
CREATE FOREIGN TABLE far (id int, name text) SERVER remote;
CREATE POLICY own_rows ON orders USING (owner = 1);
CREATE RULE notify_orders AS ON INSERT TO orders DO ALSO NOTIFY orders;
CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION on_row();
CREATE STATISTICS together ON name, plan FROM users;
CREATE PUBLICATION news;
CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1' PUBLICATION news WITH (connect = false, slot_name = none);
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = simple);
CREATE TEXT SEARCH PARSER splitter (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE shape (LEXIZE = dsimple_lexize);
SELECT lo_from_bytea(17, 'x');
`;

/** What belongs to the whole cluster. */
export const clusterFixture = [
  "CREATE ROLE app",
  "CREATE ROLE staff",
  "CREATE ROLE idle_role",
  "CREATE TABLESPACE disk LOCATION ''",
  "CREATE DATABASE shop",
];

/**
 * Every row of every catalogue and table, one a line, its key and then its content: `pg_class:16385|{…}`. Left out: what
 * statistics and vacuum change, and rows that came with the server.
 */
export const fingerprint = `
CREATE SCHEMA print;
CREATE FUNCTION print.lines() RETURNS SETOF text LANGUAGE plpgsql AS $body$
DECLARE
  t record; keys text; filter text; has_oid boolean;
BEGIN
  FOR t IN SELECT c.oid, c.relname, n.nspname, n.nspname = 'pg_catalog' AS own
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND c.relispopulated
        AND n.nspname NOT IN ('information_schema', 'pg_toast', 'print')
        AND c.relname NOT IN ('pg_statistic', 'pg_depend', 'pg_shdepend', 'pg_statistic_ext_data', 'pg_init_privs')
  LOOP
    -- A regproc prints as the name of its function.
    SELECT string_agg(format('t.%I%s', a.attname, CASE WHEN a.atttypid = 'regproc'::regtype THEN '::oid' END), ', ') INTO keys FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
      WHERE i.indrelid = t.oid AND i.indisprimary;
    has_oid := EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = t.oid AND attname = 'oid');
    filter := CASE
      WHEN NOT t.own THEN ''
      WHEN t.relname = 'pg_attribute' THEN 'WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped'
      WHEN t.relname = 'pg_description' THEN 'WHERE objoid >= 16384'
      WHEN t.relname IN ('pg_ts_config_map') THEN 'WHERE mapcfg >= 16384'
      WHEN has_oid AND t.relname NOT IN ('pg_authid', 'pg_database', 'pg_namespace', 'pg_extension', 'pg_language')
        AND t.relname NOT LIKE 'pg_largeobject%' THEN 'WHERE oid >= 16384'
      ELSE '' END;
    RETURN QUERY EXECUTE format(
      $q$SELECT %L || concat_ws(',', %s) || '|' || (to_jsonb(t) - ARRAY['relpages', 'reltuples', 'relallvisible',
        'relfrozenxid', 'relminmxid', 'relfilenode', 'datfrozenxid', 'datminmxid', 'indisclustered', 'relhasindex'])::text FROM %s t %s$q$,
      CASE WHEN t.own THEN t.relname ELSE t.oid::text END || ':', coalesce(keys, 'md5(t::text)'), t.oid::regclass, filter);
  END LOOP;
  RETURN QUERY SELECT 'sequence:' || schemaname || '.' || sequencename || '|' || coalesce(last_value, -1) FROM pg_sequences;
  RETURN QUERY SELECT 'setting:' || name || '|' || setting FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf';
  RETURN QUERY SELECT 'prepared:' || gid || '|' FROM pg_prepared_xacts;
END $body$;
`;
