import { type Card, type Entry, type Plea, sameKey } from "./question-card.js";

/** Cards that may still be added to, found at once: thousands may wait. */
export class OpenCards {
  private readonly twins = new Map<string, { readonly card: Card; readonly entry: Entry }>();
  private readonly lines = new Map<string, Card>();

  /** The same question, if it waits already. */
  twinOf({ item }: Plea): { readonly card: Card; readonly entry: Entry } | undefined {
    return this.twins.get(sameKey(item));
  }

  ofLine(line: string | undefined): Card | undefined {
    return line === undefined ? undefined : this.lines.get(line);
  }

  add(card: Card, entry: Entry): void {
    this.twins.set(entry.key, { card, entry });
    if (card.line !== undefined) this.lines.set(card.line, card);
  }

  /** Nothing is added to it any more. */
  seal(card: Card): void {
    for (const { key } of card.entries) if (this.twins.get(key)?.card === card) this.twins.delete(key);
    if (card.line !== undefined && this.lines.get(card.line) === card) this.lines.delete(card.line);
  }
}
