import type { Judgement } from "./judgement.js";
import type { Plan } from "./plan.js";
import type { Previews } from "./preview.js";
import type { Around } from "./shown-path.js";

/** What a human is asked. One question may gather several judgements of one line. */
export interface Question {
  /** Short, shown on the card and used by `holdpoint approve`. */
  readonly id: string;
  readonly session: string;
  /** `--name`, or the command that the session runs. */
  readonly label: string;
  readonly items: readonly QuestionItem[];
  /** Made where the question comes from, without its secrets; left out: to be made of the judgements. */
  readonly plan?: Plan;
  /** How often effects of this question were refused before in this session. */
  readonly refusedBefore: number;
  /** Severity critical: the human types this (the resource's name) instead of a key. */
  readonly typed: string | undefined;
  /** Milliseconds since the epoch at which an unanswered question is denied. */
  readonly deadline: number;
  /** What the scope manifests say that the session is for, in sentences. */
  readonly scope?: readonly string[];
  /** Who was alerted of it before it was put, by name. */
  readonly told?: readonly string[];
  /** How many more commands wait behind this one. Left out: none, or it is not known here. */
  readonly behind?: number;
  /** Where the session works: files below it are shown short. Left out: by their whole paths. */
  readonly around?: Around;
}

export interface QuestionItem {
  /** The line, or the argv quoted for reading. Untrusted: whoever shows it makes control characters visible. */
  readonly text: string;
  readonly cwd: string;
  readonly judgement: Judgement;
  /** What was looked up of it; left out where there is nothing that could be. */
  readonly previews?: Previews;
  /** How many callers wait to run this very thing: an allow lets each of them run it, and nobody who comes later. */
  readonly callers: number;
}

/** `by`: who, for the record (a user's name, `holdpoint`); `how`: by which key, phrase or terminal. */
export type Answer =
  | {
      readonly decision: "allow";
      readonly grant: "once" | "session";
      readonly by: string;
      readonly how: string;
    }
  | {
      readonly decision: "deny";
      /** `human`, or why nobody answered. `flood`: a human denied all that waited, without looking at each. */
      readonly cause: "human" | "flood" | "time-out" | "nobody" | "caller-gone" | "failure";
      readonly by: string;
      readonly how: string;
      /** What the human typed for the agent to read. */
      readonly reason: string | undefined;
      /** It is meant for all that waits behind, too. */
      readonly all?: boolean;
    };

/** Puts one question to a human. Resolves, never rejects; an abort (the caller went away) takes the card down. */
export interface Asker {
  ask(question: Question, signal: AbortSignal, follow?: Follow): Promise<Answer>;
}

/** Calls with the same question each time that more of it is known (`found`), or more or less waits behind it, until it is answered. */
export type Follow = (hear: Hear) => void;

export type Hear = (question: Question, what: "found" | "behind") => void;
