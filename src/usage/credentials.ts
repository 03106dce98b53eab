import { type Command, Option } from "commander";
import type { CredentialsOptions } from "../commands/credentials.js";
import { parseDuration } from "../commands/option-values.js";
import { flushed, scopeOption, type Usage } from "./usage.js";

const examples = `
Looks through the folder, the usual places in your home (~/.aws, ~/.netrc,
~/.config/gh, …) and the environment that an agent started here would get. How
far a credential reaches is judged from its shape, its name and what is next to
it; only --online asks the services themselves. No value is ever printed, stored
or logged.

Status: 0 if nothing is as severe as --fail-on, 1 if something is, 2 if the
search failed or ran out of time.

Examples:
  holdpoint credentials                    what an agent started here could use
  holdpoint credentials --history          also what only git's history holds
  holdpoint credentials services/billing   look through this folder instead
  holdpoint credentials --workspace-only --fail-on medium
                                           in CI: only what is in the checkout
  holdpoint credentials --online           ask each service what its credential
                                           may do, and whether it still works
  holdpoint credentials --manifest         lines for holdpoint.yaml that name
                                           what was found
  holdpoint credentials --json             the same as JSON`;

export function addCredentials(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("credentials")
    .description(
      "list every credential within an agent's reach: where it is, how far it reaches, what to do about it",
    )
    .argument("[dir]", "the folder or file to look through; default: the work tree around this folder")
    .option("--history", "also search all of git's history")
    .option("--online", "ask each service what its credential may do; never from inside a session")
    .option("-y, --yes", "with --online: do not show where credentials would go and ask first")
    .option("--workspace-only", "leave out the home and the environment")
    .option("--all", "also search what is usually skipped: installed packages, build output, test fixtures")
    .addOption(
      new Option("--fail-on <severity>", "the lowest severity that leads to status 1")
        .choices(["high", "medium", "low", "none"])
        .default("high"),
    )
    .addOption(new Option("--json", "print one JSON document").conflicts("manifest"))
    .option("--manifest", "print only the `credentials:` lines for holdpoint.yaml that name what was found")
    .option(
      "--timeout <duration>",
      "how long to search at most (30s, 5m); default: 1m, or 10m with --history",
      parseDuration,
    )
    .option(...scopeOption)
    .addHelpText("after", examples)
    .action(async (folder: string | undefined, flags: CredentialsOptions) => {
      const { credentials } = await import("../commands/credentials.js");
      end(await credentials(folder, flags, places, terminal));
      await flushed();
    });
}
