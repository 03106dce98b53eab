import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkExamples } from "../examples/check.js";
import type { Builtin } from "../model/builtin.js";
import type { Policy } from "../model/rule.js";
import { applyConfig } from "../policy/config.js";
import type { Table } from "../readers/read.js";
import { createTable, shimmedNames } from "../readers/table.js";
import { loadSql, parseSql } from "../world/sql.js";
import type { Places } from "./places.js";

/** What the judge is made of, read once at the start of a command. */
export interface Loaded {
  readonly policy: Policy;
  readonly table: Table;
  /** Names that a session has shims for. */
  readonly shimmed: ReadonlySet<string>;
  /** As written in the user's config: `5m`. */
  readonly timeout: string | undefined;
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
  const layered = applyConfig(source, path, builtin.policy.rules);
  if (!layered.ok) throw new UsageError(layered.problems);
  const { rules, labels, examples, timeout } = layered.config;
  if (examples.length > 0) {
    await loadSql();
    const problems = await checkExamples(examples, rules, builtin.table, parseSql);
    if (problems.length > 0) throw new UsageError(problems);
  }
  return { ...builtin, policy: { rules, labels }, timeout };
}

/** The built-in rules and tables alone. */
export function loadBuiltin(places: Places): Loaded {
  const knowledge = readBuiltin(places);
  const table = createTable(knowledge);
  const policy = { rules: knowledge.rules, labels: [] };
  return { policy, table, shimmed: new Set(shimmedNames(table)), timeout: undefined };
}

function readBuiltin(places: Places): Builtin {
  const path = join(places.packageRoot, "dist", "knowledge.json");
  try {
    const knowledge: Builtin = JSON.parse(readFileSync(path, "utf8"));
    return knowledge;
  } catch (error) {
    throw new Error(`cannot read the built-in rules "${path}"; run "npm run build"`, { cause: error });
  }
}

/** The default config may be missing; one that was named may not. */
function readConfig(path: string, isNamed: boolean): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing && !isNamed) return undefined;
    throw new UsageError([
      `${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`,
    ]);
  }
}
