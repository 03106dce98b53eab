import { type Command, Option } from "commander";
import { parseDuration } from "../commands/option-values.js";
import { flushed, scopeOption, type Usage } from "./usage.js";

const examples = `
Looks through the folder, the usual places in your home (~/.aws, ~/.netrc, ~/.config/gh, …) and the environment that an agent
started here would get. What a credential reaches is told by its shape, its name and what stands beside it; only --online asks the
services themselves. No value is ever printed, stored or logged.

Status: 0 nothing as grave as --fail-on; 1 something is; 2 it could not be looked, or the time ran out.

Examples:
  holdpoint credentials                       what an agent started in this folder could use
  holdpoint credentials --history             also what git's history holds and no file does
  holdpoint credentials services/billing      this folder instead
  holdpoint credentials --workspace-only --fail-on medium   in CI: only what is in the checkout
  holdpoint credentials --online              ask each service what its credential may do, and whether it still works
  holdpoint credentials --manifest            the lines for holdpoint.yaml that name what was found
  holdpoint credentials --json                the same for a program`;

interface CredentialsFlags {
  readonly json?: true;
  readonly online?: true;
  readonly yes?: true;
  readonly history?: true;
  readonly workspaceOnly?: true;
  readonly failOn: "high" | "medium" | "low" | "none";
  readonly all?: true;
  readonly manifest?: true;
  readonly scope?: string;
  readonly timeout?: number;
}

export function addCredentials(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("credentials")
    .description(
      "every credential within an agent's reach: where it lies, how far it reaches, what to do about it",
    )
    .argument("[dir]", "the folder or file to look through; default: the work tree around this folder")
    .option("--history", "also all of git's history")
    .option("--online", "ask each service what its credential may do; never from inside a session")
    .option("-y, --yes", "with --online: do not show first where credentials would go, and ask")
    .option("--workspace-only", "not the home, not the environment")
    .option("--all", "also what is usually passed by: installed packages, build output, fixtures of tests")
    .addOption(
      new Option("--fail-on <severity>", "the lowest severity that makes status 1")
        .choices(["high", "medium", "low", "none"])
        .default("high"),
    )
    .addOption(new Option("--json", "one JSON document").conflicts("manifest"))
    .option("--manifest", "only the `credentials:` lines for holdpoint.yaml that name what was found")
    .option(
      "--timeout <duration>",
      "how long to look at most (30s, 5m); default: 1m, 10m with --history",
      parseDuration,
    )
    .option(...scopeOption)
    .addHelpText("after", examples)
    .action(async (folder: string | undefined, flags: CredentialsFlags) => {
      const { credentials } = await import("../commands/credentials.js");
      end(await credentials(folder, flags, places, terminal));
      await flushed();
    });
}
