import { type Credential, type Effect, environmentName, type FileEffect } from "../model/effect.js";
import type { Question, QuestionItem } from "../model/question.js";
import type { Match, Severity } from "../model/rule.js";
import { effectWords, fileGroupWords, type RecoveryShown, recoveryWords } from "./words.js";

/** One thing that would happen: what a human reads first. Words are raw. */
export interface Headline {
  readonly severity: Severity;
  readonly words: string;
  readonly isCertain: boolean;
  /** Left out: it stays on this machine, and nothing says what that is. */
  readonly environment: string | undefined;
  /** Whether it could be had again. */
  readonly back: string;
  /** The evidence, each once. */
  readonly because: readonly string[];
  readonly credentials: readonly Credential[];
}

/** A rule that wants a human, and why: each once. A scope manifest gives its rules several reasons. */
export interface Reason {
  readonly rule: string;
  readonly because: string;
  readonly instead: string | undefined;
  readonly back: string | undefined;
}

/** What a question is about, the worst first; effects that no rule minds are left out. */
export function gatherHeadlines(question: Question): readonly Headline[] {
  const groups = new Map<string, { severity: Severity; effects: Effect[] }>();
  for (const { severity, effect } of question.items.flatMap(heldEffects)) {
    const key = headlineKey(effect);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { severity, effects: [effect] });
    else group.effects.push(effect);
  }
  return [...groups.values()]
    .toSorted((a, b) => rank(b.severity) - rank(a.severity))
    .map(({ severity, effects }) => headline(severity, effects));
}

export function gatherReasons(question: Question): readonly Reason[] {
  const matches = question.items.flatMap((item) => heldMatches(item));
  const seen = new Map<string, Reason>();
  for (const { rule, because, instead, back } of matches.toSorted(
    (a, b) => rank(b.severity) - rank(a.severity),
  )) {
    const key = `${rule}\u0000${because}`;
    if (!seen.has(key)) seen.set(key, { rule, because, instead, back });
  }
  return [...seen.values()];
}

export function worstSeverity(question: Question): Severity {
  const all = question.items.map((item) => item.judgement.severity);
  return all.toSorted((a, b) => rank(b) - rank(a))[0] ?? "high";
}

/** `no way back`, `in production`: for one line under the headline. */
export function circumstances(line: Headline): readonly string[] {
  const known = [line.back, ...line.because];
  if (line.environment === undefined) return known;
  return line.environment === "unknown"
    ? [...known, "environment unknown"]
    : [`in ${line.environment}`, ...known];
}

/** What people want to be told of it; left out where it is not known and plays no part: what is done stays on this machine. */
export function shownEnvironment(effect: Effect): string | undefined {
  const name = environmentName(effect);
  return name === "unknown" && !reachesFar(effect) ? undefined : name;
}

/** Whether it leaves this machine, so that it matters where it ends. */
function reachesFar(effect: Effect): boolean {
  switch (effect.resource) {
    case "http":
    case "graphql":
    case "sql":
    case "cloud":
    case "kubernetes":
      return true;
    case "git":
      return effect.remote;
    case "file":
      return effect.place === "remote";
    default:
      return effect.machine !== undefined;
  }
}

/** What is told in one headline: files that the same is done to, or the same thing twice. */
export function headlineKey(effect: Effect): string {
  return effect.resource === "file"
    ? fileKey(effect)
    : `${effectWords(effect)}\u0000${environmentName(effect)}`;
}

const nothingKnown: RecoveryShown = { recovery: "unknown", action: "execute", resource: "process" };

export function headline(severity: Severity, effects: readonly Effect[]): Headline {
  const files = effects.filter((effect) => effect.resource === "file");
  const first = effects[0];
  return {
    severity,
    words: files.length > 0 ? fileGroupWords(files) : first === undefined ? "" : effectWords(first),
    isCertain: effects.some((effect) => effect.certainty === "certain"),
    environment: first === undefined ? undefined : shownEnvironment(first),
    back: recoveryWords(first ?? nothingKnown),
    because: [...new Set(effects.map((effect) => effect.because).filter((text) => text !== ""))],
    credentials: effects.flatMap((effect) => effect.credentials),
  };
}

function heldEffects(
  item: QuestionItem,
): readonly { readonly severity: Severity; readonly effect: Effect }[] {
  const { effects } = item.judgement;
  const matches = heldMatches(item);
  // A question without a match is not expected; if it comes, the human sees everything.
  if (matches.length === 0) return effects.map((effect) => ({ severity: item.judgement.severity, effect }));
  const worst = new Map<number, Severity>();
  for (const match of matches) {
    const known = worst.get(match.effect);
    if (known === undefined || rank(match.severity) > rank(known)) worst.set(match.effect, match.severity);
  }
  return [...worst].flatMap(([at, severity]) => {
    const effect = effects[at];
    return effect === undefined ? [] : [{ severity, effect }];
  });
}

function heldMatches(item: QuestionItem): readonly Match[] {
  return item.judgement.matches.filter((match) => match.verdict !== "allow");
}

function fileKey(effect: FileEffect): string {
  const { action, aspect, recursive, environment, recovery } = effect;
  return ["file", action, aspect, recursive, environment, recovery].join("\u0000");
}

function rank(severity: Severity): number {
  return ["info", "low", "medium", "high", "critical"].indexOf(severity);
}
