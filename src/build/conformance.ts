import * as v from "valibot";

/** Where a call stands, from loose to strict. */
const bounds = v.picklist(["granted", "inside", "outside", "credential", "never"]);
const action = v.picklist(["read", "create", "modify", "delete", "execute", "grant", "send"]);

/** A credential that lies in a file: what a search through these files would find. */
const place = v.strictObject({
  value: v.string(),
  file: v.string(),
  key: v.optional(v.string()),
  /** It came to stand there since work began. */
  new: v.optional(v.literal(true)),
});

/** One document of the scope manifest's conformance suite; `content`: what a manifest looks like. docs/scope-manifest.md says what each key means. */
export function conformanceDocument<C extends v.GenericSchema>(content: C) {
  return v.strictObject({
    name: v.string(),
    manifests: v.array(
      v.strictObject({ file: v.string(), trusted: v.optional(v.boolean(), false), content }),
    ),
    cwd: v.optional(v.string(), "/w"),
    env: v.optional(v.record(v.string(), v.string()), {}),
    files: v.optional(v.record(v.string(), v.union([v.string(), v.strictObject({ link: v.string() })])), {}),
    places: v.optional(v.array(place), []),
    cases: v.array(
      v.strictObject({
        call: v.string(),
        is: bounds,
        action: v.optional(action),
        target: v.optional(v.string()),
        because: v.optional(v.string()),
        note: v.optional(v.string()),
      }),
    ),
  });
}

/** A file of the suite. */
export const conformanceSchema = v.array(conformanceDocument(v.looseObject({ version: v.literal(1) })));
