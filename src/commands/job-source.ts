import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { findWorkspace } from "../world/workspace.js";

/**
 * What a job was started from, as a file of its repository: a script that the command names; else, on GitHub, the workflow.
 * Relative to the repository's root; undefined where neither is known.
 */
export function findJobSource(
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string | undefined {
  const root = env["GITHUB_WORKSPACE"] || findWorkspace(cwd, home);
  const scripts = command
    .slice(0, 3)
    .map((word) => join(cwd, word))
    .filter((path) => isInside(relative(root, path)) && isText(path));
  const [first] = scripts;
  // `owner/name/.github/workflows/ci.yml@refs/heads/main`
  return first === undefined
    ? /^[^/]+\/[^/]+\/(.+)@/.exec(env["GITHUB_WORKFLOW_REF"] ?? "")?.[1]
    : relative(root, first);
}

function isInside(name: string): boolean {
  return name !== "" && name !== ".." && !name.startsWith("../") && !name.startsWith("/");
}

function isText(path: string): boolean {
  try {
    return statSync(path).isFile() && !readFileSync(path).subarray(0, 4096).includes(0);
  } catch {
    return false;
  }
}
