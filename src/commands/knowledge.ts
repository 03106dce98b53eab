import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { AlertSetting } from "../model/alert.js";
import type { Builtin, KnownTool, StoredBuiltin } from "../model/builtin.js";
import type { Api, ToolTree } from "../model/knowledge.js";
import type { Policy } from "../model/rule.js";
import { type TrashSetting, usualTrash } from "../model/trash.js";
import type { Case } from "../policy/case.js";
import type { Table } from "../readers/reader.js";
import { createTable, shimmedNames } from "../readers/table.js";
import { openAwsServices } from "../world/aws.js";
import { keepPackageTexts, readPackageText } from "../world/kept-text.js";
import { loadSql, parseSql } from "../world/sql.js";
import { parseDuration } from "./option-values.js";
import { readOwnText } from "./own-text.js";
import { awsTable, type Places } from "./places.js";

/** What the judge is made of, read once at the start of a command. */
export interface Loaded {
  readonly policy: Policy;
  readonly table: Table;
  /** Tools that are trees of subcommands, and APIs: what the table was made of. */
  readonly tools: readonly KnownTool[];
  apis(): readonly Api[];
  /** The lines that the rules are shown with. */
  examples(): readonly Case[];
  /** Absolute paths of the config and what it includes: an agent must not touch them. */
  readonly files: readonly string[];
  /** Names that a session has shims for. */
  readonly shimmed: ReadonlySet<string>;
  /** Milliseconds to wait for a human, where the user's config says so. */
  readonly timeout: number | undefined;
  /** Whether a session without a terminal waits for `holdpoint approve`. */
  readonly approve: boolean;
  /** A program and its arguments, started when a question waits. */
  readonly notify: readonly string[] | undefined;
  /** Who is told at once of what happens. */
  readonly alerts: readonly AlertSetting[];
  /** Limits of what is kept for undo; undefined: nothing is. */
  readonly trash: TrashSetting | undefined;
}

/** Wrong use, or a file that cannot be used: ends with status 2. Each problem says `file:line:column` where it has one. */
export class UsageError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** Built-in rules and tables, with the user's config on top. Throws UsageError when any of it cannot be used. */
export async function loadKnowledge(places: Places, configPath: string | undefined): Promise<Loaded> {
  const builtin = loadBuiltin(places);
  const path = configPath ?? places.config;
  const source = readConfig(path, configPath !== undefined);
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
export function loadBuiltin(places: Places): Loaded {
  const { rules, tools, apis } = readBuiltin(places);
  const table = createTable({ tools, apis });
  return {
    policy: { rules, labels: [], manifests: [] },
    table,
    tools,
    apis,
    examples: () => readJson(places, "examples.json"),
    files: [],
    shimmed: new Set(shimmedNames(table)),
    timeout: undefined,
    approve: false,
    notify: undefined,
    alerts: [],
    trash: usualTrash,
  };
}

function readBuiltin(places: Places): Builtin {
  const stored: StoredBuiltin = readJson(places, "knowledge.json");
  return {
    rules: stored.rules,
    tools: stored.tools.map((names) => ({
      names,
      tree: (): ToolTree => readJson(places, join("tools", `${names[0]}.json`)),
    })),
    apis: (): readonly Api[] => readJson(places, "apis.json"),
  };
}

/** What the build wrote. Throws when it is not there: a call that needs it is denied. */
function readJson(places: Places, name: string): ReturnType<typeof JSON.parse> {
  const path = join(places.packageRoot, "dist", name);
  try {
    return JSON.parse(readPackageText(path));
  } catch (error) {
    const remedy = 'it was replaced or removed: start a new session; or not built: run "npm run build"';
    throw new Error(`cannot read a part of holdpoint, "${path}" (${remedy})`, { cause: error });
  }
}

/** All that a judge may come to read, into memory: two megabytes. Never rejects. */
export async function keepKnowledge(places: Places): Promise<void> {
  const dist = join(places.packageRoot, "dist");
  try {
    const tools = readdirSync(join(dist, "tools")).map((name) => join(dist, "tools", name));
    await keepPackageTexts([join(dist, "apis.json"), awsTable(places), ...tools]);
  } catch {
    // What is gone already is missed when it is needed: that call is denied.
  }
}

/** The default config may be missing; one that was named may not. */
function readConfig(path: string, isNamed: boolean): string | undefined {
  const read = readOwnText(path);
  if (read.ok) return read.text;
  if (!isNamed && read.isMissing) return undefined;
  throw new UsageError([`${path}: ${read.reason}`]);
}
