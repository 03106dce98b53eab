import type { Credential } from "../model/effect.js";
import type { Question } from "../model/question.js";
import { commandSection } from "./card-command.js";
import { headlineSection } from "./card-headline.js";
import { gatherHeadlines, gatherReasons, type Headline } from "./headlines.js";
import { type Frame, labelled, labelWidth, type Section } from "./section.js";
import { showUntrusted } from "./visible.js";
import { effectWords } from "./words.js";
import { foldEnd, paintRow, wrapPieces } from "./wrapping.js";

/** All that a card can say, in the order in which a human needs it. */
export function planSections(question: Question, frame: Frame): readonly Section[] {
  const headlines = gatherHeadlines(question);
  const reasons = gatherReasons(question);
  const prose = (label: string, lines: readonly string[], rank: number, most: number, opens = false) =>
    lines.length === 0 ? [] : [proseSection(label, lines, { rank, most, opens }, frame)];
  const instead = reasons.flatMap((reason) => (reason.instead === undefined ? [] : [reason.instead]));
  const errors = question.items.flatMap((item) => item.judgement.errors);
  return [
    headlineSection(headlines, frame),
    ...prose(
      "why",
      reasons.map((reason) => `${reason.because} [${reason.rule}]`),
      2,
      4,
      true,
    ),
    ...prose("using", credentialLines(headlines), 3, 2),
    ...prose("before", refusals(question.refusedBefore), 4, 1),
    ...prose("instead", [...new Set(instead)], 7, 3),
    ...question.items.flatMap((item, at, items) => [
      commandSection(item, at === 0, frame),
      ...prose("times", callers(item.callers), 3, 1),
      ...(item.cwd === items[at + 1]?.cwd ? [] : prose("in", [item.cwd], 5, 1)),
    ]),
    ...prose("unread", errors, 6, 2),
    ...prose("also", harmless(question), 9, 0),
    ...prose("session", [`${question.label} (${question.session}), question ${question.id}`], 8, 1),
  ];
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

function proseSection(
  label: string,
  lines: readonly string[],
  { rank, most, opens }: { readonly rank: number; readonly most: number; readonly opens: boolean },
  { columns, redact }: Frame,
): Section {
  const width = columns - labelWidth - 2;
  const rows = lines.flatMap((line) =>
    wrapPieces([{ text: showUntrusted(redact(line)), look: "plain" }], width),
  );
  return {
    rank,
    least: Math.min(1, most),
    wanted: Math.min(rows.length, most),
    opens,
    full: labelled(label, rows),
    fold: (budget) => labelled(label, foldEnd(rows, budget, width)),
  };
}

function credentialLines(headlines: readonly Headline[]): readonly string[] {
  const all = headlines.flatMap((line) => line.credentials);
  return [...new Set(all.map((each) => `${each.name} ${origin(each)}, fingerprint ${each.fingerprint}`))];
}

function origin({ from }: Credential): string {
  const [kind, place] = /^(env|file|config):(.*)$/s.exec(from)?.slice(1) ?? [];
  if (place === undefined) return from === "literal" ? "written in the command" : `from ${from}`;
  return kind === "env" ? `from variable ${place}` : `from ${place}`;
}

/** What the commands do besides, which no rule minds: for the whole plan only. */
function harmless(question: Question): readonly string[] {
  return question.items.flatMap(({ judgement }) => {
    const held = new Set(
      judgement.matches.filter((match) => match.verdict !== "allow").map((match) => match.effect),
    );
    return held.size === 0 ? [] : judgement.effects.filter((_, at) => !held.has(at)).map(effectWords);
  });
}

function callers(count: number): readonly string[] {
  return count > 1 ? [`${count} callers wait to run this, and an allow lets each run it once`] : [];
}

function refusals(count: number): readonly string[] {
  if (count === 0) return [];
  return [`refused ${count === 1 ? "once" : `${count} times`} in this session`];
}
