import { isKnown, showArg } from "../../model/arg.js";
import type { Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { guardEffect } from "../guard-effect.js";
import { declareOptions, readOptions } from "../options.js";
import { effects, inner, nothing, type Reader } from "../reader.js";

const globals = declareOptions("first", [
  "-2",
  "-C",
  "-D",
  "-l",
  "-N",
  "-u",
  "-U",
  "-v",
  "-V",
  "-c:",
  "-f:",
  "-L:",
  "-S:",
  "-T:",
]);

/** Types into, reads or takes over a pane. */
const reaching: ReadonlySet<string> = new Set([
  "send-keys",
  "send",
  "send-prefix",
  "paste-buffer",
  "pasteb",
  "pipe-pane",
  "pipep",
  "capture-pane",
  "capturep",
  "attach-session",
  "attach",
]);

/** Options with a value of the commands that start a program; the first word after them is a text for a shell. */
const starting: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...["new-session", "new"].map(
    (name) => [name, ["-c:", "-e:", "-f:", "-F:", "-n:", "-s:", "-t:", "-x:", "-y:"]] as const,
  ),
  ...["new-window", "neww"].map((name) => [name, ["-c:", "-e:", "-F:", "-n:", "-t:"]] as const),
  ...["split-window", "splitw"].map((name) => [name, ["-c:", "-e:", "-F:", "-l:", "-t:"]] as const),
  ...["respawn-pane", "respawnp", "respawn-window", "respawnw"].map(
    (name) => [name, ["-c:", "-e:", "-t:"]] as const,
  ),
  ...["run-shell", "run"].map((name) => [name, ["-c:", "-d:", "-t:"]] as const),
  ...["if-shell", "if"].map((name) => [name, ["-t:"]] as const),
  ...["display-popup", "popup"].map(
    (name) => [name, ["-c:", "-d:", "-e:", "-h:", "-s:", "-S:", "-t:", "-T:", "-w:", "-x:", "-y:"]] as const,
  ),
]);

/**
 * A server that is already there belongs to the human's side: what it starts finds no shim, so its text is judged here
 * or nowhere (tmux(1), "shell-command").
 */
export const tmux: Reader = {
  names: ["tmux"],
  read(call) {
    const [name, ...words] = readOptions(call.argv.slice(1), globals).operands;
    if (name === undefined) return nothing;
    if (!isKnown(name))
      return call.sight === "later" ? nothing : effects(opaqueEffect("tmux", name.source, name.reason));
    if (reaching.has(name)) return effects(guardEffect("tmux", name, words));
    const options = starting.get(name);
    if (options === undefined) return nothing;
    const texts = readOptions(words, declareOptions("first", [...options])).operands;
    return inner(
      ...texts.filter(isKnown).map(
        (text): Inner => ({
          kind: "line",
          text,
          shell: "sh",
          via: `tmux ${showArg(name)}`,
          sight: "never",
        }),
      ),
    );
  },
};
