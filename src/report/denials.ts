import { type Effect, effectKey } from "../model/effect.js";
import { observedReason } from "../model/reason.js";
import type { AuditRecord } from "../model/record.js";
import type { Match } from "../model/rule.js";

/** One thing that was denied in a session, or would have been in one that only observes; however often, however spelled. */
export interface Denial {
  /** The line or argv as it came first, without its secrets, cut. Raw: whoever shows it makes it visible. */
  readonly text: string;
  readonly cwd: string;
  /** Of the first record, RFC 3339. */
  readonly time: string;
  readonly outcome: "denied" | "observed";
  /** Why, beyond the rules; lower case, no full stop. */
  readonly cause: string;
  /** Who answered the question, where one was put; `holdpoint` where nobody did. */
  readonly answeredBy: string | undefined;
  readonly held: readonly Held[];
  readonly count: number;
}

/** A rule that minded, and the effect that it minded. */
export interface Held {
  readonly match: Match;
  readonly effect: Effect;
}

/**
 * Gathers a session's denials from its records as they are written, so that nothing that is done to the file of the log
 * hides one. Takes memory for each distinct one, up to a thousand; never throws.
 */
export class Denials {
  private readonly known = new Map<string, Denial>();
  private readonly asked = new Map<string, AuditRecord[]>();
  private total = { denied: 0, observed: 0 };
  private left = 0;
  private after = 0;

  constructor(private readonly quote: (argv: readonly string[]) => string) {}

  /** All that was denied, each time counted; those that only followed from another one included. */
  get denied(): number {
    return this.total.denied;
  }
  /** What would have been denied, were it not for observing. */
  get observed(): number {
    return this.total.observed;
  }
  /** Calls denied for nothing of their own: an earlier part of their line was refused. */
  get followers(): number {
    return this.after;
  }
  /** Denials, not distinct ones, that `list` leaves out. */
  get unlisted(): number {
    return this.left;
  }

  /** The distinct ones, in the order in which they came. */
  list(): readonly Denial[] {
    return [...this.known.values()];
  }

  readonly note = (record: AuditRecord): void => {
    const { event, verdict, question, reason = "" } = record;
    if (event === "line" || event === "exec") {
      if (verdict === "deny") this.add(record, reason === observedReason ? "observed" : "denied", reason);
      else if (verdict === "ask" && question === undefined) this.add(record, "observed", reason);
      else if (verdict === "ask" && question !== undefined)
        this.asked.set(question, [...(this.asked.get(question) ?? []), record]);
    } else if (event === "answer" && question !== undefined) {
      // Several callers may wait for one question; each has a record of its own, and an answer of its own.
      const [first, ...rest] = this.asked.get(question) ?? [];
      if (rest.length > 0) this.asked.set(question, rest);
      else this.asked.delete(question);
      if (verdict === "deny" && first !== undefined) this.add(first, "denied", reason, record.answer?.by);
    }
  };

  private add(
    record: AuditRecord,
    outcome: Denial["outcome"],
    cause: string,
    answeredBy: string | undefined = undefined,
  ): void {
    this.total[outcome] += 1;
    const held = heldIn(record);
    if (held.length === 0 && (record.errors ?? []).length === 0) {
      this.after += 1;
      return;
    }
    const { argv = [], line = this.quote(argv), cwd = "", time } = record;
    const key = [outcome, ...(held.length > 0 ? held.map(heldKey).toSorted() : [line])].join("\u0001");
    const before = this.known.get(key);
    if (before !== undefined) this.known.set(key, { ...before, count: before.count + 1 });
    else if (this.known.size >= mostKept) this.left += 1;
    else {
      const text = line.length <= longest ? line : `${line.slice(0, longest)}…`;
      this.known.set(key, { text, cwd, time, outcome, cause, answeredBy, held, count: 1 });
    }
  }
}

/** The same effect under the same rule is the same denial, as it is the same question. */
function heldKey({ match, effect }: Held): string {
  return `${match.rule}\u0000${effectKey(effect)}`;
}

/** The gravest first. */
function heldIn({ matches = [], effects = [] }: AuditRecord): readonly Held[] {
  return matches
    .filter((match) => match.verdict !== "allow")
    .toSorted((a, b) => rank(b) - rank(a))
    .flatMap((match) => {
      const effect = effects[match.effect];
      return effect === undefined ? [] : [{ match, effect }];
    });
}

function rank({ verdict, severity }: Match): number {
  return (verdict === "deny" ? 10 : 0) + ["info", "low", "medium", "high", "critical"].indexOf(severity);
}

const mostKept = 1000;
/** Characters. */
const longest = 4000;
