import type { Effect } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import type { Match } from "../model/rule.js";
import { effectWords } from "../prompt/words.js";

/** Why a call was denied, beyond its rules. */
export interface Denial {
  readonly judgement: Judgement | undefined;
  /** Lower case, no full stop: `a human refused it`, `nobody answered within 5 minutes`. */
  readonly cause: string;
  /** What the human typed for the agent. */
  readonly reason: string | undefined;
}

/**
 * What the agent reads: one paragraph that begins `holdpoint: denied`. Names the rule, says why, what to do instead, and
 * that another spelling is the same effect. `redact` takes the secrets out.
 */
export function formatDenial(denial: Denial, redact: (text: string) => string): string {
  const match = strictest(denial.judgement?.matches ?? []);
  const effect = match === undefined ? undefined : denial.judgement?.effects[match.effect];
  const sentences = [
    `holdpoint: denied${match === undefined ? "" : ` by rule ${match.rule}`}: ${denial.cause}`,
    match === undefined ? "" : sentence(match.because),
    would(effect),
    denial.reason === undefined ? "" : sentence(`The human says: ${denial.reason}`),
    match?.instead === undefined ? "" : sentence(`Instead: ${match.instead}`),
    "Do not try to reach the same effect another way: it is judged by what it does, not by how it is written.",
  ];
  const text = sentences
    .filter((part) => part !== "")
    .map((part, at) => (at === 0 ? sentence(part, false) : part))
    .join(" ");
  return wrap(showControls(redact(text)), 100);
}

/** What a person is told who is asked by a program of somebody else's: the rule, why, and what would happen. */
export function formatQuestion({ matches, effects }: Judgement, redact: (text: string) => string): string {
  const match = strictest(matches);
  const effect = match === undefined ? undefined : effects[match.effect];
  const sentences = [
    match === undefined
      ? "holdpoint asks"
      : `holdpoint asks by rule ${match.rule}: ${sentence(match.because)}`,
    would(effect),
    matches.length > 1 ? `${matches.length} rules match.` : "",
  ];
  return showControls(redact(sentences.filter((part) => part !== "").join(" ")));
}

/** Control, bidi and zero-width characters as `\u{…}`: a denial lands on terminals and in logs. */
export function showControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

const order = { allow: 0, ask: 1, deny: 2 } as const;
const weight = { info: 0, low: 1, medium: 2, high: 3, critical: 4 } as const;

function strictest(matches: readonly Match[]): Match | undefined {
  return matches
    .filter((match) => match.verdict !== "allow")
    .toSorted((a, b) => order[b.verdict] - order[a.verdict] || weight[b.severity] - weight[a.severity])[0];
}

function sentence(text: string, capital = true): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0);
  // A file's name stays what it is: `holdpoint.yaml: …`.
  const isName = /^[\w-]+\.[a-z]/.test(trimmed);
  return `${capital && !isName ? first.toUpperCase() : first}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? "" : "."}`;
}

/** In the card's words. */
function would(effect: Effect | undefined): string {
  if (effect === undefined) return "";
  const { because } = effect;
  return sentence(`This would ${cut(effectWords(effect))}${because === "" ? "" : ` (${because})`}`);
}

function cut(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 120)} … ${text.slice(-60)}`;
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
