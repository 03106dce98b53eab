import type { Builtin, KnownTool } from "../model/builtin.js";
import type { Api } from "../model/knowledge.js";
import type { Policy } from "../model/rule.js";
import type { Case } from "../policy/case.js";
import type { Table } from "../readers/reader.js";
import { createTable, shimmedNames } from "../readers/table.js";
import { openAwsServices } from "../world/aws.js";
import { loadSql, parseSql } from "../world/sql.js";
import { parseDuration } from "./option-values.js";
import { awsTable, type Places } from "./places.js";
import { type Settings, withoutConfig } from "./settings.js";
import { openBuiltin, readConfig, readExamples, readStored, type Stored } from "./stored-knowledge.js";
import { UsageError } from "./usage-error.js";

/** What the judge is made of, read once at the start of a command. */
export interface Loaded extends Settings {
  readonly policy: Policy;
  readonly table: Table;
  /** Tools that are trees of subcommands, and APIs: what the table was made of. */
  readonly tools: readonly KnownTool[];
  apis(): readonly Api[];
  /** The lines that the rules are shown with. */
  examples(): readonly Case[];
  /** Names that a session has shims for. */
  readonly shimmed: ReadonlySet<string>;
}

/** Built-in rules and tables, with the user's config on top. Throws UsageError when any of it cannot be used. */
export async function loadKnowledge(places: Places, configPath: string | undefined): Promise<Loaded> {
  const builtin = loadBuiltin(places);
  const path = configPath ?? places.config;
  const source = readConfig(places, configPath);
  if (source === undefined) return builtin;
  // YAML, its checks and the examples' world are a third of all code: loaded for those who have a config.
  const [{ layConfig }, { checkExamples }] = await Promise.all([
    import("./layers.js"),
    import("../examples/check.js"),
  ]);
  const { loaded, own, timeout } = layConfig(source, path, builtin);
  if (own.length > 0) {
    await loadSql();
    const services = openAwsServices(awsTable(places));
    const problems = await checkExamples(own, loaded.policy.rules, loaded.table, parseSql, services);
    if (problems.length > 0) throw new UsageError(problems);
  }
  return { ...loaded, timeout: readTimeout(timeout, path) };
}

/** The same with other tools and APIs. */
export function withTools(loaded: Loaded, known: Pick<Builtin, "tools" | "apis">): Loaded {
  const table = createTable(known);
  return { ...loaded, ...known, table, shimmed: new Set(shimmedNames(table)) };
}

function readTimeout(text: string | undefined, path: string): number | undefined {
  try {
    return text === undefined ? undefined : parseDuration(text);
  } catch (error) {
    throw new UsageError([`${path}: "timeout": ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** The built-in rules and tables alone. */
export function loadBuiltin(places: Places, stored: Stored = readStored(places)): Loaded {
  const { rules, tools, apis } = openBuiltin(stored, places);
  return {
    policy: { rules, labels: [], manifests: [] },
    table: createTable({ tools, apis }),
    tools,
    apis,
    examples: () => readExamples(places),
    shimmed: new Set(stored.shimmed),
    ...withoutConfig,
  };
}
