import { type Command, Option } from "commander";
import { flushed, type Usage } from "./usage.js";

interface TrustFlags {
  readonly list?: true;
  readonly json?: true;
  readonly revoke?: true;
}

const trustExamples = `
A manifest that nobody trusted tightens what a session may do, and allows nothing. This shows its text, says in words what it
would allow, and asks. It is for a person: it wants a terminal outside of every session. What is trusted is this content: a
change of the file takes it back, and the trusted content goes on holding beside the new one until that is trusted.

Examples:
  holdpoint trust                        holdpoint.yaml of this folder
  holdpoint trust ~/shop/holdpoint.yaml  another
  holdpoint trust --list                 what is trusted, and whether its file is still the same
  holdpoint trust --revoke               take it back for the one of this folder`;

export function addTrust(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("trust")
    .description("let a scope manifest allow what it says, after a look at it; or take that back")
    .argument("[file]", "the manifest; default: holdpoint.yaml here")
    .addOption(new Option("--list", "what is trusted on this machine").conflicts("revoke"))
    .addOption(new Option("--json", "with --list: one JSON document").implies({ list: true }))
    .option("--revoke", "take back what was trusted")
    .addHelpText("after", trustExamples)
    .action(async (file: string | undefined, flags: TrustFlags) => {
      if (flags.list === true) {
        const { listTrusted } = await import("../commands/trust-list.js");
        end(listTrusted(flags.json === true, places, terminal));
      } else {
        const { trust } = await import("../commands/trust.js");
        end(await trust(file, { revoke: flags.revoke === true }, places, terminal));
      }
      await flushed();
    });
}
