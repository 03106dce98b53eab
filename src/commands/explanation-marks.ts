import type { Span } from "../model/call.js";
import { type Look, paint } from "../prompt/paint.js";
import { showUntrusted } from "../prompt/visible.js";
import { textWidth } from "../prompt/width.js";
import { wrapPieces } from "../prompt/wrapping.js";

/** A part of the line to be underlined. */
export interface Mark {
  readonly span: Span;
  /** Stands behind the carets. */
  readonly label: string;
  readonly look: Look;
}

export interface MarkView {
  readonly columns: number;
  readonly colour: boolean;
}

/** Rows of the line and of carets below it, at most; what is left out is counted in its place. */
const mostRows = 24;
const mostCaretRows = 3;
const labelRoom = 6;

/** The line as it was written, each of its lines with its marks below it. `│` begins a line, `┆` goes on with one. */
export function underline(text: string, marks: readonly Mark[], { columns, colour }: MarkView): string[] {
  const lines = text.replace(/\n+$/, "").split("\n");
  const digits = lines.length > 1 ? String(lines.length).length + 1 : 0;
  const rows = layRows(lines, marks, Math.max(8, columns - digits - 4 - labelRoom));
  const shown = chooseRows(rows);
  const blank = " ".repeat(digits + 4);
  const out: string[] = [];
  let left = 0;
  const closeGap = () => {
    if (left > 0) out.push(paint(`${blank}… ${left} more ${left === 1 ? "row" : "rows"} …`, "dim", colour));
    left = 0;
  };
  for (const [at, row] of rows.entries()) {
    if (!shown.has(at)) {
      left += 1;
      continue;
    }
    closeGap();
    const number = row.isFirst && digits > 0 ? String(row.line) : "";
    const gutter = `${number.padStart(digits)}  ${row.isFirst ? "│" : "┆"} `;
    out.push(`${paint(gutter, "dim", colour)}${row.text}`);
    for (const carets of caretRows(row.marks, colour)) out.push(`${blank}${carets}`);
  }
  closeGap();
  return out;
}

/** What of a mark stands on one row, in columns. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly look: Look;
  readonly isFirst: boolean;
}

interface LaidRow {
  /** From 1. */
  readonly line: number;
  readonly isFirst: boolean;
  readonly text: string;
  readonly marks: readonly Part[];
}

function layRows(lines: readonly string[], marks: readonly Mark[], width: number): readonly LaidRow[] {
  let offset = 0;
  return lines.flatMap((line, at) => {
    const end = offset + line.length;
    const here = marks.flatMap((mark) => {
      const from = Math.max(mark.span.start, offset) - offset;
      const to = Math.min(mark.span.end, end) - offset;
      // Indentation is no part of anything.
      const blank = /^\s*/.exec(line.slice(from, Math.max(from, to)))?.[0].length ?? 0;
      const last = mark.span.end <= end + 1;
      return from + blank < to ? [{ mark, from: from + blank, to, last }] : [];
    });
    offset = end + 1;
    return layLine(line, here, width).map((row) => ({ ...row, line: at + 1 }));
  });
}

interface Piece {
  readonly mark: Mark;
  readonly from: number;
  readonly to: number;
  /** It ends on this line: its label stands here. */
  readonly last: boolean;
}

function layLine(line: string, pieces: readonly Piece[], width: number): readonly Omit<LaidRow, "line">[] {
  // Cut at every edge, and made visible piece by piece: what is shown is longer than what was written.
  const edges = [...new Set([0, ...pieces.flatMap(({ from, to }) => [from, to]), line.length])].sort(
    (a, b) => a - b,
  );
  const shownAt = new Map<number, number>([[0, 0]]);
  let shown = "";
  for (const [at, edge] of edges.slice(1).entries()) {
    shown += showUntrusted(line.slice(edges[at], edge));
    shownAt.set(edge, shown.length);
  }
  let start = 0;
  return wrapPieces([{ text: shown, look: "plain" }], width).map((row, at) => {
    const text = row.map((piece) => piece.text).join("");
    const rowStart = start;
    start += text.length;
    const parts = pieces.flatMap(({ mark, from, to, last }): readonly Part[] => {
      const begin = shownAt.get(from) ?? 0;
      const end = shownAt.get(to) ?? 0;
      const left = Math.max(begin, rowStart) - rowStart;
      const right = Math.min(end, start) - rowStart;
      if (left >= right) return [];
      const label = last && end <= start ? mark.label : "";
      const columns = { from: textWidth(text.slice(0, left)), to: textWidth(text.slice(0, right)) };
      return [{ ...columns, label, look: mark.look, isFirst: begin >= rowStart }];
    });
    return { isFirst: at === 0, text, marks: parts };
  });
}

/** Everything where it is little; else where marks begin and end, the first row and the last. */
function chooseRows(rows: readonly LaidRow[]): ReadonlySet<number> {
  const all = [...rows.keys()];
  if (rows.length <= mostRows) return new Set(all);
  const marked = all.filter((at) => rows[at]?.marks.some((part) => part.isFirst || part.label !== ""));
  return new Set([0, ...marked.slice(0, mostRows - 2), rows.length - 1]);
}

/** Marks that do not touch share a row; the longer of two that do goes above. */
function caretRows(parts: readonly Part[], colour: boolean): readonly string[] {
  const rows: { text: string; width: number }[] = [];
  let left = 0;
  for (const part of parts.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const label = part.label === "" ? "" : ` ${part.label}`;
    let row = rows.find(({ width }) => width === 0 || width < part.from);
    if (row === undefined) {
      if (rows.length >= mostCaretRows) {
        left += 1;
        continue;
      }
      row = { text: "", width: 0 };
      rows.push(row);
    }
    const carets = paint("^".repeat(Math.max(1, part.to - part.from)) + label, part.look, colour);
    row.text += " ".repeat(part.from - row.width) + carets;
    row.width = Math.max(part.to, part.from + 1) + label.length;
  }
  const more = left > 0 ? [paint(`… and ${left} more here`, "dim", colour)] : [];
  return [...rows.map(({ text }) => text), ...more];
}
