import type { Preview, Previews } from "../model/preview.js";
import type { Question } from "../model/question.js";
import type { Look } from "./paint.js";
import { type Frame, labelled, labelWidth, type WholeSection } from "./section.js";
import { showUntrusted } from "./visible.js";
import { foldEnd, wrapPieces } from "./wrapping.js";

/** What was looked up before anybody is asked: the worst first; none where nothing could be. */
export function foundSection(question: Question, { columns, redact }: Frame): readonly WholeSection[] {
  const width = columns - labelWidth - 2;
  const rows = foundLines(question).flatMap(({ text, look }) =>
    wrapPieces([{ text: showUntrusted(redact(text)), look }], width),
  );
  if (rows.length === 0) return [];
  return [
    {
      rank: 2,
      least: 1,
      wanted: Math.min(rows.length, mostRows),
      opens: true,
      full: labelled("found", rows),
      fold: (budget) => labelled("found", foldEnd(rows, budget, width)),
    },
  ];
}

/** More may come. */
export const lookingText = "looking …";

const mostRows = 6;

export interface FoundIn {
  readonly items: readonly { readonly previews?: Previews }[];
}

export interface FoundLine {
  readonly text: string;
  readonly look: Look;
}

/** Each sentence once: what two effects have in common is said by both. */
export function foundLines({ items }: FoundIn): readonly FoundLine[] {
  const all = items.flatMap(({ previews }) => previews?.found ?? []);
  const isLooking = items.some(({ previews }) => previews?.isLooking === true);
  const lines = [
    ...(all.some(({ loses }) => loses !== undefined) ? [alarm("all backups go with it")] : []),
    ...all.flatMap(environmentLine),
    ...all
      .filter(({ state }) => state === "found")
      .flatMap(({ rows }) => rows.map((text) => ({ text, look: "plain" as const }))),
    ...all.filter(({ state }) => state === "failed").flatMap(failedLines),
    ...(isLooking ? [{ text: lookingText, look: "dim" as const }] : []),
  ];
  return lines.filter(({ text }, at) => lines.findIndex((line) => line.text === text) === at);
}

function alarm(text: string): FoundLine {
  return { text, look: "danger" };
}

function environmentLine({ environment }: Preview): readonly FoundLine[] {
  if (environment === undefined) return [];
  const text = `environment ${environment}, by lookup`;
  return [environment === "production" ? alarm(text) : { text, look: "plain" }];
}

function failedLines({ kind, rows }: Preview): readonly FoundLine[] {
  return rows.map((text) => ({ text: `not looked up (${kind}): ${text}`, look: "dim" }));
}
