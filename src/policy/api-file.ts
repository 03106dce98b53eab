import * as v from "valibot";
import type { Api, ApiMutation, ApiPath, Trap } from "../model/knowledge.js";
import { casesSchema, compileCases } from "./case.js";
import {
  compileDeed,
  countDeeds,
  deedEntries,
  type KnowledgeResult,
  oneDeed,
  oneOrMore,
  text,
} from "./deed.js";
import { checkYaml } from "./yaml-source.js";

/** A file of `rules/apis`: one API. */
export function parseApi(source: string, file: string): KnowledgeResult<Api> {
  const checked = checkYaml(source, file, apiSchema);
  if (!checked.ok) return checked;
  const raw = checked.value;
  const mutations = Object.entries(raw.mutations).flatMap(([type, fields]) =>
    Object.entries(fields).map(([field, one]) => compileMutation(field, type, one)),
  );
  const seen = new Set<string>();
  const twice = mutations.filter(({ field }) => seen.size === seen.add(field).size);
  if (twice.length > 0) {
    return {
      ok: false,
      problems: twice.map(
        ({ field, type }) =>
          `${file}:${checked.placeOf(["mutations", type, field])}: the mutation "${field}" stands twice`,
      ),
    };
  }
  return {
    ok: true,
    value: {
      provider: raw.api,
      hosts: raw.hosts,
      sandboxes: raw.sandboxes,
      testKeys: raw["test-keys"],
      shapes: raw.shapes,
      bases: raw.bases,
      graphql: raw.graphql,
      protocol: raw.protocol,
      mutations,
      paths: Object.entries(raw.paths).map(([name, one]) => compilePath(name, one)),
    },
    cases: compileCases(raw.cases, (at) => `${file}:${checked.placeOf(["cases", at, "line"])}`),
  };
}

const hostName = v.pipe(text, v.regex(/^[^\sA-Z/]+$/, "must be a host in lower case"));
const pathText = v.pipe(text, v.regex(/^\/\S*$/, "must begin with a slash"));

const trapSchema = v.pipe(
  v.strictObject({
    ...deedEntries,
    is: v.optional(
      v.record(
        text,
        v.union([
          v.array(v.pipe(v.union([v.string(), v.boolean()]), v.transform(String))),
          v.pipe(
            v.union([v.string(), v.boolean()]),
            v.transform((one) => [String(one)]),
          ),
        ]),
      ),
    ),
    given: v.optional(text),
    lacks: v.optional(text),
    mentions: v.optional(text),
    only: v.optional(v.array(text)),
    type: v.optional(text),
  }),
  v.check((raw) => countDeeds(raw) === 1, oneDeed),
  v.check(
    (raw) =>
      [raw.is, raw.given, raw.lacks, raw.mentions, raw.only].filter((one) => one !== undefined).length === 1,
    "needs exactly one of is, given, lacks, mentions, only",
  ),
);

const mutationSchema = v.pipe(
  v.strictObject({
    ...deedEntries,
    id: v.optional(oneOrMore, []),
    traps: v.optional(v.array(trapSchema), []),
  }),
  v.check((raw) => countDeeds(raw) === 1, oneDeed),
);

const pathSchema = v.pipe(
  v.strictObject({
    ...deedEntries,
    type: v.optional(v.string(), ""),
    traps: v.optional(v.array(trapSchema), []),
    sql: v.optional(oneOrMore, []),
  }),
  v.check((raw) => countDeeds(raw) === 1, oneDeed),
);
const requestName = v.pipe(
  text,
  v.regex(/^([A-Z]+(\|[A-Z]+)* )?\/\S*$/, "must be a path, with its methods before it: DELETE /a/{id}"),
);

export const apiSchema = v.strictObject({
  api: text,
  hosts: v.pipe(v.array(hostName), v.minLength(1, "needs at least one host")),
  sandboxes: v.optional(v.array(hostName), []),
  "test-keys": v.optional(v.array(text), []),
  shapes: v.optional(v.array(pathText), []),
  bases: v.optional(v.array(pathText), []),
  graphql: v.optional(v.array(pathText), []),
  protocol: v.optional(v.picklist(["rest", "aws"]), "rest"),
  mutations: v.optional(v.record(text, v.record(text, mutationSchema)), {}),
  paths: v.optional(v.record(requestName, pathSchema), {}),
  cases: v.optional(casesSchema, []),
});

/** What is empty is left out: there are a thousand of them, and each start reads them all. */
function compilePath(request: string, raw: v.InferOutput<typeof pathSchema>): ApiPath {
  return {
    request,
    type: raw.type,
    deed: compileDeed(raw),
    ...(raw.traps.length > 0 && { traps: compileTraps(raw.traps) }),
    ...(raw.sql.length > 0 && { sql: raw.sql }),
  };
}

function compileMutation(
  field: string,
  type: string,
  raw: v.InferOutput<typeof mutationSchema>,
): ApiMutation {
  return {
    field,
    type,
    deed: compileDeed(raw),
    ids: raw.id,
    traps: compileTraps(raw.traps),
  };
}

type RawTrap = v.InferOutput<typeof trapSchema>;

function compileTraps(traps: readonly RawTrap[]): readonly Trap[] {
  return traps.flatMap((trap) =>
    conditionsOf(trap).map(
      (when): Trap => ({
        when,
        deed: compileDeed(trap),
        ...(trap.type !== undefined && { type: trap.type }),
      }),
    ),
  );
}

function conditionsOf(trap: RawTrap): readonly Trap["when"][] {
  if (trap.given !== undefined) return [{ kind: "given", argument: trap.given }];
  if (trap.lacks !== undefined) return [{ kind: "lacks", argument: trap.lacks }];
  if (trap.mentions !== undefined) return [{ kind: "mentions", word: trap.mentions }];
  if (trap.only !== undefined) return [{ kind: "only", parameters: trap.only }];
  return Object.entries(trap.is ?? {}).map(([argument, values]) => ({ kind: "is", argument, values }));
}
