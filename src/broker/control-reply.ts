import * as v from "valibot";
import { parseLine } from "./control-lines.js";
import { questionSchema } from "./shown-question.js";

const sessionSchema = v.object({
  id: v.string(),
  label: v.string(),
  mode: v.string(),
  command: v.array(v.string()),
  cwd: v.string(),
  /** The broker's. */
  pid: v.number(),
  /** RFC 3339. */
  started: v.string(),
  /** Path of its audit log. */
  log: v.string(),
  /** The manifests that hold. */
  scope: v.optional(v.array(v.object({ file: v.string(), sha256: v.string(), trusted: v.boolean() })), []),
});

/** A session, as `holdpoint status` and `approve` name it. */
export type SessionFacts = Readonly<v.InferOutput<typeof sessionSchema>>;

const waitingSchema = v.object({
  id: v.string(),
  /** RFC 3339, both. */
  since: v.string(),
  deadline: v.string(),
  severity: v.string(),
  /** What would happen, in words; the worst first. */
  effects: v.array(v.string()),
  /** The commands that wait, secrets taken out. */
  commands: v.array(v.object({ text: v.string(), cwd: v.string(), callers: v.number() })),
  rules: v.array(v.string()),
  /** What was looked up, in sentences; and whether more may come. */
  found: v.optional(v.array(v.string()), []),
  looking: v.optional(v.boolean(), false),
});

/** A question that waits, for a list of them; the card has more, and is given to whoever opens it. */
export type WaitingQuestion = Readonly<v.InferOutput<typeof waitingSchema>>;

const replySchema = v.variant("is", [
  v.object({ is: v.literal("session"), session: sessionSchema }),
  v.object({ is: v.literal("waiting"), questions: v.array(waitingSchema) }),
  v.object({ is: v.literal("welcome") }),
  v.object({ is: v.literal("card"), question: questionSchema, word: v.string() }),
  /** This terminal may not answer, or what was typed is not it: nothing was allowed. */
  v.object({ is: v.literal("refused"), reason: v.string() }),
  /** Answered by somebody else, timed out, or its caller went away. */
  v.object({ is: v.literal("over"), question: v.string() }),
  v.object({ is: v.literal("answered"), question: v.string() }),
  v.object({ is: v.literal("ending") }),
]);

/** What a session says to another terminal: one JSON object a line. */
export type ControlReply = v.InferOutput<typeof replySchema>;

/** The other side may be an agent's imitation of a session: nothing of what it says is believed, only shown. */
export function parseReply(line: string): ControlReply | undefined {
  return parseLine(replySchema, line);
}
