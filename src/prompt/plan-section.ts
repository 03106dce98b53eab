import type { Question } from "../model/question.js";
import { makePlan } from "./plan.js";
import { planRows } from "./plan-rows.js";
import type { Frame } from "./section.js";
import type { Row } from "./wrapping.js";

/** The plan of all that a question is about. A card is drawn four times a second: made once for each width, and anew each minute. */
export function questionPlanRows(question: Question, frame: Frame): readonly Row[] {
  const { columns, redact, now = Date.now() } = frame;
  const known = drawn.get(question);
  // What is said of times is right to the minute.
  const minute = Math.floor(now / 60_000);
  if (known?.columns === columns && known.redact === redact && known.minute === minute) return known.rows;
  const rows = planRows(question.plan ?? makePlan(question.items), { ...frame, around: question.around });
  drawn.set(question, { columns, redact, minute, rows });
  return rows;
}

interface Drawn {
  readonly columns: number;
  readonly redact: Frame["redact"];
  readonly minute: number;
  readonly rows: readonly Row[];
}

const drawn = new WeakMap<Question, Drawn>();
