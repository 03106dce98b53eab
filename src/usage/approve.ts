import { type Command, Option } from "commander";
import type { ApproveOptions } from "../commands/approve.js";
import { flushed, type Usage } from "./usage.js";

const approveExamples = `
Shows the session's own card. To allow, type the word on the card; q leaves the
question to others. It works from any terminal that was open before the session
began, from a new window of one, and from a new login. From inside a session
nobody can answer, not even "no".

Examples:
  holdpoint approve                   show card after card, and wait for more
  holdpoint approve --once            show what is waiting now, then end
  holdpoint approve abcdefg/q3        show this question only
  holdpoint approve --json --follow   feed a menu bar: one document per line
  holdpoint approve --deny q3         refuse, without showing a card`;

const endExamples = `
The session's command gets SIGTERM, and SIGKILL five seconds later if it is
still there; what it left running ends with it. Waiting questions are denied.

Examples:
  holdpoint end           the only running session
  holdpoint end abcdefg   one of several (\`holdpoint status\` names them)`;

export function addApprove(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("approve")
    .description("answer the questions of running sessions from another terminal")
    .argument("[id]", "only this question: SESSION/QUESTION, or just q3 if no other session has one")
    .option("--session <id>", "only the questions of this session")
    .option("--once", "end when nothing is waiting any more")
    .option("--json", "print what is waiting as one JSON document")
    .addOption(
      new Option("--follow", "with --json: print one document per line, again at each change").implies({
        json: true,
      }),
    )
    .addOption(
      new Option("--deny <id...>", "refuse these questions without showing a card").conflicts([
        "json",
        "allDeny",
      ]),
    )
    .addOption(new Option("--all-deny", "refuse everything that is waiting").conflicts("json"))
    .addHelpText("after", approveExamples)
    .action(async (id: string | undefined, flags: Omit<ApproveOptions, "id">) => {
      const { approve } = await import("../commands/approve.js");
      end(await approve(id === undefined ? flags : { ...flags, id }, places, terminal));
      await flushed();
    });
  program
    .command("status")
    .description("show the running sessions, what is waiting in them and what was refused")
    .option("--json", "print one JSON document")
    .action(async (flags: { json?: true }) => {
      const { showStatus } = await import("../commands/status.js");
      end(await showStatus(flags.json === true, places, terminal));
      await flushed();
    });
  program
    .command("end")
    .description("end a running session, its command and whatever that left running")
    .argument("[id]", "the session; not needed if only one is running")
    .addHelpText("after", endExamples)
    .action(async (id: string | undefined) => {
      const { endOne } = await import("../commands/end.js");
      end(await endOne(id, places, terminal));
    });
}
