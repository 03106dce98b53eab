import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import { readDialect } from "../sql/dialect.js";
import { mysqlQuoting, postgresQuoting, type Quoting } from "../sql/lexicon.js";
import type { Account } from "./account.js";
import type { AwsInput } from "./input.js";

/** Operations whose parameter is SQL: what that does is judged as SQL. Undefined for any other. */
export function readAwsSql(
  operation: string,
  input: AwsInput,
  account: Account,
  call: Call,
): readonly Effect[] | undefined {
  const source = Object.hasOwn(sources, operation) ? sources[operation] : undefined;
  if (source === undefined) return undefined;
  const text = input.text(source.parameter);
  if (text === undefined)
    return call.sight === "later"
      ? []
      : [opaqueEffect("aws", operation, `its SQL is not known: no --${source.parameter} that can be read`)];
  const statements = source.field === undefined ? [text] : fieldsOf(text, source.field);
  const host = input.text("resource-arn") ?? input.text("cluster-identifier") ?? input.text("workgroup-name");
  const database =
    input.text("database") ??
    /Database["=:\s]*([\w-]+)/.exec(input.text("query-execution-context") ?? "")?.[1];
  const readings = source.dialects.map(([engine, quoting]) =>
    statements.flatMap((statement) =>
      readDialect(statement, quoting, {
        tool: "aws",
        engine,
        host: host ?? "amazonaws.com",
        database: database ?? "",
        credentials: account.credentials,
      }),
    ),
  );
  return strictest(readings).map((effect) => ({ ...effect, environment: account.environment }));
}

interface Source {
  readonly parameter: string;
  /** The parameter is a list of structures, and this field of each the SQL. */
  readonly field?: string;
  readonly dialects: readonly (readonly [engine: string, quoting: Quoting])[];
}

const presto: Quoting = { ...postgresQuoting, dollar: false, backtick: true, nested: false };
// Aurora is one or the other, and the call does not say which.
const aurora = [
  ["postgresql", postgresQuoting],
  ["mysql", mysqlQuoting],
] as const;
const redshift = [["redshift", postgresQuoting]] as const;
const partiql = [["dynamodb", presto]] as const;

const sources: Readonly<Record<string, Source>> = {
  "rds-data execute-statement": { parameter: "sql", dialects: aurora },
  "rds-data batch-execute-statement": { parameter: "sql", dialects: aurora },
  "rds-data execute-sql": { parameter: "sql-statements", dialects: aurora },
  "redshift-data execute-statement": { parameter: "sql", dialects: redshift },
  "redshift-data batch-execute-statement": { parameter: "sqls", dialects: redshift },
  "athena start-query-execution": { parameter: "query-string", dialects: [["athena", presto]] },
  "dynamodb execute-statement": { parameter: "statement", dialects: partiql },
  "dynamodb batch-execute-statement": { parameter: "statements", field: "Statement", dialects: partiql },
  "dynamodb execute-transaction": { parameter: "transact-statements", field: "Statement", dialects: partiql },
};

/** `[{"Statement": "…"}]`, or `Statement="…"` in the shorthand; a form that is neither is taken for SQL, and is opaque. */
function fieldsOf(text: string, field: string): readonly string[] {
  const found: string[] = [];
  try {
    const list: unknown = JSON.parse(text);
    for (const one of Array.isArray(list) ? list : [list]) {
      const value: unknown = Object.entries(Object(one)).find(([name]) => name === field)?.[1];
      if (typeof value === "string") found.push(value);
    }
  } catch {
    const pattern = new RegExp(`${field}=("(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^,]*)`, "g");
    for (const [, value = ""] of text.matchAll(pattern)) found.push(value.replace(/^(["'])(.*)\1$/s, "$2"));
  }
  return found.length > 0 ? found : [text];
}

/** A reading that makes nothing of the text is left out where another one does: the text is in one of the languages. */
function strictest(readings: readonly (readonly Effect[])[]): readonly Effect[] {
  const clear = readings.filter((reading) => reading.every(({ resource }) => resource !== "opaque"));
  const counted = clear.length > 0 ? clear : readings.slice(0, 1);
  const seen = new Set<string>();
  return counted.flat().filter((effect) => {
    const statement = effect.resource === "sql" ? `${effect.statement} ${effect.restricted}` : "";
    const key = `${effect.action} ${statement} ${effect.target} ${effect.recovery}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
