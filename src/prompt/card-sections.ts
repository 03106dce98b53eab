import type { Credential } from "../model/effect.js";
import type { Question } from "../model/question.js";
import { commandSection } from "./card-command.js";
import { headlineSection } from "./card-headline.js";
import { type CredentialView, credentialWords, warningWords } from "./credential-words.js";
import { foundSection } from "./found-section.js";
import { gatherHeadlines, gatherReasons, type Headline } from "./headlines.js";
import type { Look } from "./paint.js";
import { questionPlanRows } from "./plan-section.js";
import { type Frame, labelled, labelWidth, type Section, type WholeSection } from "./section.js";
import { showUntrusted } from "./visible.js";
import { foldEnd, paintRow, type Row, wrapPieces } from "./wrapping.js";

/** What a card says at a glance, in the order in which a human needs it. */
export function shortSections(question: Question, frame: Frame): readonly Section[] {
  const headlines = gatherHeadlines(question);
  const reasons = gatherReasons(question);
  const instead = reasons.flatMap((reason) => (reason.instead === undefined ? [] : [reason.instead]));
  const back = reasons.flatMap((reason) => (reason.back === undefined ? [] : [reason.back]));
  const errors = question.items.flatMap((item) => item.judgement.errors);
  const why = reasons.map((reason) => `${reason.because} [${reason.rule}]`);
  const view = { around: question.around, now: frame.now ?? Date.now() };
  return [
    headlineSection(headlines, frame),
    ...foundSection(question, frame),
    ...prose("why", why, { rank: 2, most: 4, opens: true }, frame),
    ...prose("using", credentialLines(headlines, view, credentialWords), { rank: 3, most: 3 }, frame),
    ...prose("warning", credentialLines(headlines, view, warningWords), warningWeight, frame),
    ...scopeSections(question, frame),
    ...beforeSection(question, frame),
    ...prose("back", [...new Set(back)], { rank: 3, most: 2 }, frame),
    ...prose("instead", [...new Set(instead)], { rank: 7, most: 3 }, frame),
    ...itemSections(question, frame),
    ...prose("unread", errors, { rank: 6, most: 2 }, frame),
    ...sessionSection(question, frame),
  ];
}

/** All there is to say, for a card that is scrolled: the plan, in the rows of `explain --plan`, and where it comes from. */
export function wholeRows(question: Question, frame: Frame): readonly Row[] {
  const about = [
    ...scopeSections(question, frame),
    ...foundSection(question, frame),
    ...beforeSection(question, frame),
    ...itemSections(question, frame),
    ...sessionSection(question, frame),
  ];
  return [
    ...questionPlanRows(question, frame),
    ...about.flatMap((section) => (section.opens ? [[], ...section.full] : section.full)),
  ];
}

/** What the session is for, and who was told before the card came up. */
function scopeSections({ scope = [], told = [] }: Question, frame: Frame): readonly WholeSection[] {
  return [
    ...prose("scope", scope, { rank: 3, most: 2 }, frame),
    ...prose("alerted", told, { rank: 6, most: 1 }, frame),
  ];
}

function beforeSection({ refusedBefore }: Question, frame: Frame): readonly WholeSection[] {
  return prose("before", refusals(refusedBefore), { rank: 4, most: 1 }, frame);
}

function itemSections({ items }: Question, frame: Frame): readonly WholeSection[] {
  return items.flatMap((item, at) => [
    commandSection(item, at === 0, frame),
    ...prose("times", callers(item.callers), { rank: 3, most: 1 }, frame),
    ...(item.cwd === items[at + 1]?.cwd ? [] : prose("in", [item.cwd], { rank: 5, most: 1 }, frame)),
  ]);
}

function sessionSection({ label, session, id }: Question, frame: Frame): readonly WholeSection[] {
  return prose("session", [`${label} (${session}), question ${id}`], { rank: 8, most: 1 }, frame);
}

/** Rows for a screen: every section gets its least as long as there is room, the important ones grow first. */
export function shareRows(
  sections: readonly Section[],
  room: number,
  isColoured: boolean,
): readonly string[] {
  const order = sections.toSorted((a, b) => a.rank - b.rank);
  const budgets = new Map<Section, number>();
  let left = room;
  for (const section of order) {
    const budget = Math.min(section.least, left);
    if (budget > 0) budgets.set(section, budget);
    left -= budget;
  }
  for (let hasGrown = true; left > 0 && hasGrown; ) {
    hasGrown = false;
    for (const section of order) {
      const budget = budgets.get(section);
      if (budget === undefined || left === 0 || budget >= section.wanted) continue;
      budgets.set(section, budget + 1);
      left -= 1;
      hasGrown = true;
    }
  }
  return sections.flatMap((section, at) => {
    const budget = budgets.get(section);
    if (budget === undefined) return [];
    const rows = section.fold(budget).map((row) => paintRow(row, isColoured));
    if (!section.opens || at === 0 || left === 0) return rows;
    left -= 1;
    return ["", ...rows];
  });
}

interface Weight {
  readonly rank: number;
  readonly most: number;
  readonly opens?: true;
  readonly look?: Look;
}

/** Among the last to go from a small screen. */
const warningWeight: Weight = { rank: 1, most: 2, look: "warning" };

/** None where there is nothing to say. */
function prose(
  label: string,
  lines: readonly string[],
  { rank, most, opens, look = "plain" }: Weight,
  { columns, redact }: Frame,
): readonly WholeSection[] {
  if (lines.length === 0) return [];
  const width = columns - labelWidth - 2;
  const rows = lines.flatMap((line) => wrapPieces([{ text: showUntrusted(redact(line)), look }], width));
  return [
    {
      rank,
      least: Math.min(1, most),
      wanted: Math.min(rows.length, most),
      opens: opens === true,
      full: labelled(label, rows),
      fold: (budget) => labelled(label, foldEnd(rows, budget, width)),
    },
  ];
}

/** Each with the environment that it is used on, and each once. */
function credentialLines(
  headlines: readonly Headline[],
  view: CredentialView,
  say: (credential: Credential, view: CredentialView) => string | undefined,
): readonly string[] {
  const lines = headlines.flatMap(({ credentials, environment }) =>
    credentials.flatMap((one) => say(one, { ...view, environment }) ?? []),
  );
  return [...new Set(lines)];
}

function callers(count: number): readonly string[] {
  return count > 1 ? [`${count} callers wait to run this, and an allow lets each run it once`] : [];
}

function refusals(count: number): readonly string[] {
  if (count === 0) return [];
  return [`refused ${count === 1 ? "once" : `${count} times`} in this session`];
}
