import * as v from "valibot";
import type { LooseRecord } from "../audit/loose-record.js";
import { credentialKinds } from "../model/credential-kind.js";
import type { Around } from "../model/shown-path.js";
import { briefCredential } from "../prompt/credential-words.js";

/** Where the credentials of what was held came from, in a few words each: `RAILWAY_TOKEN from infra/.env:3`. Raw. */
export function heldCredentials(record: LooseRecord, around: Around | undefined): readonly string[] {
  const { verdict, effects, matches, time } = record;
  if (verdict !== "deny" && verdict !== "ask") return [];
  const held = new Set(parseAll(matchSchema, matches).map(({ effect }) => effect));
  const used = parseAll(effectSchema, effects).filter((_, at) => held.has(at));
  const view = { around, now: Date.parse(String(time)) };
  const words = used.flatMap(({ credentials, environment }) =>
    credentials.map((each) => briefCredential(each, { ...view, environment })),
  );
  return [...new Set(words)];
}

const text = v.fallback(v.string(), "");
const matchSchema = v.fallback(v.object({ effect: v.number() }), { effect: -1 });
const credentialSchema = v.object({
  name: v.string(),
  from: v.string(),
  fingerprint: text,
  standing: v.exactOptional(v.picklist(["named", "other", "unnamed", "unrelated"])),
  places: v.exactOptional(
    v.array(
      v.object({
        file: v.string(),
        line: v.number(),
        key: v.exactOptional(v.string()),
        kind: v.fallback(v.picklist(credentialKinds), "generic"),
        modified: v.number(),
        change: v.exactOptional(v.picklist(["new", "gone"])),
      }),
    ),
  ),
});
/** One that another version wrote keeps its place in the list. */
const effectSchema = v.fallback(
  v.object({ credentials: v.array(credentialSchema), environment: v.fallback(v.string(), "unknown") }),
  { credentials: [], environment: "unknown" },
);

function parseAll<T>(schema: v.GenericSchema<unknown, T>, list: unknown): readonly T[] {
  return Array.isArray(list) ? list.map((each: unknown) => v.parse(schema, each)) : [];
}
