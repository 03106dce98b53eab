import type { Command } from "commander";
import { parseKinds } from "../commands/option-values.js";
import type { Usage } from "./usage.js";

interface LogFlags {
  readonly session?: string;
  readonly list?: true;
  readonly follow?: true;
  readonly json?: true;
  readonly only?: readonly string[];
}

export function addLog(program: Command, { places, terminal, end }: Usage): void {
  const log = program
    .command("log")
    .description("read the audit log; `log verify` checks it")
    .option("--session <id>", "that session's records instead of the newest session's")
    .option("--list", "name the sessions that were logged")
    .option("-f, --follow", "go on as records come")
    .option("--json", "the records as written")
    .option("--only <kinds>", "asked, denied, allowed; several with commas", parseKinds)
    .action(async ({ session, list, follow, json, only }: LogFlags) => {
      const { listSessions, showLog } = await import("../commands/log.js");
      const options = { session, follow: follow === true, json: json === true, only: only ?? [] };
      end(list ? listSessions(places, terminal) : await showLog(options, places, terminal));
    });
  log
    .command("verify")
    .description("check the chain of the named logs, or of all")
    .argument("[file...]")
    .action(async (files: string[]) => {
      const { verifyLogs } = await import("../commands/log.js");
      end(await verifyLogs(files, places, terminal));
    });
}
