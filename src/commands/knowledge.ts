import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Builtin, StoredBuiltin } from "../model/builtin.js";
import type { Api, ToolTree } from "../model/knowledge.js";
import type { Policy } from "../model/rule.js";
import type { Table } from "../readers/reader.js";
import { createTable, shimmedNames } from "../readers/table.js";
import { openAwsServices } from "../world/aws.js";
import { readFile } from "../world/file-system.js";
import { loadSql, parseSql } from "../world/sql.js";
import { parseDuration } from "./option-values.js";
import { awsTable, type Places } from "./places.js";

/** What the judge is made of, read once at the start of a command. */
export interface Loaded {
  readonly policy: Policy;
  readonly table: Table;
  /** Names that a session has shims for. */
  readonly shimmed: ReadonlySet<string>;
  /** Milliseconds to wait for a human, where the user's config says so. */
  readonly timeout: number | undefined;
}

/** Wrong use, or a file that cannot be used: ends with status 2. Each problem says `file:line` where it has one. */
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
  const [{ applyConfig }, { checkExamples }] = await Promise.all([
    import("../policy/config.js"),
    import("../examples/check.js"),
  ]);
  const layered = applyConfig(source, path, builtin.policy.rules);
  if (!layered.ok) throw new UsageError(layered.problems);
  const { rules, labels, examples, timeout } = layered.config;
  if (examples.length > 0) {
    await loadSql();
    const services = openAwsServices(awsTable(places));
    const problems = await checkExamples(examples, rules, builtin.table, parseSql, services);
    if (problems.length > 0) throw new UsageError(problems);
  }
  return { ...builtin, policy: { rules, labels }, timeout: readTimeout(timeout, path) };
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
  const knowledge = readBuiltin(places);
  const table = createTable(knowledge);
  const policy = { rules: knowledge.rules, labels: [] };
  return { policy, table, shimmed: new Set(shimmedNames(table)), timeout: undefined };
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
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`cannot read the built-in rules "${path}"; run "npm run build"`, { cause: error });
  }
}

/** The default config may be missing; one that was named may not. */
function readConfig(path: string, isNamed: boolean): string | undefined {
  const content = readFile(path, mostConfig);
  if (content.ok && content.complete) return Buffer.from(content.bytes).toString("utf8");
  if (content.ok) throw new UsageError([`${path}: is longer than a config may be (1 MB)`]);
  if (!isNamed && (content.reason === "ENOENT" || content.reason === "ENOTDIR")) return undefined;
  throw new UsageError([`${path}: cannot be read: ${readable[content.reason] ?? content.reason}`]);
}

const mostConfig = 1024 * 1024;
const readable: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EACCES: "permission denied",
};
