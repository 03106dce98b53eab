import type { Span } from "../model/call.js";

export type MoveSpan = (span: Span | undefined) => Span | undefined;

/**
 * From offsets in an inner text to offsets in the text that it stands in: into its own place there where it stands word for
 * word and once, else the whole of the outer call. A mark beside what it is about would mislead whoever reads the card.
 */
export function placeInside(inner: string, outer: Span | undefined, text: string): MoveSpan {
  if (outer === undefined) return () => undefined;
  const around = text.slice(outer.start, outer.end);
  const at = inner === "" ? -1 : around.indexOf(inner);
  if (at < 0 || around.includes(inner, at + 1)) return () => outer;
  const offset = outer.start + at;
  return (span) => (span === undefined ? outer : { start: span.start + offset, end: span.end + offset });
}

/** The same for what was gathered since `from`. */
export function moveSpans<T extends { readonly span: Span | undefined }>(
  list: T[],
  from: number,
  to: MoveSpan,
): void {
  for (let at = from; at < list.length; at++) {
    const one = list[at];
    if (one !== undefined) list[at] = { ...one, span: to(one.span) };
  }
}
