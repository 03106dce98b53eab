import type { Command } from "commander";
import { configOption, flushed, scopeOption, type Usage } from "./usage.js";

interface ExplainFlags {
  readonly json?: true;
  readonly batch?: true;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly why?: string;
  readonly plan?: string;
  readonly all?: true;
  readonly preview?: true;
  readonly config?: string;
  readonly scope?: string;
}

const explainExamples = `
Examples:
  holdpoint explain 'rm -rf build ~/notes'      what of it would be asked about, and why
  holdpoint explain --plan deploy.sh            each call of a script: credentials, environment, what is lost, the way back
  holdpoint explain --plan 'make release'       the same of a line, with what make starts
  holdpoint explain --why files/lose-work       what a rule is about, with lines that it stops and lets through
  holdpoint explain --scope holdpoint.yaml ls   as if this manifest held, too
  holdpoint explain --preview 'psql -c "DELETE FROM users"'   also how many rows, in which database, and what goes with them
  holdpoint explain --json 'git push --force'   the same for a program`;

export function addExplain(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("explain")
    .description("judge a command line without running anything (status 0 allow, 3 ask, 4 deny)")
    .argument("[line]", "the line, quoted as one word")
    .option("--json", "one JSON document")
    .option("--batch", "JSON lines in on stdin, JSON lines out, same order")
    .option("--cwd <dir>", "judge as if in this directory")
    .option("--stdin <file>", "what the line would read on its standard input")
    .option(
      "--plan <file|line>",
      "what would be called, call by call: a script, a line, or - for a script on stdin",
    )
    .option("--all", "of a plan each call by itself, nothing folded")
    .option("--preview", "look up, read-only, what it would lose: rows, sizes, commits; asks servers and git")
    .option("--why <rule>", "a rule in words, with its examples, instead of a line")
    .option(...configOption)
    .option(...scopeOption)
    .addHelpText("after", explainExamples)
    .action(async (line: string | undefined, flags: ExplainFlags) => {
      const { explainCommand } = await import("../commands/explain.js");
      end(await explainCommand(line, flags, places, terminal));
      await flushed();
    });
}
