import { isKnown } from "../../model/arg.js";
import { plainEffect } from "../../model/effect.js";
import { declareOptions, readOptions } from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";

const options = declareOptions("first", [
  "-c --config:",
  "--enable:",
  "--disable:",
  "--remote:",
  "--remote-auth-token-env:",
  "-i --image:",
  "-m --model:",
  "--local-provider:",
  "-p --profile:",
  "-s --sandbox:",
  "-a --ask-for-approval:",
  "-C --cd:",
  "--add-dir:",
]);

/** Subcommands that do their work themselves, or none that runs anything. Any other first word is a prompt. */
const own: ReadonlySet<string> = new Set(
  (
    "exec e review login logout mcp plugin app-server completion update doctor sandbox debug apply a archive unarchive " +
    "delete migrate-rollouts migrate-nfs-db cloud exec-server features help"
  ).split(" "),
);
const quiet: ReadonlySet<string> = new Set(["--no-daemon", "--help", "-h", "--version", "-V"]);

/**
 * Codex's interface hands what its model wants run to a server in the background, which keeps the environment of its own
 * start: one that was there before this session finds no shim (`codex --help`, 0.169: `--no-daemon`).
 */
export const codex: Reader = {
  names: ["codex"],
  read(call) {
    const words = call.argv.slice(1);
    if (words.some((word) => isKnown(word) && quiet.has(word))) return nothing;
    const [first] = readOptions(words, options).operands;
    if (first !== undefined && isKnown(first) && own.has(first)) return nothing;
    return effects({
      ...plainEffect("codex", "send", "Codex's background server"),
      resource: "process",
      operation: "background server",
      because: "it may have been started outside of this session, and then runs commands without a guard",
    });
  },
};
