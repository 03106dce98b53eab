import type { Clock } from "../model/clock.js";
import type { Answer, Asker, Follow, Question } from "../model/question.js";
import { sturdyEvidence } from "./evidence.js";
import { OpenCards } from "./open-cards.js";
import {
  type Card,
  type CardOptions,
  denied,
  type Entry,
  isNobody,
  isOver,
  newCard,
  type Pending,
  type Plea,
  questionOf,
  saidOf,
  sameKey,
} from "./question-card.js";

/** A question that has no answer yet. */
export interface Waiting {
  readonly question: Question;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Whether the session's own terminal has it, or will have. */
  readonly isHere: boolean;
}

/** Who may answer, and for how long they are waited for. */
export interface QuestionsOptions extends CardOptions {
  /** The session's own terminal; undefined where it has none. */
  readonly asker: Asker | undefined;
  /** Whether somebody may answer from elsewhere: then a question waits for them when nobody is here. */
  readonly elsewhere: boolean;
  /** Milliseconds before an unanswered question is denied. */
  readonly timeout: number;
  readonly clock: Clock;
}

/**
 * Puts questions to the human on the session's own terminal, one card at a time, in the order in which they came; and to
 * whoever answers from elsewhere, in any order. The first answer counts.
 */
export class Questions {
  private readonly queue: Card[] = [];
  private readonly unsealed = new OpenCards();
  private shown: Card | undefined;
  private count = 0;
  private readonly listeners = new Set<() => void>();
  private isTelling = false;

  constructor(private readonly options: QuestionsOptions) {}

  put(plea: Plea): Pending {
    // Not with a card that is up: the human answers for as many callers as it says.
    const twin = this.unsealed.twinOf(plea);
    if (twin !== undefined) return this.join(twin.card, twin.entry, plea);
    const card = this.unsealed.ofLine(plea.line) ?? this.addCard(plea.line);
    const entry: Entry = { plea, key: sameKey(plea.item), waiting: new Set() };
    card.entries.push(entry);
    this.unsealed.add(card, entry);
    entry.evidence = sturdyEvidence(() => plea.look?.(() => this.news(card)));
    return this.join(card, entry, plea);
  }

  /** What waits, the oldest first. */
  waiting(): readonly Waiting[] {
    const cards = this.shown === undefined ? this.queue : [this.shown, ...this.queue];
    return cards
      .filter((card) => card.isReady && !isOver(card) && card.entries.some((entry) => entry.waiting.size > 0))
      .toSorted((a, b) => a.since - b.since)
      .map((card) => ({ question: this.question(card), since: card.since, isHere: !this.isElsewhere(card) }));
  }

  /** Fires whenever the answer to `waiting` may be another one. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** For a card elsewhere: from here on nothing is added to it. Undefined once it is over. */
  open(id: string): Question | undefined {
    const card = this.find(id);
    if (card === undefined) return undefined;
    this.unsealed.seal(card);
    return this.question(card);
  }

  /** An answer from elsewhere; false when there was another before. */
  answer(id: string, answer: Answer): boolean {
    const card = this.find(id);
    if (card === undefined) return false;
    card.given = answer;
    if (this.shown === card) {
      // Whoever is let through before the terminal is back would write onto the card; a terminal that hangs is not waited for.
      this.options.clock.after(takeDown, () => this.finish(card, answer));
      card.abort.abort();
    } else this.finish(card, answer);
    this.changed();
    return true;
  }

  /** Resolves when all that is looked up of a question is known, at the latest after `lookedUp` milliseconds. */
  async looked(id: string): Promise<void> {
    const entries = this.find(id)?.entries ?? [];
    const looking = entries.flatMap(({ evidence }) =>
      evidence?.now().isLooking === true ? [evidence.done] : [],
    );
    if (looking.length === 0) return;
    await new Promise<void>((resolve) => {
      const off = this.options.clock.after(lookedUp, resolve);
      void Promise.all(looking).then(() => {
        off();
        resolve();
      });
    });
  }

  private news(card: Card): void {
    if (isOver(card)) return;
    card.hear?.(this.question(card), "found");
    this.changed();
  }

  private find(id: string): Card | undefined {
    const card = this.shown?.id === id ? this.shown : this.queue.find((each) => each.id === id);
    return card === undefined || isOver(card) ? undefined : card;
  }

  private isElsewhere(card: Card): boolean {
    return this.options.asker === undefined || card.isLeft === true;
  }

  /** Once for all that happens in one go; where many wait, which takes long to tell, the more seldom. */
  private changed(): void {
    if (this.isTelling) return;
    this.isTelling = true;
    const tell = () => {
      this.isTelling = false;
      const { shown } = this;
      if (shown !== undefined && !isOver(shown) && shown.behind !== this.behind())
        shown.hear?.(this.question(shown), "behind");
      for (const listener of this.listeners) listener();
    };
    if (this.queue.length <= few) queueMicrotask(tell);
    else this.options.clock.after(Math.min(2000, this.queue.length), tell);
  }

  private behind(): number {
    let count = 0;
    for (const { entries } of this.queue) for (const { waiting } of entries) count += waiting.size;
    return count;
  }

  private addCard(line: string | undefined): Card {
    const { clock, timeout } = this.options;
    this.count += 1;
    const card = newCard(`q${this.count}`, line, clock.now(), timeout);
    card.stopTimer = clock.after(timeout, () => this.settle(card, denied("time-out")));
    this.queue.push(card);
    // The rest of a line's parallel commands are a moment away: one card for all of them.
    if (line !== undefined)
      clock.after(gathering, () => {
        card.isReady = true;
        this.showNext();
        this.changed();
      });
    return card;
  }

  private join(card: Card, entry: Entry, plea: Plea): Pending {
    const answer = new Promise<Answer>((resolve) => {
      const leave = () => {
        entry.waiting.delete(done);
        this.withdraw(card);
        this.changed();
        resolve(denied("caller-gone"));
      };
      const done = (given: Answer) => {
        plea.gone.removeEventListener("abort", leave);
        resolve(given);
      };
      entry.waiting.add(done);
      if (plea.gone.aborted) leave();
      else plea.gone.addEventListener("abort", leave, { once: true });
    });
    queueMicrotask(() => this.showNext());
    this.changed();
    return { id: card.id, answer, evidence: entry.evidence };
  }

  private showNext(): void {
    const { asker } = this.options;
    if (this.shown !== undefined || asker === undefined) return;
    const at = this.queue.findIndex((card) => card.isReady && card.isLeft !== true);
    const card = this.queue[at];
    if (card === undefined) return;
    this.queue.splice(at, 1);
    this.unsealed.seal(card);
    card.entries = card.entries.filter((entry) => entry.waiting.size > 0);
    this.shown = card;
    // The terminal is free when the asker says so, which after an abort is a moment later than the verdict.
    const free = (answer: Answer) => {
      this.shown = undefined;
      if (this.options.elsewhere && isNobody(answer) && !isOver(card)) {
        card.isLeft = true;
        this.queue.unshift(card);
        this.changed();
      } else this.finish(card, card.given ?? answer);
      this.showNext();
    };
    const follow: Follow = (hear) => {
      card.hear = hear;
    };
    // Also where it throws at once, which nobody else would hear of.
    new Promise<Answer>((resolve) => resolve(asker.ask(this.question(card), card.abort.signal, follow))).then(
      free,
      () => free(denied("failure")),
    );
  }

  private finish(card: Card, answer: Answer): void {
    if (card.isFinished === true) return;
    card.isFinished = true;
    this.settle(card, answer);
    if (answer.decision === "deny" && answer.all === true) this.settleAll(card, answer);
    else this.settleOthers(card, answer);
  }

  private question(card: Card): Question {
    const behind = card === this.shown ? this.behind() : 0;
    card.behind = behind;
    return { ...questionOf(card, this.options), ...(behind === 0 ? {} : { behind }) };
  }

  private withdraw(card: Card): void {
    if (card.entries.some((entry) => entry.waiting.size > 0)) return;
    this.settle(card, denied("caller-gone"));
  }

  /** Nobody looked at these: what they would do may be asked about again. */
  private settleAll(card: Card, answer: Answer & { readonly decision: "deny" }): void {
    const flood = { ...answer, cause: "flood", how: `${answer.how}, to ${card.id}`, all: false } as const;
    if (this.shown !== undefined && this.shown !== card) this.answer(this.shown.id, flood);
    const others = [...this.queue];
    this.queue.length = 0;
    for (const other of others) this.settle(other, flood);
  }

  /** What a human said of an effect once for all is not asked again: a refusal, an allow for the session. */
  private settleOthers(card: Card, answer: Answer): void {
    const isRefusal = answer.decision === "deny" && answer.cause === "human";
    if (!isRefusal && !(answer.decision === "allow" && answer.grant === "session")) return;
    const how = `${answer.how}, to ${card.id}`;
    const isSaid = saidOf(card, isRefusal);
    const shown = this.shown;
    if (shown !== undefined && shown !== card && shown.entries.every(isSaid))
      this.answer(shown.id, { ...answer, how });
    for (const other of [...this.queue]) {
      for (const entry of other.entries) {
        if (!isSaid(entry)) continue;
        for (const done of entry.waiting) done({ ...answer, how });
        entry.waiting.clear();
      }
      this.withdraw(other);
    }
  }

  private settle(card: Card, answer: Answer): void {
    if (card.isSettled === true) return;
    card.isSettled = true;
    this.unsealed.seal(card);
    this.changed();
    card.stopTimer();
    card.abort.abort();
    const at = this.queue.indexOf(card);
    if (at >= 0) this.queue.splice(at, 1);
    for (const entry of card.entries) {
      entry.evidence?.stop();
      for (const done of entry.waiting) done(card.given ?? answer);
      entry.waiting.clear();
    }
  }
}

/** As many questions as are told of at once, each time. */
const few = 50;
const gathering = 120;
const takeDown = 1000;
const lookedUp = 1500;
