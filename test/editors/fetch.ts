import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with shellIntegration-bash.sh and its like. */
    readonly scripts: string;
  }
}

/** code-server is VS Code as a server: its package has the very scripts that VS Code and Cursor inject. */
export default function fetchScripts(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-editors-"));
  run("npm", ["pack", "--silent", "code-server@4"], folder);
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  const below = "package/lib/vscode/out/vs/workbench/contrib/terminal/common/scripts";
  run("tar", ["xzf", archive, below], folder);
  project.provide("scripts", join(folder, below));
  return () => rmSync(folder, { recursive: true, force: true });
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", timeout: 300_000 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
