import { isKnown } from "../model/arg.js";
import type { Judgement } from "../model/judgement.js";
import type { QuestionItem } from "../model/question.js";
import { type Frame, labelled, labelWidth, type WholeSection } from "./section.js";
import { showUntrusted } from "./visible.js";
import { foldMiddle, type Piece, type Row, wrapPieces } from "./wrapping.js";

/** The text that was judged, the part that matters marked. `│` begins a line of it, `┆` goes on with one. */
export function commandSection(item: QuestionItem, isFirst: boolean, frame: Frame): WholeSection {
  const { rows, marked, gutter, width } = wrapped(item, frame);
  return {
    rank: isFirst ? 1 : 5,
    least: 1,
    wanted: Math.min(rows.length, isFirst ? 6 : 3),
    opens: true,
    full: labelled("command", rows.map(gutter)),
    fold: (budget) => labelled("command", foldMiddle(rows, budget, marked, width).map(gutter)),
  };
}

interface Wrapped {
  readonly text: string;
  readonly frame: Frame;
  readonly rows: readonly Row[];
  readonly marked: readonly number[];
  readonly gutter: (row: Row) => Row;
  readonly width: number;
}

/** A card is drawn four times a second, and a command may be a megabyte: wrapped once. */
const known = new WeakMap<object, Wrapped>();

function wrapped(item: QuestionItem, frame: Frame): Wrapped {
  const { columns, redact } = frame;
  const before = known.get(item.judgement);
  if (before?.text === item.text && before.frame.columns === columns && before.frame.redact === redact)
    return before;
  const width = columns - labelWidth - 4;
  const lines = splitLines(markSpans(item, redact));
  const continued = new Set<Row>();
  const rows = lines.flatMap((line) => {
    const parts = wrapPieces(line, width);
    for (const row of parts.slice(1)) continued.add(row);
    return parts;
  });
  const made = {
    ...{ text: item.text, frame, rows, width },
    marked: rows.flatMap((row, at) => (row.some((piece) => piece.look === "marked") ? [at] : [])),
    gutter: (row: Row): Row => [{ text: continued.has(row) ? "┆ " : "│ ", look: "dim" }, ...row],
  };
  known.set(item.judgement, made);
  return made;
}

/** Secrets are taken out of the whole text first: one that reaches over the edge of a span must not get through in halves. */
function markSpans(item: QuestionItem, redact: (text: string) => string): readonly Piece[] {
  const text = redact(item.text);
  const { effects, matches } = item.judgement;
  const held = new Set(matches.filter((match) => match.verdict !== "allow").map((match) => match.effect));
  const isMarked = new Uint8Array(text.length);
  const mark = (found: number, length: number) => found >= 0 && isMarked.fill(1, found, found + length);
  for (const [at, { span }] of effects.entries()) {
    if (!held.has(at)) continue;
    if (span === undefined) {
      const words = wordsWithin(text, item.judgement, at);
      mark(text.indexOf(words), words.length);
      continue;
    }
    if (span.end - span.start >= item.text.trim().length) continue;
    const part = redact(item.text.slice(span.start, span.end));
    if (part !== "") mark(text === item.text ? span.start : text.indexOf(part), part.length);
  }
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && isMarked[at] === isMarked[start]) continue;
    pieces.push({ text: text.slice(start, at), look: isMarked[start] === 1 ? "marked" : "plain" });
    start = at;
  }
  return pieces;
}

/**
 * As many words of the call that does it as stand together in the text: `bash -c` and a long text around one command, as Claude Code
 * writes it, has no span, and without a mark just that command would be folded away. "" for the program itself, and for fewer than two.
 */
function wordsWithin(text: string, { calls, origins }: Judgement, effect: number): string {
  const caller = origins.effects[effect];
  const isInner = caller !== undefined && origins.calls[caller] !== undefined;
  const argv = isInner ? (calls[caller]?.argv ?? []) : [];
  for (let count = argv.length; count > 1; count--) {
    const words = argv.slice(0, count);
    const joined = words.every(isKnown) ? words.join(" ") : "";
    if (joined !== "" && text.includes(joined)) return joined;
  }
  return "";
}

function splitLines(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const lines: Piece[][] = [[]];
  for (const { text, look } of pieces) {
    for (const [at, part] of text.split("\n").entries()) {
      if (at > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ text: showUntrusted(part), look });
    }
  }
  return lines;
}
