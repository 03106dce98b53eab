import * as v from "valibot";
import type { Judgement } from "../model/judgement.js";
import type { Plan } from "../model/plan.js";
import type { Previews } from "../model/preview.js";
import type { Question } from "../model/question.js";

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
  }),
  v.object({ do: v.literal("end") }),
]);
export type ControlRequest = v.InferOutput<typeof requestSchema>;

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
export type WaitingQuestion = Readonly<v.InferOutput<typeof waitingSchema>>;

const name = v.string();
const plan = v.custom<Plan>(isPlan);
const judgement = v.custom<Judgement>(isJudgement);
const previews = v.custom<Previews>((value) => v.is(shownPreviews, value));
const item = v.pipe(
  v.object({ text: name, cwd: name, callers: v.number(), judgement, previews: v.optional(previews) }),
  v.transform(({ previews: known, ...rest }) => ({
    ...rest,
    ...(known === undefined ? {} : { previews: known }),
  })),
);
const questionSchema = v.pipe(
  v.object({
    id: name,
    session: name,
    label: name,
    items: v.array(item),
    plan: v.optional(plan),
    refusedBefore: v.number(),
    typed: v.optional(name),
    deadline: v.number(),
    around: v.optional(v.object({ workspace: name, home: name })),
    scope: v.optional(v.array(name)),
    told: v.optional(v.array(name)),
  }),
  v.transform(
    ({ typed, plan: made, around, scope, told, ...rest }): Question => ({
      ...rest,
      typed,
      ...(made === undefined ? {} : { plan: made }),
      ...(around === undefined ? {} : { around }),
      ...(scope === undefined ? {} : { scope }),
      ...(told === undefined ? {} : { told }),
    }),
  ),
);

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
export type ControlReply = v.InferOutput<typeof replySchema>;

/** Undefined for what is none. */
export function parseRequest(line: string): ControlRequest | undefined {
  return parse(requestSchema, line);
}

/** The other side may be an agent's imitation of a session: nothing of what it says is believed, only shown. */
export function parseReply(line: string): ControlReply | undefined {
  return parse(replySchema, line);
}

/** Cuts a stream into lines; throws beyond the limit. */
export class LineReader {
  private rest = "";

  constructor(private readonly limit: number) {}

  push(chunk: string): readonly string[] {
    const lines = `${this.rest}${chunk}`.split("\n");
    this.rest = lines.pop() ?? "";
    if (this.rest.length > this.limit) throw new Error("a line without an end");
    return lines;
  }
}

function parse<T>(schema: v.GenericSchema<unknown, T>, line: string): T | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const result = v.safeParse(schema, value);
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** As much of its shape as the card stands on. */
function isJudgement(value: unknown): boolean {
  return v.is(shownJudgement, value);
}

const credentials = v.array(
  v.looseObject({
    name,
    from: name,
    fingerprint: name,
    places: v.optional(
      v.array(
        v.looseObject({
          file: name,
          line: v.number(),
          key: v.optional(name),
          kind: name,
          modified: v.number(),
          readAt: v.optional(v.number()),
          change: v.optional(v.picklist(["new", "gone"])),
        }),
      ),
    ),
    unsearched: v.optional(v.literal(true)),
    standing: v.optional(v.picklist(["named", "other", "unnamed", "unrelated"])),
  }),
);
const severity = v.picklist(["info", "low", "medium", "high", "critical"]);
const decision = v.picklist(["allow", "ask", "deny"]);
const shownJudgement = v.looseObject({
  verdict: decision,
  severity,
  calls: v.array(v.unknown()),
  effects: v.array(
    v.looseObject({
      tool: name,
      action: v.picklist(["read", "create", "modify", "delete", "execute", "grant", "send"]),
      resource: name,
      target: name,
      extent: v.looseObject({ kind: name }),
      recovery: name,
      environment: name,
      certainty: name,
      because: name,
      credentials,
    }),
  ),
  matches: v.array(
    v.looseObject({ rule: name, effect: v.number(), verdict: decision, severity, because: name }),
  ),
  errors: v.array(name),
});

const shownPreviews = v.looseObject({
  found: v.array(
    v.looseObject({
      effect: v.number(),
      kind: name,
      state: v.picklist(["found", "failed"]),
      rows: v.array(name),
      environment: v.optional(name),
    }),
  ),
  isLooking: v.boolean(),
});

function isPlan(value: unknown): boolean {
  return v.is(shownPlan, value);
}

const shownStep: v.GenericSchema<unknown> = v.looseObject({
  number: v.number(),
  via: v.array(name),
  tool: name,
  text: name,
  isCertain: v.boolean(),
  place: name,
  unread: v.array(name),
  deeds: v.array(
    v.looseObject({
      words: name,
      action: name,
      resource: name,
      count: v.number(),
      loss: v.picklist(["none", "doubtful", "good"]),
      isCertain: v.boolean(),
      environment: v.optional(name),
      boundsBecause: v.optional(name),
      recovery: name,
      back: name,
      because: v.array(name),
      credentials,
      held: v.array(
        v.looseObject({
          rule: name,
          verdict: decision,
          because: name,
          instead: v.optional(name),
          back: v.optional(name),
        }),
      ),
    }),
  ),
  inner: v.lazy(() => v.array(shownStep)),
});
const shownPlan = v.looseObject({
  summary: v.looseObject({
    calls: v.number(),
    held: v.number(),
    lost: v.number(),
    doubtful: v.number(),
    environments: v.array(name),
    credentials,
    unread: v.number(),
  }),
  steps: v.array(shownStep),
  unread: v.array(name),
});
