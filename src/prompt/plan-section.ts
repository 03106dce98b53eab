import type { Question } from "../model/question.js";
import { makePlan } from "./plan.js";
import { planRows } from "./plan-rows.js";
import type { Frame } from "./section.js";
import type { Row } from "./wrapping.js";

/** The plan of all that a question is about. A card is drawn four times a second: made once for each width. */
export function questionPlanRows(question: Question, frame: Frame): readonly Row[] {
  const known = drawn.get(question);
  if (known?.columns === frame.columns && known.redact === frame.redact) return known.rows;
  const rows = planRows(question.plan ?? makePlan(question.items), frame);
  drawn.set(question, { ...frame, rows });
  return rows;
}

const drawn = new WeakMap<Question, Frame & { readonly rows: readonly Row[] }>();
