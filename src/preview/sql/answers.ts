import * as v from "valibot";
import type { Said } from "./server.js";

/** What the server says of itself. */
export type ServerFacts = v.InferOutput<typeof serverSchema>;
const serverSchema = v.object({
  database: v.string(),
  /** Null over a socket. */
  address: v.nullable(v.string()),
  port: v.nullable(v.number()),
  version: v.string(),
  role: v.string(),
  replica: v.boolean(),
  standbys: v.number(),
  slots: v.number(),
});

const names = v.array(v.string());
const relationSchema = v.object({
  /** Of the aim. */
  n: v.number(),
  schema: v.string(),
  name: v.string(),
  /** pg_class.relkind */
  kind: v.string(),
  readable: v.boolean(),
  /** Partitions and children. */
  parts: v.number(),
  /** As the last ANALYZE or VACUUM left it, all parts together. */
  tuples: v.number(),
  /** Tables among them that were never analyzed. */
  untold: v.number(),
  /** Bytes by the same. */
  pages: v.number(),
  /** Some of it lies elsewhere, or is no table. */
  far: v.boolean(),
  secured: v.boolean(),
  missing: names,
  strange: names,
  casts: v.boolean(),
  calls: names,
  /** Tables that refer to it, how far away, and what their ON DELETE says: c, n, d, a, r. */
  refs: v.array(v.object({ name: v.string(), action: v.string(), depth: v.number(), tuples: v.number() })),
  views: names,
  triggers: names,
  publications: names,
  indexes: names,
});
export type Relation = v.InferOutput<typeof relationSchema>;
const relationsSchema = v.object({ list: v.array(relationSchema) });
const sizesSchema = v.object({ list: v.array(v.object({ n: v.number(), bytes: v.number() })) });

const schemaSchema = v.object({
  exists: v.boolean(),
  tables: v.number(),
  tuples: v.number(),
  pages: v.number(),
  largest: names,
  views: v.number(),
  functions: v.number(),
  outer: names,
});
export type SchemaFacts = v.InferOutput<typeof schemaSchema>;
const databaseSchema = v.object({ exists: v.boolean(), sessions: v.number(), bytes: v.nullable(v.number()) });
export type DatabaseFacts = v.InferOutput<typeof databaseSchema>;

const planSchema = v.pipe(
  v.tuple([v.looseObject({ Plan: v.looseObject({ "Plan Rows": v.number() }) })]),
  v.transform(([{ Plan }]) => Plan["Plan Rows"]),
);
const countSchema = v.pipe(
  v.object({ count: v.number() }),
  v.transform(({ count }) => count),
);

/** Each undefined where the server did not say it, or said something else. */
export const readSaid = {
  server: (said: Said) => read(serverSchema, said, "server"),
  relations: (said: Said) => read(relationsSchema, said, "relations")?.list,
  sizes: (said: Said) => read(sizesSchema, said, "sizes")?.list,
  schema: (said: Said, at: number) => read(schemaSchema, said, `schema${at}`),
  database: (said: Said, at: number) => read(databaseSchema, said, `database${at}`),
  plan: (said: Said, at: number) => read(planSchema, said, `plan${at}`),
  count: (said: Said, at: number) => read(countSchema, said, `rows${at}`),
} as const;

function read<T>(schema: v.GenericSchema<unknown, T>, { answers }: Said, name: string): T | undefined {
  const result = v.safeParse(schema, answers.get(name));
  return result.success ? result.output : undefined;
}
