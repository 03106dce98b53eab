/** A statement's text; undefined: what it is cannot be told. */
export type Text = string | undefined;

interface Holder {
  /** What the server gave the name to. */
  held: readonly Text[];
  /** What it was asked to give it to and has not answered, in order. */
  readonly asked: (readonly Text[])[];
}

/**
 * What a session's names stand for. The server may refuse to give a name (it is taken, the text is wrong, the batch failed before),
 * so that until it has answered all that was asked for counts: a name whose text "changed" to a harmless one, because
 * the server kept the first, would else let that one through.
 */
export class Names {
  private readonly holders = new Map<string, Holder>();
  /** Of this batch: where the server refuses one of these, it overlooks the rest of the batch. */
  private readonly fresh = new Map<string, readonly Text[]>();

  /** The client asks for the name. */
  propose(name: string, texts: readonly Text[]): void {
    this.fresh.set(name, texts);
    const holder = this.holders.get(name);
    if (holder === undefined) this.holders.set(name, { held: [], asked: [texts] });
    else holder.asked.push(texts);
  }

  /** The server has given the name that was asked for first, or has not. */
  settle(name: string, isGiven: boolean): void {
    const holder = this.holders.get(name);
    const texts = holder?.asked.shift();
    if (isGiven && holder !== undefined && texts !== undefined) holder.held = texts;
  }

  /** The server took the name away. */
  remove(name: string): void {
    const holder = this.holders.get(name);
    if (holder === undefined) return;
    holder.held = [];
    if (holder.asked.length === 0) this.holders.delete(name);
  }

  /** A Sync: what comes then may run whatever came before. */
  endBatch(): void {
    this.fresh.clear();
  }

  /** Nobody here gave the name: its text cannot be told. */
  find(name: string): readonly Text[] {
    const fresh = this.fresh.get(name);
    if (fresh !== undefined) return fresh;
    const holder = this.holders.get(name);
    const texts = [...(holder?.held ?? []), ...(holder?.asked ?? []).flat()];
    return texts.length === 0 ? [undefined] : texts;
  }

  /** Of names that stand in a text which runs prepared statements by SQL: `EXECUTE name`. */
  mentioned(text: string): readonly Text[] {
    if (this.holders.size === 0 || !/execute/i.test(text)) return [];
    const isHidden = /u&/i.test(text);
    const lower = text.toLowerCase();
    const isMeant = (name: string) =>
      name !== "" && (isHidden || lower.includes(name.toLowerCase().replaceAll('"', '""')));
    return [...this.holders.keys()].filter(isMeant).flatMap((name) => this.find(name));
  }
}
