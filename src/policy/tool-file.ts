import * as v from "valibot";
import type { ToolCommand, ToolTree } from "../model/knowledge.js";
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
