import { isKnown, showArg } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type GuardEffect, plainEffect } from "../model/effect.js";
import { effects, nothing, type Reader } from "./reader.js";

/**
 * Programs that type into, read or take over other terminals and windows. An agent beside a human's tmux could press the
 * key that approves it. What only starts or lists something is left alone.
 */
const acts: ReadonlyMap<string, readonly string[] | "always"> = new Map<string, readonly string[] | "always">(
  [
    [
      "tmux",
      [
        "send-keys",
        "send",
        "send-prefix",
        "paste-buffer",
        "pasteb",
        "pipe-pane",
        "pipep",
        "capture-pane",
        "capturep",
        "respawn-pane",
        "respawnp",
        "attach",
        "attach-session",
        "a",
        "at",
      ],
    ],
    ["screen", ["-X", "-x", "-r", "-R", "-d", "-D", "-S"]],
    ["zellij", ["action", "attach", "pipe"]],
    ["kitty", ["@"]],
    ["kitten", ["@"]],
    ["wezterm", ["cli"]],
    ["xdotool", "always"],
    ["ydotool", "always"],
    ["dotool", "always"],
    ["wtype", "always"],
    ["xte", "always"],
    ["reptyr", "always"],
    ["holdpoint", ["approve", "trust", "end", "undo"]],
  ],
);

export const keyboards: Reader = {
  names: [...acts.keys()],
  read(call: Call) {
    const tool = isKnown(call.tool) ? call.tool : "";
    const words = call.argv.slice(1);
    const acting = acts.get(tool);
    const operation =
      acting === "always"
        ? words.find(() => true)
        : words.find((word) => isKnown(word) && acting?.includes(word));
    if (acting !== "always" && operation === undefined) return nothing;
    const effect: GuardEffect = {
      ...plainEffect(tool, "send", words.map(showArg).join(" ")),
      resource: "guard",
      operation: operation === undefined ? tool : showArg(operation),
      recovery: "none",
      because: "reaches for a keyboard or an answer that is not the agent's own",
    };
    return effects(effect);
  },
};
