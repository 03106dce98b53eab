import { beforeAll, expect, test } from "vitest";
import { writeCondition } from "../../src/preview/sql/condition.js";
import { fieldOf } from "../../src/readers/sql/tree.js";
import { loadSql, parseSql } from "../../src/world/sql.js";

// What may be sent to a server before a human has seen it: written anew, and parsed the same as it was meant.

beforeAll(() => loadSql());

function whereOf(text: string): unknown {
  const parsed = parseSql(`DELETE FROM t WHERE ${text}`);
  if (parsed.kind !== "statements") throw new Error(`${text}: ${parsed.kind}`);
  return fieldOf(parsed.statements[0], "stmt", "DeleteStmt", "whereClause");
}

test.each([
  ["id = 1", '("t"."id" OPERATOR(pg_catalog.=) (1))'],
  ["t.id <> -1 AND NOT done", '(("t"."id" OPERATOR(pg_catalog.<>) (-1)) AND (NOT "t"."done"))'],
  [
    "a = 1 OR b = 2 AND c = 3",
    '(("t"."a" OPERATOR(pg_catalog.=) (1)) OR (("t"."b" OPERATOR(pg_catalog.=) (2)) AND ("t"."c" OPERATOR(pg_catalog.=) (3))))',
  ],
  ["name LIKE 'a''\\%'", "(\"t\".\"name\" OPERATOR(pg_catalog.~~)  E'a''\\\\%')"],
  ["id IN (1, 2)", '("t"."id" IN ((1), (2)))'],
  ["id NOT IN (0)", '("t"."id" NOT IN ((0)))'],
  ["x BETWEEN 1.5 AND 2e3", '("t"."x" BETWEEN (1.5) AND (2e3))'],
  ["b IS NOT TRUE AND n IS NULL", '(("t"."b" IS NOT TRUE) AND ("t"."n" IS NULL))'],
  [
    "made < now() - interval '30 days'",
    '("t"."made" OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) ( E\'30 days\')::pg_catalog.interval))',
  ],
  ["id = ANY('{1,2}'::int[])", '("t"."id" OPERATOR(pg_catalog.=) ANY (( E\'{1,2}\')::pg_catalog.int4[]))'],
  [
    "lower(name) = 'x' AND day < CURRENT_DATE",
    '((pg_catalog.lower("t"."name") OPERATOR(pg_catalog.=)  E\'x\') AND ("t"."day" OPERATOR(pg_catalog.<) CURRENT_DATE))',
  ],
  ["a IS DISTINCT FROM ''", '("t"."a" IS DISTINCT FROM  E\'\')'],
  ["coalesce(a, false)", '(coalesce("t"."a", FALSE))'.slice(1, -1)],
  ['"we""ird" = 1', '("t"."we""ird" OPERATOR(pg_catalog.=) (1))'],
  [
    "data->>'kind' = 'x'",
    "((\"t\".\"data\" OPERATOR(pg_catalog.->>)  E'kind') OPERATOR(pg_catalog.=)  E'x')",
  ],
])("written anew: %s", (text, expected) => {
  const condition = writeCondition(whereOf(text), "t");
  expect(condition).toMatchObject({ ok: true, sql: expected });
  expect(parseSql(`DELETE FROM t WHERE ${expected}`).kind).toBe("statements");
});

test.each([
  ["f(id)", "calls f()"],
  ["public.now() > made", "calls public.now()"],
  ["pg_sleep(10) IS NULL", "calls pg_sleep()"],
  ["lo_export(1, '/etc/x') = 1", "calls lo_export()"],
  ["dblink_exec('x', 'DROP TABLE t') = ''", "calls dblink_exec()"],
  ["count(*) FILTER (WHERE true) > 1", "calls count()"],
  ["lower(VARIADIC ARRAY['x']) = 'x'", "calls lower()"],
  ["id IN (SELECT 1)", "looks into other tables"],
  ["EXISTS (SELECT 1)", "looks into other tables"],
  ["id = $1", "holds a value that is bound later"],
  ["CURRENT OF c", "goes by a cursor"],
  ["a OPERATOR(public.=) b", "uses the operator ="],
  ["a ||| b", "uses the operator |||"],
  ["a = 'x'::public.mood", "casts to public.mood"],
  ["a = 'x'::mood", "casts to mood"],
  ["a = 'x'::regclass", "casts to regclass"],
  ["a = 'xyz'::varchar(2)", "casts to pg_catalog.varchar"],
  ["t.* IS NULL", "compares whole rows"],
  ["(a, b) = (1, 2)", "holds what is not asked of a server unseen"],
  ["CASE WHEN f(a) THEN true END", "holds what is not asked of a server unseen"],
  ["a SIMILAR TO 'x'", "compares in a way that is not known"],
  ["current_user = 'x'", "asks who runs it, or when"],
  ["a = b'101'", "holds a constant of an unusual kind"],
  ["xmlexists('//a' PASSING x)", "calls pg_catalog.xmlexists()"],
])("not asked: %s", (text, reason) => {
  expect(writeCondition(whereOf(text), "t")).toEqual({ ok: false, reason });
});

test("what is nested too deep is not followed to the end", () => {
  expect(writeCondition(whereOf(`${"NOT (".repeat(150)}a${")".repeat(150)}`), "t")).toEqual({
    ok: false,
    reason: "is nested too deep",
  });
});
