import type { Around } from "../model/shown-path.js";
import type { Row } from "./wrapping.js";

/** A part of the card. In what order parts stand, and which give way on a small screen, are two things. */
export interface Section {
  /** 0 stays longest and grows first. */
  readonly rank: number;
  readonly least: number;
  /** Rows at its best on a card. */
  readonly wanted: number;
  /** A blank row stands before it when there is room. */
  readonly opens: boolean;
  fold(budget: number): readonly Row[];
}

/** One that stands below the whole plan as well, with all its rows. */
export interface WholeSection extends Section {
  readonly full: readonly Row[];
}

export interface Frame {
  readonly columns: number;
  readonly redact: (text: string) => string;
  /** Whose paths are shown short. */
  readonly around?: Around | undefined;
  /** Milliseconds since the epoch; left out: now. */
  readonly now?: number | undefined;
}

/** The column of labels; values stand right of it, so that no value looks like a label. */
export function labelled(label: string, rows: readonly Row[]): readonly Row[] {
  return rows.map((row, at) => [
    { text: ` ${(at === 0 ? label : "").padEnd(labelWidth)}`, look: "dim" },
    ...row,
  ]);
}

export const labelWidth = 8;
