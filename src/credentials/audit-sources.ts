import { environmentCredentials } from "./environment.js";
import { homeStores } from "./home-stores.js";
import { scanFiles } from "./scan.js";
import type { Second } from "./second-thread.js";
import { openTexts, type Sighting } from "./sighting.js";

export interface Sources {
  /** Absolute path of a folder or a file. */
  readonly root: string;
  /** Undefined: its usual stores are left out. */
  readonly home: string | undefined;
  /** Undefined: left out. */
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  /** Also what is usually passed by: installed packages, fixtures of tests. */
  readonly all: boolean;
  /** Milliseconds. */
  readonly budget: number;
  /** See `ScanOptions`. */
  readonly second: () => Second;
}

export interface Seen {
  readonly sightings: readonly Sighting[];
  readonly files: number;
  readonly complete: boolean;
}

/** All that an agent started in this folder could read: its files, the stores in the home, its environment. */
export async function see({ root, home, env, all, budget, second }: Sources): Promise<Seen> {
  const textOf = openTexts();
  const roots = [root, ...(home === undefined ? [] : homeStores(home).map(({ file }) => file))];
  const { found, files, complete } = await scanFiles({ roots, budget, second, all });
  const once = new Map(found.map((one) => [`${one.file}\0${one.line}\0${one.value}`, one]));
  const inFiles = [...once.values()].map((one): Sighting => ({ ...one, around: () => textOf(one.file) }));
  return { sightings: [...inFiles, ...(env === undefined ? [] : seeVariables(env))], files, complete };
}

function seeVariables(env: Readonly<Record<string, string | undefined>>): readonly Sighting[] {
  const text = Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
  return environmentCredentials(env).map((one) => ({
    ...one,
    file: undefined,
    modified: undefined,
    around: () => text,
  }));
}
