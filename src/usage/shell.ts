import type { Command } from "commander";
import type { Usage } from "./usage.js";

/** What the installed shells start. Hidden: a person says `holdpoint -- bash`. */
export function addShell(program: Command, { places, end, fail }: Usage): void {
  program
    .command("shell", { hidden: true })
    .description("start a guarded shell, for the programs that `holdpoint init` installs")
    .argument("<name>")
    .argument("<words...>")
    .passThroughOptions()
    .action(async (name: string, words: string[]) => {
      const { startShell } = await import("../commands/shell.js");
      end(await startShell(name, words, places, fail));
    });
}
