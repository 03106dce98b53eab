import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Agent } from "./agent.js";

/** Where the agents are; they are large, so that HOLDPOINT_AGENTS may name a folder that keeps them. */
export interface Installation {
  /** The path of an agent's program; installs it first where it is not. */
  program(agent: Agent): string;
  /** Takes away what was installed for this run alone. */
  remove(): void;
}

export function openInstallation(): Installation {
  const kept = process.env["HOLDPOINT_AGENTS"];
  const folder = kept ?? mkdtempSync(join(tmpdir(), "agents-"));
  return {
    program(agent) {
      const own = join(folder, `${agent.name}-${agent.version}`);
      const program = join(own, "node_modules", ".bin", agent.bin);
      if (!existsSync(program)) install(agent, own);
      return program;
    },
    remove: () => kept === undefined && rmSync(folder, { recursive: true, force: true }),
  };
}

function install(agent: Agent, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const wanted = `${agent.package}@${agent.version}`;
  const args = ["install", "--no-audit", "--no-fund", "--save-exact", wanted];
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8", timeout: 600_000 });
  if (status !== 0) throw new Error(`npm could not install ${wanted}:\n${stderr}`);
}
