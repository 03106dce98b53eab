import * as v from "valibot";
import type { ToolCommand, ToolCredentials, ToolTree } from "../model/knowledge.js";
import { casesSchema, compileCases } from "./case.js";
import {
  compileDeed,
  countDeeds,
  deedEntries,
  type KnowledgeResult,
  list,
  oneDeed,
  oneOrMore,
  type RawDeed,
  text,
} from "./deed.js";
import { checkYaml } from "./yaml-source.js";

/** A file of `rules/tools`: one tool that is a tree of subcommands. */
export function parseTool(source: string, file: string): KnowledgeResult<ToolTree> {
  const checked = checkYaml(source, file, toolSchema);
  if (!checked.ok) return checked;
  const raw = checked.value;
  const root: RawCommand = { type: raw.provider, values: raw.values, commands: raw.commands };
  const problems = [
    ...checkNames(root, ["commands"]),
    ...checkNames({ commands: raw.anywhere }, ["anywhere"]),
  ].map(({ path, message }) => `${file}:${checked.placeOf(path)}: ${message}`);
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
      variables: raw.variables,
      credentials: compileCredentials(raw.credentials),
      several: raw.several,
      database: { options: raw.database.options, variables: raw.database.variables },
      engine: raw.engine,
      anywhere: Object.entries(raw.anywhere).map(([name, one]) => compileCommand(name, one, "")),
      root: compileCommand("", root, raw.provider),
    },
    cases: compileCases(raw.cases, (at) => `${file}:${checked.placeOf(["cases", at, "line"])}`),
  };
}

const flagSchema = v.pipe(
  v.strictObject({ ...deedEntries, type: v.optional(text) }),
  v.check((raw) => countDeeds(raw) === 1, oneDeed),
);

const resource = v.picklist(["cloud", "container", "kubernetes", "package", "process", "sql"]);

const takesSchema = v.pipe(
  v.strictObject({
    language: v.picklist(["sql", "ruby", "php", "python", "javascript"]),
    words: v.optional(v.boolean(), false),
    texts: list,
    files: list,
    stdin: v.optional(v.boolean(), false),
  }),
  v.check(
    ({ words, texts, files, stdin }) => words || stdin || texts.length + files.length > 0,
    "needs at least one of words, texts, files, stdin",
  ),
);

interface RawCommand extends RawDeed {
  aliases?: string[];
  resource?: v.InferOutput<typeof resource> | undefined;
  type?: string | undefined;
  values?: string[];
  target?: string[];
  passes?: boolean;
  starts?: boolean;
  takes?: v.InferOutput<typeof takesSchema> | undefined;
  with?: Record<string, v.InferOutput<typeof flagSchema>>;
  commands?: Record<string, RawCommand>;
}

const commandSchema: v.GenericSchema<unknown, RawCommand> = v.lazy(() =>
  v.pipe(
    v.strictObject({
      ...deedEntries,
      aliases: list,
      resource: v.optional(resource),
      type: v.optional(text),
      values: list,
      target: v.optional(oneOrMore, []),
      passes: v.optional(v.boolean(), false),
      starts: v.optional(v.boolean(), false),
      takes: v.optional(takesSchema),
      with: v.optional(v.record(text, flagSchema), {}),
      commands: v.optional(v.record(text, commandSchema), {}),
    }),
    v.check((raw) => countDeeds(raw) <= 1, oneDeed),
    v.check(
      (raw) => countDeeds(raw) > 0 || raw.starts || Object.keys(raw.commands).length > 0,
      "says neither what it does nor what stands below it",
    ),
  ),
);

const credentialSchema = v.union([
  text,
  v.strictObject({ for: list, options: oneOrMore }),
  v.strictObject({
    for: list,
    file: text,
    format: v.picklist(["json", "yaml", "ini", "text", "netrc", "docker", "kubeconfig", "named"]),
    key: v.optional(text, "*"),
  }),
]);

function compileCredentials(raw: readonly v.InferOutput<typeof credentialSchema>[]): ToolCredentials {
  return {
    options: raw.flatMap((one) =>
      typeof one !== "string" && "options" in one ? [{ tools: one.for, names: one.options }] : [],
    ),
    variables: raw.filter((one) => typeof one === "string"),
    files: raw.flatMap((one) =>
      typeof one !== "string" && "file" in one
        ? [{ tools: one.for, path: one.file, format: one.format, key: one.key }]
        : [],
    ),
  };
}

export const toolSchema = v.strictObject({
  tool: oneOrMore,
  resource,
  provider: text,
  abbreviations: v.optional(v.boolean(), false),
  "single-dash": v.optional(v.boolean(), false),
  quiet: list,
  environment: list,
  variables: list,
  credentials: v.optional(v.array(credentialSchema), []),
  several: v.optional(v.picklist(["no", "words", "do"]), "no"),
  database: v.optional(v.strictObject({ options: list, variables: list }), {}),
  engine: v.optional(text, "sql"),
  values: list,
  anywhere: v.optional(v.record(text, commandSchema), {}),
  commands: v.optional(v.record(text, commandSchema), {}),
  cases: v.optional(casesSchema, []),
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
  above: Pick<ToolCommand, "target" | "resource"> = { target: [], resource: undefined },
): ToolCommand {
  const own = raw.type ?? type;
  const target = raw.target !== undefined && raw.target.length > 0 ? raw.target : above.target;
  const inherited = { target, resource: raw.resource ?? above.resource };
  return {
    name,
    aliases: raw.aliases ?? [],
    resource: raw.resource ?? above.resource,
    type: own,
    values: raw.values ?? [],
    target,
    passes: (raw.passes ?? false) || (raw.starts ?? false),
    starts: raw.starts ?? false,
    takes: raw.takes,
    deed: countDeeds(raw) === 0 ? undefined : compileDeed(raw),
    flags: Object.entries(raw.with ?? {}).map(([flag, deed]) => ({
      flag,
      type: deed.type,
      deed: compileDeed(deed),
    })),
    commands: Object.entries(raw.commands ?? {}).map(([child, below]) =>
      // A top-level subcommand names what it and all below it work on, unless it says otherwise.
      compileCommand(child, below, name === "" ? child : own, inherited),
    ),
  };
}
