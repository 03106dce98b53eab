import type { Credential, Effect } from "../model/effect.js";
import type { Match, Severity } from "../model/rule.js";
import { effectWords } from "../prompt/words.js";
import type { Numbered } from "./config-text.js";
import type { Denial, Held } from "./denials.js";
import { type Exceptions, exceptionsFor } from "./exceptions.js";

/** A session at its end, or at the moment when it was told to end. */
export interface Ending {
  readonly session: string;
  readonly mode: "ask" | "deny" | "observe";
  /** Path of the log. */
  readonly log: string;
  /** Path of the config that exceptions would go to. */
  readonly config: string;
  /** Without its secrets. */
  readonly command: readonly string[];
  /** The command's own; undefined while it still runs. */
  readonly status: number | undefined;
  readonly started: Date;
  readonly ended: Date;
  readonly findings: readonly Finding[];
  /** Each time counted, also those that only followed from another denial. */
  readonly denied: number;
  readonly observed: number;
  readonly followers: number;
  /** Of `denied` and `observed`, those that no finding stands for. */
  readonly unlisted: number;
  /** What the job was started from: a file of the repository, relative to its root. */
  readonly source: string | undefined;
}

/** A denial in words. All texts are raw: each format makes them visible in its own way. */
export interface Finding {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly cwd: string;
  readonly time: string;
  readonly outcome: Denial["outcome"];
  readonly count: number;
  readonly cause: string;
  readonly answeredBy: string | undefined;
  /** The rules that minded, each once, the gravest first; none where the guard itself failed. */
  readonly reasons: readonly Reason[];
  readonly severity: Severity;
  /** What authenticates it, each once. */
  readonly credentials: readonly FoundCredential[];
  readonly exceptions: Exceptions;
}

/** Without its fingerprint, which means nothing outside of its session. */
export type FoundCredential = Omit<Credential, "fingerprint">;

export interface Reason {
  readonly rule: string;
  readonly because: string;
  readonly instead: string | undefined;
  /** `delete 3 files below /srv/data (untracked since before the session)`. */
  readonly would: readonly string[];
}

export function toFindings(denials: readonly Denial[]): readonly Finding[] {
  return denials.map((denial, at) => {
    const { held, text, cwd, time, outcome, count, cause, answeredBy } = denial;
    return {
      ...{ number: at + 1, text, cwd, time, outcome, count, cause, answeredBy },
      reasons: toReasons(held),
      severity: held[0]?.match.severity ?? "high",
      credentials: credentialsOf(held),
      exceptions: exceptionsFor(denial),
    };
  });
}

function toReasons(held: readonly Held[]): readonly Reason[] {
  const rules = new Map<string, Match>(held.map(({ match }) => [match.rule, match]));
  return [...rules].map(([rule, { because, instead }]) => {
    const own = held.filter(({ match }) => match.rule === rule).map(({ effect }) => would(effect));
    return { rule, because, instead, would: [...new Set(own)] };
  });
}

function credentialsOf(held: readonly Held[]): readonly FoundCredential[] {
  const all = held.flatMap(({ effect }) => effect.credentials);
  const once = new Map(all.map((each) => [JSON.stringify(each), each]));
  return [...once.values()].map(({ fingerprint, ...rest }) => rest);
}

function would(effect: Effect): string {
  return effect.because === "" ? effectWords(effect) : `${effectWords(effect)} (${effect.because})`;
}

export function numberedExceptions(
  findings: readonly Pick<Finding, "number" | "exceptions">[],
): readonly Numbered[] {
  return findings.flatMap(({ number, exceptions }) =>
    exceptions.ok ? exceptions.exceptions.map((exception) => ({ number, exception })) : [],
  );
}

/** `denied by files/lose-work`, or what an observing session would have said. */
export function outcomeWords({ outcome, reasons: [first] }: Pick<Finding, "outcome" | "reasons">): string {
  return `${outcome === "denied" ? "denied" : "would be held"}${first === undefined ? "" : ` by ${first.rule}`}`;
}

/** Why, for people: the gravest rule's reason, else what went wrong. */
export function reasonWords({ reasons: [first], cause }: Finding): string {
  return first?.because ?? cause;
}

export function timesWords(count: number): string {
  return count === 1 ? "" : ` (${count} times)`;
}

/** One line on the whole session; empty where nothing was denied. */
export function headline({ denied, observed, mode, status }: Ending): string {
  const parts = [
    denied > 0 ? `${denied} denied` : "",
    observed > 0 ? `${observed} would have been asked about or denied` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  return `${parts.join(", ")} in this session (mode ${mode}${status === undefined ? "; told to end, the command still runs" : ""})`;
}
