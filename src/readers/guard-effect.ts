import { type Arg, showArg } from "../model/arg.js";
import { type GuardEffect, plainEffect } from "../model/effect.js";

/** Reaching for the guard itself, or for a keyboard or an answer that is not the agent's own. */
export function guardEffect(tool: string, operation: string, words: readonly Arg[]): GuardEffect {
  return {
    ...plainEffect(tool, "send", words.map(showArg).join(" ")),
    resource: "guard",
    operation,
    recovery: "none",
    because: "reaches for a keyboard or an answer that is not the agent's own",
  };
}
