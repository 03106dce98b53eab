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
    .option("--session <id>", "show this session instead of the newest one")
    .option("--list", "list the sessions that were logged")
    .option("-f, --follow", "keep printing records as they come")
    .option("--json", "print the records as they were written")
    .option("--only <kinds>", "asked, denied or allowed; separate several with commas", parseKinds)
    .action(async ({ session, list, follow, json, only }: LogFlags) => {
      const { listSessions, showLog } = await import("../commands/log.js");
      const options = { session, follow: follow === true, json: json === true, only: only ?? [] };
      end(list ? listSessions(places, terminal) : await showLog(options, places, terminal));
    });
  log
    .command("verify")
    .description("check that these logs, or all of them, are whole and unchanged")
    .argument("[file...]")
    .action(async (files: string[]) => {
      const { verifyLogs } = await import("../commands/log.js");
      end(await verifyLogs(files, places, terminal));
    });
}
