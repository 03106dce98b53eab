import { type Effect, effectKey } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import type { Evidence } from "../model/preview.js";
import type { Answer, Hear, Question, QuestionItem } from "../model/question.js";
import type { Around } from "../model/shown-path.js";
import { askedEffects, grantKey } from "./grants.js";

/** One call or line that needs a human. */
export interface Plea {
  readonly item: Omit<QuestionItem, "callers" | "previews">;
  /** The line that it belongs to; pleas of one line that come within moments share a card. */
  readonly line: string | undefined;
  readonly refusedBefore: number;
  /** Who was alerted of it already, by name. */
  readonly told?: readonly string[];
  /** Fires when the caller went away. */
  readonly gone: AbortSignal;
  /** Begins to look up what it would do; undefined where there is nothing to look up. `onNews`: more is known. */
  readonly look?: (onNews: () => void) => Evidence | undefined;
}

/** A plea that was taken up, for whoever waits with it. */
export interface Pending {
  /** Of the question that it became part of. */
  readonly id: string;
  readonly answer: Promise<Answer>;
  /** What its card shows of what was looked up; ends with the answer. */
  readonly evidence: Evidence | undefined;
}

/** One question of a card, with all who asked the very same. */
export interface Entry {
  readonly plea: Plea;
  /** As `sameKey` has it. */
  readonly key: string;
  readonly waiting: Set<(answer: Answer) => void>;
  evidence?: Evidence | undefined;
}

/** What a human answers at once: the entries of one line, or one alone. Times in milliseconds since the epoch. */
export interface Card {
  readonly id: string;
  readonly line: string | undefined;
  entries: Entry[];
  readonly since: number;
  readonly deadline: number;
  isReady: boolean;
  /** The session's own terminal has nobody any more. */
  isLeft?: boolean;
  /** From elsewhere, while the card is being taken down here. */
  given?: Answer;
  isSettled?: boolean;
  isFinished?: boolean;
  /** How many waited behind it when the terminal was told last. */
  behind?: number;
  /** The terminal that has it, for what comes later. */
  hear?: Hear;
  readonly abort: AbortController;
  stopTimer: () => void;
}

/** Whether it has its answer, so that nothing is added to it and nobody answers it again. */
export function isOver(card: Card): boolean {
  return card.isSettled === true || card.given !== undefined;
}

/** Whether the terminal says that nobody is there, which is no answer where somebody may be elsewhere. */
export function isNobody(answer: Answer): boolean {
  return answer.decision === "deny" && answer.cause === "nobody";
}

/** The guard's own answer, where a human gave none. */
export function denied(cause: "time-out" | "caller-gone" | "failure"): Answer {
  return { decision: "deny", cause, by: "holdpoint", how: cause, reason: undefined };
}

/** The same for two that are the same question. */
export function sameKey({ cwd, text, judgement }: Plea["item"]): string {
  return [cwd, text, ...keysOf(judgement, grantKey).toSorted()].join("\u0001");
}

function keysOf(judgement: Judgement, keyOf: (effect: Effect) => string): readonly string[] {
  return askedEffects(judgement).map(keyOf);
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

/** What its asker is told of a card: where the session works, what for, and what has been found so far. */
export function questionOf(card: Card, options: CardOptions): Question {
  const { session, label, around, scope = [] } = options;
  const told = [...new Set(card.entries.flatMap(({ plea }) => plea.told ?? []))];
  return {
    id: card.id,
    session,
    label,
    items: card.entries
      .filter(({ waiting }) => waiting.size > 0)
      .map(({ plea, waiting, evidence }) => ({
        ...plea.item,
        callers: waiting.size,
        ...(evidence === undefined ? {} : { previews: evidence.now() }),
      })),
    refusedBefore: Math.max(0, ...card.entries.map((entry) => entry.plea.refusedBefore)),
    typed: typedName(card.entries.map((entry) => entry.plea.item.judgement)),
    deadline: card.deadline,
    ...(around === undefined ? {} : { around }),
    ...(scope.length === 0 ? {} : { scope }),
    ...(told.length === 0 ? {} : { told }),
  };
}

export interface CardOptions {
  readonly session: string;
  readonly label: string;
  /** Where the session works. */
  readonly around?: Around;
  readonly scope?: readonly string[];
}

/** Whether an answer to this card is one to another question, too: a refusal by any effect, an allow by all of them. */
export function saidOf(card: Card, isRefusal: boolean): (entry: Entry) => boolean {
  const keyOf = isRefusal ? effectKey : grantKey;
  const known = new Set(card.entries.flatMap(({ plea }) => keysOf(plea.item.judgement, keyOf)));
  return ({ plea }) => {
    const keys = keysOf(plea.item.judgement, keyOf);
    return isRefusal ? keys.some((key) => known.has(key)) : keys.every((key) => known.has(key));
  };
}

/** One of a line waits for the rest of that line. */
export function newCard(id: string, line: string | undefined, since: number, timeout: number): Card {
  return {
    ...{ id, line, since },
    entries: [],
    deadline: since + timeout,
    isReady: line === undefined,
    abort: new AbortController(),
    stopTimer: () => {},
  };
}
