import { type Look, paint } from "./paint.js";
import { charWidth, cutEnd, cutMiddle } from "./width.js";

/** A run of shown text with one look. */
export interface Piece {
  readonly text: string;
  readonly look: Look;
}
export type Row = readonly Piece[];

/** Breaks at spaces where one is near, else anywhere; drops nothing. At least one row. */
export function wrapPieces(pieces: readonly Piece[], width: number): readonly Row[] {
  const room = Math.max(width, 2);
  const cells = pieces.flatMap((piece) => [...piece.text].map((char) => ({ char, look: piece.look })));
  const rows: Row[] = [];
  let start = 0;
  while (start < cells.length) {
    let end = start;
    let used = 0;
    let space = -1;
    for (; end < cells.length; end++) {
      const char = cells[end]?.char ?? "";
      used += charWidth(char);
      if (used > room) break;
      if (char === " ") space = end + 1;
    }
    if (end < cells.length && space > start + (end - start) * 0.6) end = space;
    if (end === start) end += 1;
    rows.push(joinCells(cells.slice(start, end)));
    start = end;
  }
  return rows.length === 0 ? [[]] : rows;
}

/** The first rows; the last of them says by `…` that there is more. */
export function foldEnd(rows: readonly Row[], budget: number, width: number): readonly Row[] {
  if (rows.length <= budget) return rows;
  const last = rows[budget - 1] ?? [];
  const text = `${cutEnd(rowText(last), width - 2).trimEnd()} …`;
  return [...rows.slice(0, budget - 1), [{ text, look: last[0]?.look ?? "plain" }]];
}

/** The rows of `kept`, first and last ones; what is left out is counted in its place. */
export function foldMiddle(
  rows: readonly Row[],
  budget: number,
  kept: readonly number[],
  width: number,
): readonly Row[] {
  if (rows.length <= budget) return rows;
  if (budget < 3) return cutToRows(rows.map(rowText).join(""), Math.max(budget, 1), width);
  const chosen = new Set<number>();
  const order = [...kept.slice(0, 1), 0, rows.length - 1, ...kept, ...rows.keys()];
  for (const at of order) {
    if (at < 0 || at >= rows.length) continue;
    if (chosen.size + gaps(new Set([...chosen, at]), rows.length) >= budget) continue;
    chosen.add(at);
  }
  const out: Row[] = [];
  let left = 0;
  for (const [at, row] of rows.entries()) {
    if (chosen.has(at)) {
      if (left > 0) out.push(gap(left, width));
      left = 0;
      out.push(row);
    } else left += [...rowText(row)].length;
  }
  return left > 0 ? [...out, gap(left, width)] : out;
}

export function paintRow(row: Row, colour: boolean): string {
  return row.map((piece) => paint(piece.text, piece.look, colour)).join("");
}

function rowText(row: Row): string {
  return row.map((piece) => piece.text).join("");
}

function cutToRows(text: string, budget: number, width: number): readonly Row[] {
  for (let room = width * budget; ; room -= 4) {
    const rows = wrapPieces([{ text: cutMiddle(text, room), look: "plain" }], width);
    if (rows.length <= budget || room < 8) return rows.slice(0, budget);
  }
}

function gap(characters: number, width: number): Row {
  return [{ text: cutEnd(`… ${characters.toLocaleString("en-US")} characters more …`, width), look: "dim" }];
}

/** Of the chosen alone, which are as few as a card has rows: there may be ten thousand others. */
function gaps(chosen: ReadonlySet<number>, length: number): number {
  let count = 0;
  let next = 0;
  for (const at of [...chosen].sort((one, other) => one - other)) {
    if (at > next) count += 1;
    next = at + 1;
  }
  return next < length ? count + 1 : count;
}

function joinCells(cells: readonly { readonly char: string; readonly look: Look }[]): Row {
  const row: { text: string; look: Look }[] = [];
  for (const cell of cells) {
    const last = row.at(-1);
    if (last !== undefined && last.look === cell.look) last.text += cell.char;
    else row.push({ text: cell.char, look: cell.look });
  }
  return row;
}
