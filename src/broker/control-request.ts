import * as v from "valibot";
import { parseLine } from "./control-lines.js";

/** What another terminal may want of a session: one JSON object a line, in any order. */
const requestSchema = v.variant("do", [
  /** What waits, now and whenever that changes. */
  v.object({ do: v.literal("watch") }),
  /** Whether this terminal may answer here. */
  v.object({ do: v.literal("knock") }),
  /** The card of a question, and the word that allows it. */
  v.object({ do: v.literal("open"), question: v.string() }),
  v.object({
    do: v.literal("allow"),
    question: v.string(),
    grant: v.picklist(["once", "session"]),
    /** What was typed: the word of this very card, behind the target's name where the effect is critical. */
    phrase: v.string(),
  }),
  v.object({
    do: v.literal("deny"),
    question: v.string(),
    reason: v.optional(v.pipe(v.string(), v.maxLength(500))),
    /** And all that waits with it. */
    all: v.optional(v.boolean()),
  }),
  v.object({ do: v.literal("end") }),
]);

/** The same, parsed: only what is one of these is served. */
export type ControlRequest = v.InferOutput<typeof requestSchema>;

/** Undefined for what is none. */
export function parseRequest(line: string): ControlRequest | undefined {
  return parseLine(requestSchema, line);
}
