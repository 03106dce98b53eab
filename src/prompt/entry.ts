import { assertNever } from "../model/assert-never.js";
import type { CardState } from "./card.js";
import type { Mode } from "./dialog.js";

/** The line in which the human types, if there is one. */
export function entryOf(mode: Mode, phrase: string | undefined): CardState["entry"] {
  switch (mode.kind) {
    case "choose":
      return undefined;
    case "phrase": {
      const scope = mode.grant === "once" ? "once" : "for this session";
      return { prompt: `Type ${phrase ?? ""} to allow it ${scope}:`, text: mode.text };
    }
    case "reason":
      return { prompt: "Denied, because (the agent reads this):", text: mode.text };
    default:
      return assertNever(mode);
  }
}
