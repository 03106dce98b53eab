import { type Look, paint } from "../prompt/paint.js";
import { showUntrusted } from "../prompt/visible.js";
import { cutEnd } from "../prompt/width.js";
import { type Piece, paintRow, wrapPieces } from "../prompt/wrapping.js";
import type { Terminal } from "./terminal.js";

export type View = Pick<Terminal, "colour" | "columns">;

/** Rows for a terminal. What is given to it is raw: it makes all of it visible. */
export class Page {
  readonly rows: string[] = [];
  readonly columns: number;
  constructor(private readonly view: View) {
    // Prose wider than this is hard to read; narrower than that nothing fits.
    this.columns = Math.max(24, Math.min(view.columns, 120));
  }

  plain(text: string, look: Look): void {
    this.rows.push(paint(cutEnd(showUntrusted(text), this.columns), look, this.view.colour));
  }

  /** Never cut: a path, or what a program may read. */
  whole(text: string, look: Look): void {
    this.rows.push(paint(showUntrusted(text), look, this.view.colour));
  }

  /** `indent` columns, the label in front of the first row. */
  wrapped(label: string, indent: number, pieces: readonly Piece[]): void {
    const width = this.columns - indent;
    const visible = pieces.map(({ text, look }) => ({ text: showUntrusted(text), look }));
    for (const [at, row] of wrapPieces(visible, width).entries()) {
      const front = (at === 0 ? label : "").padEnd(indent);
      this.rows.push(`${paint(front, "dim", this.view.colour)}${paintRow(row, this.view.colour)}`.trimEnd());
    }
  }

  labelled(label: string, text: string, look: Look = "plain"): void {
    this.wrapped(`  ${label}`, 12, [{ text, look }]);
  }
}
