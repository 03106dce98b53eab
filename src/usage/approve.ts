import { type Command, Option } from "commander";
import { flushed, type Usage } from "./usage.js";

const approveExamples = `
A question that a session waits with can be answered from any terminal that was there before the session, or is a new window
of one, or a new login. It shows the session's own card; to allow, type the word that stands on it. q leaves the question to
others. From inside a session nobody answers, not even "no".

Examples:
  holdpoint approve                        one card after the other; waits for more
  holdpoint approve --once                 what waits now, then ends
  holdpoint approve abcdefg/q3             this one
  holdpoint approve --json --follow        what waits, for a menu bar: a document a line
  holdpoint approve --deny q3              no, without a card`;

const endExamples = `
The command of the session is told to end, and killed after five seconds; what it left running ends with it. What waits is denied.

Examples:
  holdpoint end                            the only one that runs
  holdpoint end abcdefg                    one of several (holdpoint status names them)`;

interface ApproveFlags {
  readonly session?: string;
  readonly json?: true;
  readonly follow?: true;
  readonly once?: true;
  readonly deny?: readonly string[];
  readonly allDeny?: true;
}

export function addApprove(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("approve")
    .description("answer, from another terminal, what running sessions wait with")
    .argument("[id]", "only this question: SESSION/QUESTION, or q3 where no other session has one")
    .option("--session <id>", "only what this session waits with")
    .option("--once", "end when nothing waits any more")
    .option("--json", "what waits, as one JSON document")
    .addOption(
      new Option("--follow", "with --json: a document a line, again with each change").implies({
        json: true,
      }),
    )
    .addOption(new Option("--deny <id...>", "refuse these, without a card").conflicts(["json", "allDeny"]))
    .addOption(new Option("--all-deny", "refuse all that waits").conflicts("json"))
    .addHelpText("after", approveExamples)
    .action(async (id: string | undefined, flags: ApproveFlags) => {
      const { approve } = await import("../commands/approve.js");
      end(await approve(id === undefined ? flags : { ...flags, id }, places, terminal));
      await flushed();
    });
  program
    .command("status")
    .description("the running sessions: what waits in them, what was refused")
    .option("--json", "one JSON document")
    .action(async (flags: { json?: true }) => {
      const { showStatus } = await import("../commands/status.js");
      end(await showStatus(flags.json === true, places, terminal));
      await flushed();
    });
  program
    .command("end")
    .description("end a running session, with its command and what that left running")
    .argument("[id]", "the session; may be left out where only one runs")
    .addHelpText("after", endExamples)
    .action(async (id: string | undefined) => {
      const { endOne } = await import("../commands/end.js");
      end(await endOne(id, places, terminal));
    });
}
