import * as v from "valibot";
import type { Judgement } from "../model/judgement.js";
import type { Plan } from "../model/plan.js";
import type { Previews } from "../model/preview.js";
import type { Question } from "../model/question.js";

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
/** A question as it travels to another terminal: checked as far as the card stands on it. */
export const questionSchema = v.pipe(
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
