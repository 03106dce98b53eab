import { type Command, Option } from "commander";
import { flushed, type Usage } from "./usage.js";

interface TrustFlags {
  readonly list?: true;
  readonly json?: true;
  readonly revoke?: true;
}

const trustExamples = `
Until you trust it, a manifest can only tighten what a session may do; it allows
nothing. This command shows its text, says what it would allow, and asks. It needs
a person at a terminal outside every session. Trust covers this content only: once
the file changes, the old content and the new one are both in force, and neither
allows anything until you trust the file again.

Examples:
  holdpoint trust                         trust holdpoint.yaml in this folder
  holdpoint trust ~/shop/holdpoint.yaml   trust another one
  holdpoint trust --list                  what is trusted, and which files have changed
  holdpoint trust --revoke                take back trust in the one in this folder`;

export function addTrust(program: Command, { places, terminal, end }: Usage): void {
  program
    .command("trust")
    .description("let a scope manifest allow what it says, after showing it to you; or take that back")
    .argument("[file]", "the manifest; default: holdpoint.yaml in this folder")
    .addOption(new Option("--list", "list what is trusted on this machine").conflicts("revoke"))
    .addOption(new Option("--json", "with --list: print one JSON document").implies({ list: true }))
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
