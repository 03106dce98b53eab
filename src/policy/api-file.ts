import * as v from "valibot";
import type { Api, ApiMutation, Trap } from "../model/knowledge.js";
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

/** A file of `rules/apis`: one API, known by its hosts. */
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
          `${file}:${checked.lineOf(["mutations", type, field])}: the mutation "${field}" stands twice`,
      ),
    };
  }
  const paths = Object.entries(raw.paths).map(([path, one]) => ({
    path,
    type: one.type,
    deed: compileDeed(one),
  }));
  return { ok: true, value: { provider: raw.api, hosts: raw.hosts, mutations, paths } };
}

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
  }),
  v.check((raw) => countDeeds(raw) === 1, oneDeed),
  v.check(
    (raw) => [raw.is, raw.given, raw.lacks, raw.mentions].filter((one) => one !== undefined).length === 1,
    "needs exactly one of is, given, lacks, mentions",
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

const apiSchema = v.strictObject({
  api: text,
  hosts: v.pipe(v.array(text), v.minLength(1, "needs at least one host")),
  mutations: v.optional(v.record(text, v.record(text, mutationSchema)), {}),
  paths: v.optional(
    v.record(
      text,
      v.pipe(
        v.strictObject({ ...deedEntries, type: text }),
        v.check((raw) => countDeeds(raw) === 1, oneDeed),
      ),
    ),
    {},
  ),
});

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
    traps: raw.traps.flatMap((trap) =>
      conditionsOf(trap).map((when): Trap => ({ when, deed: compileDeed(trap) })),
    ),
  };
}

function conditionsOf(trap: v.InferOutput<typeof trapSchema>): readonly Trap["when"][] {
  if (trap.given !== undefined) return [{ kind: "given", argument: trap.given }];
  if (trap.lacks !== undefined) return [{ kind: "lacks", argument: trap.lacks }];
  if (trap.mentions !== undefined) return [{ kind: "mentions", word: trap.mentions }];
  return Object.entries(trap.is ?? {}).map(([argument, values]) => ({ kind: "is", argument, values }));
}
