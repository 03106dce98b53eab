import { type AlertCase, type AlertPort, isAlarming } from "../model/alert.js";
import { assertNever } from "../model/assert-never.js";
import type { BackupFindings, BackupPort } from "../model/backup.js";
import { type Clock, realClock, within } from "../model/clock.js";
import type { Effect } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import type { Preview, PreviewPort } from "../model/preview.js";
import type { Answer } from "../model/question.js";
import { observedReason } from "../model/reason.js";
import type { AuditLog, RecordBody } from "../model/record.js";
import { joinEvidence } from "./evidence.js";
import { askedEffects, cover, grantKey } from "./grants.js";
import type { Line, Lines } from "./lines.js";
import { formatDenial } from "./message.js";
import type { Pending } from "./question-card.js";
import type { Questions } from "./questions.js";
import { Refusals } from "./refusals.js";
import type { Watch } from "./unchanged.js";

/** `observe` lets everything run and records what would be held; `ask` asks a human; `deny` denies what would be asked. */
export type Mode = "observe" | "ask" | "deny";

/** One judged call or line, on its way to a verdict. */
export interface Case {
  readonly judgement: Judgement;
  /** What the card shows: the line, or the argv quoted for reading. Most calls ask nobody, and never make it. */
  readonly text: () => string;
  readonly cwd: string;
  /** What the record says of it, apart from the judgement. */
  readonly record: RecordBody;
  readonly line: Line | undefined;
  /** Whether passing uses its grants up: a program's run does; a text only promises calls that will use them. */
  readonly uses: boolean;
  readonly mode: Mode;
  /** The process of the call, and the one that started it. */
  readonly process: { readonly pid: number; readonly parentPid: number };
  /** Whose `gone` fires when the caller is gone. */
  readonly caller: { readonly gone: AbortSignal };
  /** Begins to look whether it stays what it is. Left out: it cannot become another. */
  readonly watch?: () => Watch;
}

/** What a case came to; `message` is what the agent reads. */
export type Outcome =
  /** `released`: what a human let through, for the processes below this one. */
  | { readonly allowed: true; readonly released: readonly Effect[] }
  | { readonly allowed: false; readonly message: string };

/** Whom a verdict passes on its way: the log first, then whoever is alerted, then whoever is asked. */
export interface DecisionsOptions {
  readonly log: AuditLog;
  readonly lines: Lines;
  /** Undefined where no human can be reached. */
  readonly questions: Questions | undefined;
  readonly redact: (text: string) => string;
  /** Undefined where nobody is to be told. */
  readonly alerts?: AlertPort | undefined;
  /** Hears of what was let run. */
  readonly onRun?: (judgement: Judgement) => void;
  /** Undefined where nothing is looked up. */
  readonly previews?: PreviewPort | undefined;
  /** Undefined where no manifest wants a backup. */
  readonly backups?: BackupPort | undefined;
  readonly clock?: Clock;
}

/** Verdict → record → question → record → outcome. Throws when a record cannot be written: then nothing may run. */
export class Decisions {
  private readonly refusals = new Refusals();
  private readonly session = new Set<string>();

  private readonly clock: Clock;

  constructor(private readonly options: DecisionsOptions) {
    this.clock = options.clock ?? realClock;
  }

  async decide(each: Case): Promise<Outcome> {
    const outcome = await this.settle(each);
    if (outcome.allowed) this.options.onRun?.(each.judgement);
    return outcome;
  }

  private async settle(each: Case): Promise<Outcome> {
    const { judgement, mode } = each;
    const isOver = mode !== "observe" && this.options.lines.isOver(each.line, each.process);
    if (isOver && judgement.effects.some((effect) => effect.action !== "read"))
      return this.deny(each, "an earlier part of this line was refused, and a refusal ends the line");
    switch (judgement.verdict) {
      case "allow":
        this.write(each, { verdict: "allow" });
        return this.told(this.tell(each, "allow"), allowed([]));
      case "deny":
        if (mode === "observe") return this.observe(each);
        return this.deny(each, judgement.errors[0] ?? "a rule forbids it");
      case "ask":
        return mode === "observe" ? this.observe(each) : this.decideAsk(each);
      default:
        return assertNever(judgement.verdict);
    }
  }

  private async decideAsk(each: Case): Promise<Outcome> {
    const { judgement, line, mode, uses } = each;
    const effects = askedEffects(judgement);
    if (cover(effects, this.session, this.options.lines.boxes(line), uses)) {
      const grant = effects.every((effect) => this.session.has(grantKey(effect))) ? "session" : "once";
      this.write(each, { verdict: "allow", answer: { by: "human", how: "grant", grant } });
      // What was let through once was told of before it was asked about.
      const told = grant === "session" ? this.tell(each, "allow") : undefined;
      return this.told(told, allowed(uses ? effects : []));
    }
    if (this.refusals.isRefused(judgement))
      return this.deny(each, "a human refused this effect before, in this session");
    const { questions } = this.options;
    if (mode === "deny")
      return this.deny(each, "it needs a human's approval, and this session asks nobody (mode deny)");
    if (questions === undefined)
      return this.deny(each, "it needs a human's approval, and no human can be reached");
    return this.ask(each, questions);
  }

  private async ask(each: Case, questions: Questions): Promise<Outcome> {
    const { judgement, text, cwd, line } = each;
    const withdrawn = new AbortController();
    const gone = AbortSignal.any([each.caller.gone, withdrawn.signal]);
    const waits = this.tell(each, "ask");
    const told = waits === undefined ? [] : await within(waits, longestTelling, [], this.clock);
    const looked = this.options.backups?.look(judgement);
    const backups = looked && (await within(looked, longestLook, noBackup, this.clock));
    // Nobody is asked to let go of what only a backup brings back while there is none.
    if (backups?.missing !== undefined) return this.deny(each, backups.missing, backups.previews);
    const refusedBefore = this.refusals.countBefore(judgement);
    const { previews } = this.options;
    const watch = each.watch?.();
    const pending = questions.put({
      ...{ item: { text: text(), cwd, judgement }, line: line?.token, refusedBefore, told, gone },
      look: (onNews) => joinEvidence(backups?.previews ?? [], previews?.look(judgement, onNews)),
    });
    try {
      this.write(each, { verdict: "ask", question: pending.id });
      await this.writeAsk(pending);
    } catch (cause) {
      withdrawn.abort();
      throw cause;
    }
    const answer = await pending.answer;
    const { by, how } = answer;
    const grant = answer.decision === "allow" ? answer.grant : "none";
    const reason = answer.decision === "deny" ? (answer.reason ?? causes[answer.cause]) : undefined;
    this.options.log.write(
      {
        event: "answer",
        verdict: answer.decision,
        question: pending.id,
        answer: { by, how, grant },
        ...(reason === undefined ? {} : { reason }),
      },
      true,
    );
    if (answer.decision === "deny") return this.refuse(each, answer);
    const changed = await watch?.();
    if (changed !== undefined)
      return this.deny(
        each,
        `something changed while its question waited: ${changed}; run it again to be asked`,
      );
    return this.told(this.options.alerts?.unsettled, this.admit(each, answer));
  }

  /** With what the human was shown: once that is all known, or they have answered without it. */
  private async writeAsk({ id, answer, evidence }: Pending): Promise<void> {
    if (evidence === undefined) {
      this.options.log.write({ event: "ask", question: id }, false);
      return;
    }
    await Promise.race([evidence.done, answer]);
    this.options.log.write({ event: "ask", question: id, previews: evidence.now().found }, false);
  }

  private admit(each: Case, answer: Answer & { readonly decision: "allow" }): Outcome {
    const effects = askedEffects(each.judgement);
    if (answer.grant === "session") for (const effect of effects) this.session.add(grantKey(effect));
    return allowed(effects);
  }

  private refuse(each: Case, answer: Answer & { readonly decision: "deny" }): Outcome | Promise<Outcome> {
    if (answer.cause === "human") this.refusals.remember(each.judgement);
    this.options.lines.refuse(each.line, each.process.parentPid);
    const { by, how, cause } = answer;
    const reason = cause === "human" ? answer.reason : undefined;
    const told = this.tell(each, "deny", { reason: reason ?? causes[cause], answer: { by, how } });
    return this.told(told, { allowed: false, message: this.message(each, causes[cause], reason) });
  }

  private deny(each: Case, cause: string, previews: readonly Preview[] = []): Outcome | Promise<Outcome> {
    this.write(each, { verdict: "deny", reason: cause, ...(previews.length === 0 ? {} : { previews }) });
    this.options.lines.refuse(each.line, each.process.parentPid);
    const told = this.tell(each, "deny", { reason: cause });
    return this.told(told, { allowed: false, message: this.message(each, cause, undefined) });
  }

  private observe(each: Case): Outcome | Promise<Outcome> {
    const { verdict } = each.judgement;
    this.write(each, { verdict, reason: observedReason });
    return this.told(this.tell(each, verdict, { reason: observedReason }), allowed([]));
  }

  /** Nearly every call has nothing to tell: then nothing is made, and nothing is waited for. */
  private tell(
    { judgement, mode, record }: Case,
    verdict: AlertCase["verdict"],
    more?: Pick<AlertCase, "reason" | "answer">,
  ): Promise<readonly string[]> | undefined {
    const { alerts } = this.options;
    if (alerts === undefined) return undefined;
    if (verdict !== "deny" && !judgement.effects.some(isAlarming)) return alerts.unsettled?.then(() => []);
    return alerts.tell({ judgement, mode, record, isObserved: mode === "observe", verdict, ...more });
  }

  private told(told: Promise<unknown> | undefined, outcome: Outcome): Outcome | Promise<Outcome> {
    if (told === undefined) return outcome;
    return within(told, longestTelling, undefined, this.clock).then(() => outcome);
  }

  private message({ judgement }: Case, cause: string, reason: string | undefined): string {
    return formatDenial({ judgement, cause, reason }, this.options.redact);
  }

  private write({ record, judgement }: Case, more: Partial<RecordBody>): void {
    const { effects, matches, errors } = judgement;
    const body = { ...record, ...more, effects, matches, ...(errors.length === 0 ? {} : { errors }) };
    this.options.log.write(body, judgement.verdict !== "allow" || effects.some(isDestructive));
  }
}

/** Milliseconds. Both end by themselves much sooner; one that does not must not keep a call for ever. */
const longestTelling = 5000;
const longestLook = 60_000;
const noBackup: BackupFindings = { previews: [], missing: "the backup that is wanted was not found in time" };

const causes = {
  human: "a human refused it",
  flood: "a human refused all that waited, without a look at each",
  "time-out": "nobody answered in time",
  nobody: "no human can be reached",
  "caller-gone": "the caller went away before anyone answered",
  failure: "the question could not be put to a human",
} as const;

function allowed(released: readonly Effect[]): Outcome {
  return { allowed: true, released };
}

/** What cannot be had again must be on disk as a record before it happens. */
function isDestructive(effect: Effect): boolean {
  if (effect.recovery !== "none" && effect.recovery !== "unknown") return false;
  const { action } = effect;
  return action === "delete" || action === "modify" || action === "grant" || action === "execute";
}
