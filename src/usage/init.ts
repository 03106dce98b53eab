import { Argument, type Command, Option } from "commander";
import type { InitOptions } from "../commands/init.js";
import { shellNames, targetNames } from "../commands/init-names.js";
import type { Usage } from "./usage.js";

const initExamples = `
Shows the diff first and writes nothing until you say y; without a terminal it
needs --yes. Everything else in the file stays, comments included. --undo takes
back what was written and nothing else.

Examples:
  holdpoint init                    what can be set up, and what already is
  holdpoint init claude             have Claude Code ask before it uses a tool
  holdpoint init vscode             guard the terminals of VS Code
  holdpoint init cursor --print     print Cursor's settings, to paste by hand
  holdpoint init tmux --shell zsh   guard every new pane of tmux, with zsh
  holdpoint init vscode --undo      take it back
  holdpoint init scope --print      propose a holdpoint.yaml for this folder`;

export function addInit(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("init")
    .description(
      "have agents ask holdpoint, or editors and terminals start guarded shells; propose a scope manifest",
    )
    .addArgument(
      new Argument("[target]", "what to set up; without it, list what there is").choices(targetNames),
    )
    .addOption(
      new Option("--shell <name>", "the shell to start; default: the one in $SHELL").choices(shellNames),
    )
    .option("--dir <dir>", "the folder of the program's settings, if not the usual one")
    .option("--project", "set up an agent for this project instead of for the user")
    .option("--print", "print what would be written, and write nothing")
    .option("--undo", "take back what was written")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", initExamples)
    .action(async (target: string | undefined, flags: Omit<InitOptions, "target">) => {
      const { init } = await import("../commands/init.js");
      end(await init({ ...flags, target }, places, terminal));
    });
}
