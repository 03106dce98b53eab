import type { Command } from "commander";
import type { ExplainFlags } from "../commands/explain.js";
import { configOption, flushed, scopeOption, type Usage } from "./usage.js";

const explainExamples = `
Examples:
  holdpoint explain 'rm -rf build ~/notes'      what would be asked, and why
  holdpoint explain --plan deploy.sh            every call in a script: credentials,
                                                environment, losses, the way back
  holdpoint explain --plan 'make release'       the same for a line and what it starts
  holdpoint explain --why files/lose-work       a rule, with lines that it stops and
                                                lines that it lets through
  holdpoint explain --scope holdpoint.yaml ls   as if this manifest were in force, too
  holdpoint explain --preview 'psql -c "DELETE FROM users"'
                                                also how many rows, in which database,
                                                and what goes with them
  holdpoint explain --json 'git push --force'   the answer as JSON`;

export function addExplain(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("explain")
    .description("judge a command line without running it (status 0 allow, 3 ask, 4 deny)")
    .argument("[line]", "the line, quoted as one word")
    .option("--json", "print one JSON document")
    .option("--batch", "read JSON lines from stdin and answer with JSON lines in the same order")
    .option("--cwd <dir>", "judge as if in this directory")
    .option("--stdin <file>", "what the line would read from its standard input")
    .option(
      "--plan <file|line>",
      "show what would run, call by call: a script, a line, or - for a script on stdin",
    )
    .option("--all", "with --plan: show each call by itself, nothing folded")
    .option(
      "--preview",
      "look up what would be lost (rows, sizes, commits), asking servers and git read-only",
    )
    .option("--why <rule>", "explain a rule, with its examples, instead of a line")
    .option(...configOption)
    .option(...scopeOption)
    .addHelpText("after", explainExamples)
    .action(async (line: string | undefined, flags: ExplainFlags) => {
      const { explainCommand } = await import("../commands/explain.js");
      end(await explainCommand(line, flags, places, terminal));
      await flushed();
    });
}
