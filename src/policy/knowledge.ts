import * as v from "valibot";
import type { Action, Recovery } from "../model/effect.js";
import type { Api, ApiMutation, Deed, ToolCommand, ToolTree, Trap } from "../model/knowledge.js";
import { checkYaml } from "./yaml-source.js";

export type KnowledgeResult<T> =
  | { readonly ok: true; readonly value: T }
  /** Each `file:line: message`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** A file of `rules/tools`: one tool that is a tree of subcommands. */
export function parseTool(text: string, file: string): KnowledgeResult<ToolTree> {
  const checked = checkYaml(text, file, toolSchema);
  if (!checked.ok) return checked;
  const raw = checked.value;
  const root: RawCommand = { type: raw.provider, values: raw.values, commands: raw.commands };
  const problems = checkNames(root, ["commands"]).map(
    ({ path, message }) => `${file}:${checked.lineOf(path)}: ${message}`,
  );
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: {
      names: raw.tool,
      resource: raw.resource,
      provider: raw.provider,
      abbreviations: raw.abbreviations,
      singleDash: raw["single-dash"],
      quiet: raw.quiet,
      environment: raw.environment,
      credentials: raw.credentials,
      root: compileCommand("", root, raw.provider),
    },
  };
}

/** A file of `rules/apis`: one API, known by its hosts. */
export function parseApi(text: string, file: string): KnowledgeResult<Api> {
  const checked = checkYaml(text, file, apiSchema);
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

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const list = v.optional(v.array(text), []);
const oneOrMore = v.union([
  v.array(text),
  v.pipe(
    text,
    v.transform((one) => [one]),
  ),
]);

/** `{delete: deletes a volume and its data}`: the action is the key, its reason the value. */
const deedEntries = {
  read: v.optional(text),
  create: v.optional(text),
  modify: v.optional(text),
  delete: v.optional(text),
  execute: v.optional(text),
  grant: v.optional(text),
  send: v.optional(text),
  recovery: v.optional(v.picklist(["git", "recreate", "trash", "backup", "none", "unknown", "needless"])),
};
type RawDeed = v.InferOutput<v.ObjectSchema<typeof deedEntries, undefined>>;

const actions = ["read", "create", "modify", "delete", "execute", "grant", "send"] as const;
const countDeeds = (raw: RawDeed): number => actions.filter((action) => raw[action] !== undefined).length;
const oneDeed = `needs exactly one of ${actions.join(", ")}`;

const flagSchema = v.pipe(
  v.strictObject(deedEntries),
  v.check((raw) => countDeeds(raw) === 1, oneDeed),
);

interface RawCommand extends RawDeed {
  aliases?: string[];
  type?: string | undefined;
  values?: string[];
  target?: string[];
  passes?: boolean;
  with?: Record<string, RawDeed>;
  commands?: Record<string, RawCommand>;
}

const commandSchema: v.GenericSchema<unknown, RawCommand> = v.lazy(() =>
  v.pipe(
    v.strictObject({
      ...deedEntries,
      aliases: list,
      type: v.optional(text),
      values: list,
      target: v.optional(oneOrMore, []),
      passes: v.optional(v.boolean(), false),
      with: v.optional(v.record(text, flagSchema), {}),
      commands: v.optional(v.record(text, commandSchema), {}),
    }),
    v.check((raw) => countDeeds(raw) <= 1, oneDeed),
    v.check(
      (raw) => countDeeds(raw) > 0 || Object.keys(raw.commands).length > 0,
      "says neither what it does nor what stands below it",
    ),
  ),
);

const toolSchema = v.strictObject({
  tool: oneOrMore,
  resource: v.picklist(["cloud", "container", "kubernetes", "package", "process"]),
  provider: text,
  abbreviations: v.optional(v.boolean(), false),
  "single-dash": v.optional(v.boolean(), false),
  quiet: list,
  environment: list,
  credentials: list,
  values: list,
  commands: v.record(text, commandSchema),
});

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

/** Two siblings under one name would make the second unreachable, and its effect unseen. */
function checkNames(
  command: RawCommand,
  path: readonly string[],
): readonly { path: readonly string[]; message: string }[] {
  const seen = new Set<string>();
  return Object.entries(command.commands ?? {}).flatMap(([name, one]) => {
    const here = [...path, name];
    const twice = [name, ...(one.aliases ?? [])].filter((word) => seen.size === seen.add(word).size);
    return [
      ...twice.map((word) => ({ path: here, message: `the name "${word}" stands twice` })),
      ...checkNames(one, [...here, "commands"]),
    ];
  });
}

function compileCommand(
  name: string,
  raw: RawCommand,
  type: string,
  above: readonly string[] = [],
): ToolCommand {
  const own = raw.type ?? type;
  const target = raw.target !== undefined && raw.target.length > 0 ? raw.target : above;
  return {
    name,
    aliases: raw.aliases ?? [],
    type: own,
    values: raw.values ?? [],
    target,
    passes: raw.passes ?? false,
    deed: countDeeds(raw) === 0 ? undefined : compileDeed(raw),
    flags: Object.entries(raw.with ?? {}).map(([flag, deed]) => ({ flag, deed: compileDeed(deed) })),
    commands: Object.entries(raw.commands ?? {}).map(([child, below]) =>
      // A top-level subcommand names what it and all below it work on, unless it says otherwise.
      compileCommand(child, below, name === "" ? child : own, target),
    ),
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

function compileDeed(raw: RawDeed): Deed {
  const action = actions.find((one) => raw[one] !== undefined) ?? "execute";
  return { action, recovery: raw.recovery ?? usualRecovery(action), because: raw[action] ?? "" };
}

function usualRecovery(action: Action): Recovery {
  if (action === "delete") return "none";
  return action === "execute" || action === "grant" ? "unknown" : "needless";
}
