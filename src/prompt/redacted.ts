import type { Plan } from "../model/plan.js";
import type { Previews } from "../model/preview.js";
import type { Question, QuestionItem } from "../model/question.js";
import { withLookups } from "./looked-up.js";
import { makePlan } from "./plan.js";
import { cutMiddle } from "./width.js";

/**
 * The question as it may leave the session: secrets taken out of every text, and nothing that no card shows. What has to be
 * typed stays as it is. Marks of the command are moved to where their text is now, or left out.
 */
export function redactQuestion(question: Question, redact: (text: string) => string): Question {
  return {
    ...question,
    items: question.items.map((item) => redactItem(item, redact)),
    plan: redactPlan(question.plan ?? makePlan(withLookups(question).items), redact),
  };
}

function redactItem(item: QuestionItem, redact: (text: string) => string): QuestionItem {
  const { judgement } = item;
  const text = redact(item.text);
  const effects = judgement.effects.map((effect) => {
    const { span } = effect;
    const part = span === undefined ? "" : redact(item.text.slice(span.start, span.end));
    const start = text === item.text ? span?.start : text.indexOf(part);
    const isFound = span !== undefined && start !== undefined && start >= 0 && part !== "";
    return {
      ...redactTexts(effect, redact),
      credentials: redactAll(effect.credentials, redact),
      span: isFound ? { start, end: start + part.length } : undefined,
    };
  });
  return {
    ...item,
    text,
    cwd: redact(item.cwd),
    ...(item.previews === undefined ? {} : { previews: redactPreviews(item.previews, redact) }),
    judgement: {
      ...judgement,
      calls: [],
      origins: { calls: [], effects: [] },
      effects,
      matches: judgement.matches.map((match) => redactTexts(match, redact)),
      errors: judgement.errors.map(redact),
    },
  };
}

function redactPreviews({ found, isLooking }: Previews, redact: (text: string) => string): Previews {
  return { found: found.map((preview) => redactTexts(preview, redact)), isLooking };
}

/** All its texts, and long ones cut: it is made to be shown. */
function redactPlan(plan: Plan, redact: (text: string) => string): Plan {
  return redactAll(plan, (text) => cutMiddle(redact(text), longest));
}

const longest = 4000;

function redactAll<T>(value: T, clean: (text: string) => string): T;
function redactAll(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((one) => redactAll(one, clean));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redactAll(one, clean)]));
}

/** Of an object's own values, and of lists of texts among them. */
function redactTexts<T extends object>(value: T, redact: (text: string) => string): T {
  const clean: [string, unknown][] = Object.entries(value).map(([key, each]) => [
    key,
    typeof each === "string"
      ? redact(each)
      : Array.isArray(each)
        ? each.map((one: unknown) => (typeof one === "string" ? redact(one) : one))
        : each,
  ]);
  return { ...value, ...Object.fromEntries(clean) };
}
