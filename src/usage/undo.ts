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
What a session's rm would have deleted for good in its workspace is moved into a trash, and comes back as it was: names,
modes, times, links. Nothing is written over: what lies in the way stays, and so does the rest in the trash. After 7 days, or
beyond 5 GB in all, the oldest goes; "trash" in the config says otherwise.

Examples:
  holdpoint undo                    put the last deletion back, after a look at it
  holdpoint undo --list             what is there, under which names
  holdpoint undo k3fq9a             put this one back
  holdpoint undo k3fq9a --to /tmp   into this folder, where something lies in its old place
  holdpoint undo --purge            empty the trash: for a person, at a terminal`;

export function addUndo(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("undo")
    .description("put back what a session's rm has deleted")
    .argument("[id...]", "names of deletions, or their beginnings; default: the newest, after a look at it")
    .addOption(new Option("--list", "what the trash holds").conflicts(["to", "purge"]))
    .addOption(new Option("--json", "with --list: one JSON document").implies({ list: true }))
    .option("--to <dir>", "put it into this folder, on the same file system")
    .addOption(new Option("--purge", "delete these for good, or all").conflicts("to"))
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
