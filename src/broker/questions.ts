import { type Effect, effectKey } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import type { Answer, Asker, Question, QuestionItem } from "../model/question.js";
import type { Clock } from "./clock.js";
import { askedEffects } from "./grants.js";

/** One call or line that needs a human. */
export interface Plea {
  readonly item: Omit<QuestionItem, "callers">;
  /** The line that it belongs to; pleas of one line that come within moments share a card. */
  readonly line: string | undefined;
  readonly refusedBefore: number;
  /** Fires when the caller went away. */
  readonly gone: AbortSignal;
}

export interface Pending {
  /** Of the question that it became part of. */
  readonly id: string;
  readonly answer: Promise<Answer>;
}

export interface QuestionsOptions {
  readonly asker: Asker;
  readonly session: string;
  readonly label: string;
  /** Milliseconds before an unanswered question is denied. */
  readonly timeout: number;
  readonly clock: Clock;
}

/** Puts questions to the human one card at a time, in the order in which they came. */
export class Questions {
  private readonly queue: Card[] = [];
  private shown: Card | undefined;
  private count = 0;

  constructor(private readonly options: QuestionsOptions) {}

  put(plea: Plea): Pending {
    // Not with the card that is up: the human answers for as many callers as it says.
    const twin = this.queue
      .flatMap((card) => card.entries.map((entry) => ({ card, entry })))
      .find(({ entry }) => isSame(entry.plea.item, plea.item));
    if (twin !== undefined) return this.join(twin.card, twin.entry, plea);
    const open = this.queue.find((card) => plea.line !== undefined && card.line === plea.line);
    const card = open ?? this.addCard(plea.line);
    const entry: Entry = { plea, waiting: new Set() };
    card.entries.push(entry);
    return this.join(card, entry, plea);
  }

  private addCard(line: string | undefined): Card {
    const { clock, timeout } = this.options;
    this.count += 1;
    const card: Card = {
      id: `q${this.count}`,
      line,
      entries: [],
      deadline: clock.now() + timeout,
      isReady: line === undefined,
      abort: new AbortController(),
      stopTimer: () => {},
    };
    card.stopTimer = clock.after(timeout, () => this.settle(card, denied("time-out")));
    this.queue.push(card);
    // The rest of a line's parallel commands are a moment away: one card for all of them.
    if (line !== undefined)
      clock.after(gathering, () => {
        card.isReady = true;
        this.showNext();
      });
    return card;
  }

  private join(card: Card, entry: Entry, plea: Plea): Pending {
    const answer = new Promise<Answer>((resolve) => {
      const leave = () => {
        entry.waiting.delete(done);
        this.withdraw(card);
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
    return { id: card.id, answer };
  }

  private showNext(): void {
    if (this.shown !== undefined) return;
    const at = this.queue.findIndex((card) => card.isReady);
    const card = this.queue[at];
    if (card === undefined) return;
    this.queue.splice(at, 1);
    card.entries = card.entries.filter((entry) => entry.waiting.size > 0);
    this.shown = card;
    // The terminal is free when the asker says so, which after an abort is a moment later than the verdict.
    const free = (answer: Answer) => {
      this.settle(card, answer);
      this.settleOthers(card, answer);
      this.shown = undefined;
      this.showNext();
    };
    this.options.asker.ask(this.question(card), card.abort.signal).then(free, () => free(denied("failure")));
  }

  private question(card: Card): Question {
    const { session, label } = this.options;
    return {
      id: card.id,
      session,
      label,
      items: card.entries.map(({ plea, waiting }) => ({ ...plea.item, callers: waiting.size })),
      refusedBefore: Math.max(0, ...card.entries.map((entry) => entry.plea.refusedBefore)),
      typed: typedName(card.entries.map((entry) => entry.plea.item.judgement)),
      deadline: card.deadline,
    };
  }

  private withdraw(card: Card): void {
    if (card.entries.some((entry) => entry.waiting.size > 0)) return;
    this.settle(card, denied("caller-gone"));
  }

  /** What a human said of an effect once for all is not asked again: a refusal, an allow for the session. */
  private settleOthers(card: Card, answer: Answer): void {
    const isRefusal = answer.decision === "deny" && answer.cause === "human";
    if (!isRefusal && !(answer.decision === "allow" && answer.grant === "session")) return;
    const known = new Set(card.entries.flatMap(({ plea }) => keysOf(plea.item.judgement)));
    const how = `${answer.how}, to ${card.id}`;
    for (const other of [...this.queue]) {
      for (const entry of other.entries) {
        const keys = keysOf(entry.plea.item.judgement);
        const isSaid = isRefusal ? keys.some((key) => known.has(key)) : keys.every((key) => known.has(key));
        if (!isSaid) continue;
        for (const done of entry.waiting) done({ ...answer, how });
        entry.waiting.clear();
      }
      this.withdraw(other);
    }
  }

  private settle(card: Card, answer: Answer): void {
    if (card.isSettled === true) return;
    card.isSettled = true;
    card.stopTimer();
    card.abort.abort();
    const at = this.queue.indexOf(card);
    if (at >= 0) this.queue.splice(at, 1);
    for (const entry of card.entries) {
      for (const done of entry.waiting) done(answer);
      entry.waiting.clear();
    }
  }
}

interface Entry {
  readonly plea: Plea;
  readonly waiting: Set<(answer: Answer) => void>;
}

interface Card {
  readonly id: string;
  readonly line: string | undefined;
  entries: Entry[];
  readonly deadline: number;
  isReady: boolean;
  isSettled?: boolean;
  readonly abort: AbortController;
  stopTimer: () => void;
}

const gathering = 120;

function denied(cause: "time-out" | "caller-gone" | "failure"): Answer {
  return { decision: "deny", cause, by: "holdpoint", how: cause, reason: undefined };
}

function isSame(a: Plea["item"], b: Plea["item"]): boolean {
  return (
    a.cwd === b.cwd &&
    a.text === b.text &&
    keysOf(a.judgement).toSorted().join("\n") === keysOf(b.judgement).toSorted().join("\n")
  );
}

function keysOf(judgement: Judgement): readonly string[] {
  return askedEffects(judgement).map(effectKey);
}

/** The name that a human types for a critical effect: the resource's. */
function typedName(judgements: readonly Judgement[]): string | undefined {
  for (const judgement of judgements) {
    const effect = criticalEffect(judgement);
    if (effect !== undefined) return effect.target;
  }
  return undefined;
}

function criticalEffect(judgement: Judgement): Effect | undefined {
  const match = judgement.matches.find((each) => each.severity === "critical" && each.verdict === "ask");
  return match === undefined ? undefined : judgement.effects[match.effect];
}
