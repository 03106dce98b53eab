import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Builtin, StoredBuiltin } from "../model/builtin.js";
import type { Api, ToolTree } from "../model/knowledge.js";
import type { Case } from "../policy/case.js";
import { keepPackageTexts, readPackageText } from "../world/kept-text.js";
import { readOwnText } from "./own-text.js";
import type { Places } from "./places.js";
import { UsageError } from "./usage-error.js";

/** What every start reads: nothing that is changed later counts. The rules are a text until something is judged. */
export interface Stored extends StoredBuiltin {
  readonly rules: string;
}

/** Throws when the build did not write it. */
export function readStored(places: Places): Stored {
  return { ...readJson(places, "knowledge.json"), rules: readText(places, "rules.json") };
}

/** With the files that the first call of their kind reads: a call that needs one that is not there is denied. */
export function openBuiltin({ rules, tools }: Stored, places: Places): Builtin {
  return {
    rules: JSON.parse(rules),
    tools: tools.map((names) => ({
      names,
      tree: (): ToolTree => readJson(places, join("tools", `${names[0]}.json`)),
    })),
    apis: (): readonly Api[] => readJson(places, "apis.json"),
  };
}

/** The lines that the built-in rules are shown with. */
export function readExamples(places: Places): readonly Case[] {
  return readJson(places, "examples.json");
}

/** The user's config. The default one may be missing; one that was named may not. */
export function readConfig(places: Places, named: string | undefined): string | undefined {
  const path = named ?? places.config;
  const read = readOwnText(path);
  if (read.ok) return read.text;
  if (named === undefined && read.isMissing) return undefined;
  throw new UsageError([`${path}: ${read.reason}`]);
}

const repair = 'install holdpoint again, or in a clone run "npm run build"';

function readJson(places: Places, name: string): ReturnType<typeof JSON.parse> {
  const text = readText(places, name);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`"${name}" of the built-in rules is broken; ${repair}`, { cause: error });
  }
}

/** What the build wrote. Throws when it is not there: a call that needs it is denied. */
function readText(places: Places, name: string): string {
  const path = join(places.packageRoot, "dist", name);
  try {
    return readPackageText(path);
  } catch (error) {
    const remedy = `it was replaced or removed: start a new session; or it was not built: ${repair}`;
    throw new Error(`cannot read a part of holdpoint, "${path}" (${remedy})`, { cause: error });
  }
}

/** All that a judge may come to read, into memory: two megabytes. Never rejects. */
export async function keepKnowledge(places: Places): Promise<void> {
  const dist = join(places.packageRoot, "dist");
  try {
    const tools = readdirSync(join(dist, "tools")).map((name) => join(dist, "tools", name));
    await keepPackageTexts([join(dist, "apis.json"), ...tools]);
  } catch {
    // What is gone already is missed when it is needed: that call is denied.
  }
}
