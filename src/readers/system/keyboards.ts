import { isKnown, showArg } from "../../model/arg.js";
import { guardEffect } from "../guard-effect.js";
import { effects, nothing, type Reader } from "../reader.js";

/**
 * Programs that type into, read or take over other terminals and windows. An agent beside a human's window could press the
 * key that approves it. What only starts or lists something is left alone.
 */
const acts: ReadonlyMap<string, readonly string[] | "always"> = new Map<string, readonly string[] | "always">(
  [
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
  ],
);

export const keyboards: Reader = {
  names: [...acts.keys()],
  read(call) {
    const tool = showArg(call.tool);
    const acting = acts.get(tool);
    const words = call.argv.slice(1);
    const word = words.find((each) => acting === "always" || (isKnown(each) && acting?.includes(each)));
    return word === undefined ? nothing : effects(guardEffect(tool, showArg(word), words));
  },
};
