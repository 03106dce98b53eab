import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Manifest } from "../model/scope.js";
import { parseManifest } from "../scope/manifest.js";
import { realpath } from "../world/file-system.js";
import { findManifests } from "./manifests.js";
import { readOwnText } from "./own-text.js";
import { Page } from "./page.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * `holdpoint scope check [FILE…]`: these manifests, or those that hold here. 0 all can be used, 1 there is none; UsageError: each mistake.
 */
export async function checkScope(
  paths: readonly string[],
  places: Places,
  terminal: Terminal,
): Promise<number> {
  if (paths.length === 0) {
    const held = await findManifests({ cwd: process.cwd(), env: process.env, named: undefined }, places);
    if (held.length === 0) {
      terminal.error("no holdpoint.yaml holds here; name the file, or write one (docs/scope-manifest.md)");
      return 1;
    }
    print(
      held.map(({ manifest }) => [manifest.file, manifest]),
      terminal,
    );
    return 0;
  }
  const problems: string[] = [];
  const valid = paths.flatMap((path): readonly (readonly [string, Manifest])[] => {
    const file = resolve(path);
    const read = readOwnText(file);
    const parsed = read.ok
      ? parseManifest(read.text, file, { home: places.home, realpath })
      : ({ ok: false, problems: [`${file}: ${read.reason}`] } as const);
    if (parsed.ok) return [[path, parsed.manifest]];
    // As it was named: editors and terminals make links of that.
    problems.push(...parsed.problems.map((problem) => `${path}${problem.slice(file.length)}`));
    return [];
  });
  print(valid, terminal);
  if (problems.length > 0) throw new UsageError(problems);
  return 0;
}

function print(valid: readonly (readonly [path: string, manifest: Manifest])[], terminal: Terminal): void {
  const page = new Page(terminal);
  for (const [path, manifest] of valid) page.whole(`${path}: valid${contentWords(manifest)}`, "plain");
  for (const row of page.rows) terminal.print(row);
}

/** So that one sees at once that a whole section was left out by mistake. */
function contentWords({ environments, files, credentials = [], backups }: Manifest): string {
  const globs = (files.read?.length ?? 0) + (files.write?.length ?? 0) + files.never.length;
  const counts = [
    count(environments.length, "environment"),
    count(globs, "glob of files", "globs of files"),
    count(credentials.length, "credential"),
    count(backups.length, "backup"),
  ].filter((words) => words !== undefined);
  return counts.length === 0 ? ", and holds nothing yet" : ` (${counts.join(", ")})`;
}

function count(number: number, one: string, several = `${one}s`): string | undefined {
  return number === 0 ? undefined : `${number} ${number === 1 ? one : several}`;
}

/** `holdpoint scope schema` */
export function printSchema({ packageRoot }: Places, terminal: Terminal): number {
  terminal.print(readFileSync(join(packageRoot, "schema", "holdpoint.schema.json"), "utf8").trimEnd());
  return 0;
}
