import { Argument, type Command, Option } from "commander";
import { shellNames, targetNames } from "../commands/init-names.js";
import type { Usage } from "./usage.js";

interface InitFlags {
  readonly shell?: string;
  readonly dir?: string;
  readonly print?: true;
  readonly undo?: true;
  readonly yes?: true;
  readonly project?: true;
}

const initExamples = `
The diff is shown first; nothing is written before a y, or without --yes where there is no terminal. What is in the file
stays, comments too; --undo takes back what was written and nothing else.

Examples:
  holdpoint init                  what can be set up, and what of it is
  holdpoint init claude           a hook that Claude Code asks before it uses a tool
  holdpoint init vscode           the terminals of VS Code
  holdpoint init cursor --print   the same for Cursor, to paste by hand
  holdpoint init tmux --shell zsh every new pane of tmux, with zsh
  holdpoint init vscode --undo    take it back
  holdpoint init scope --print    a holdpoint.yaml for this folder, proposed from what is found here`;

export function addInit(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("init")
    .description(
      "make agents ask the guard, editors and terminals start their shells under it; propose a scope",
    )
    .addArgument(new Argument("[target]", "what to set up; none: a list").choices(targetNames))
    .addOption(
      new Option("--shell <name>", "the shell to start; default: the one of $SHELL").choices(shellNames),
    )
    .option("--dir <dir>", "the folder with the program's settings, where it is not the usual one")
    .option("--project", "an agent's file of this project instead of the user's")
    .option("--print", "print what would be set, and write nothing")
    .option("--undo", "take back what was written")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", initExamples)
    .action(async (target: string | undefined, flags: InitFlags) => {
      const { init } = await import("../commands/init.js");
      end(await init({ ...flags, target }, places, terminal));
    });
}
