import { type Command, Option } from "commander";
import { flushed, type Usage } from "./usage.js";

interface UndoFlags {
  readonly list?: true;
  readonly json?: true;
  readonly to?: string;
  readonly purge?: true;
  readonly yes?: true;
}

const undoExamples = `
What a session's rm would have deleted for good in the workspace is moved to a
trash instead, and comes back with its names, modes, times and links. Nothing is
overwritten: a file that is in the way stays, and what it blocks stays in the trash.
Deletions expire after 7 days, or beyond 5 GB, oldest first; "trash" in the config
changes these limits.

Examples:
  holdpoint undo                    show the last deletion, and put it back
  holdpoint undo --list             list what is in the trash
  holdpoint undo k3fq9a             put this one back
  holdpoint undo k3fq9a --to /tmp   put it into this folder, if its old place is taken
  holdpoint undo --purge            empty the trash (needs a person at a terminal)`;

export function addUndo(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("undo")
    .description("put back what a session's rm deleted")
    .argument("[id...]", "deletions, by name or the beginning of it; default: the newest, after showing it")
    .addOption(new Option("--list", "list what is in the trash").conflicts(["to", "purge"]))
    .addOption(new Option("--json", "with --list: print one JSON document").implies({ list: true }))
    .option("--to <dir>", "put it into this folder instead (on the same file system)")
    .addOption(new Option("--purge", "delete these, or everything in the trash, for good").conflicts("to"))
    .option("-y, --yes", "with --purge: do not ask")
    .addHelpText("after", undoExamples)
    .action(async (ids: readonly string[], flags: UndoFlags) => {
      if (flags.list === true) {
        const { listUndo } = await import("../commands/undo-list.js");
        end(await listUndo(flags.json === true, places, terminal));
      } else {
        const { purgeEntries, undo, undoNewest } = await import("../commands/undo.js");
        if (flags.purge === true) end(await purgeEntries(ids, flags.yes === true, places, terminal));
        else if (ids.length === 0) end(await undoNewest(flags.to, places, terminal));
        else end(undo(ids, flags.to, places, terminal));
      }
      await flushed();
    });
}
