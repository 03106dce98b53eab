import { beforeAll, describe, expect, test } from "vitest";
import { loadSql, parseSql } from "../../src/world/sql.js";

describe("parseSql", () => {
  beforeAll(async () => {
    expect(parseSql("SELECT 1")).toEqual({ kind: "loading" });
    await loadSql();
  });

  test.each([
    ["", []],
    ["-- nothing", []],
    ["SELECT 1; DROP TABLE x", ["SelectStmt", "DropStmt"]],
    ["SELECT :x", "error"],
    ["SELECT 1\0; DROP TABLE x", "error"],
    [`SELECT ${"(".repeat(100_000)}`, "error"],
    [`SELECT 1${"+1".repeat(900)}`, ["SelectStmt"]],
    [`SELECT 1${"+1".repeat(5_000)}; DROP TABLE x`, "error"],
    ["TRUNCATE t", ["TruncateStmt"]],
  ])("%.40j", (text, expected) => {
    const parse = parseSql(text);
    const kinds = parse.kind === "statements" ? parse.statements.map(kindOf) : parse.kind;
    expect(kinds).toEqual(expected);
  });
});

function kindOf(statement: unknown): string | undefined {
  return Object.keys(Object(Object(statement).stmt))[0];
}
