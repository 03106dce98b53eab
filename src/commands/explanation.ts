import { styleText } from "node:util";
import type { Effect } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import type { Decision, Match } from "../model/rule.js";
import { showUntrusted } from "../prompt/visible.js";
import { effectWords, recoveryWords } from "../prompt/words.js";
import type { Terminal } from "./terminal.js";

const verdictWords: Readonly<Record<Decision, string>> = {
  allow: "would run, logged",
  ask: "would ask",
  deny: "would be denied",
};

/** What the line would do, which rules say so, and what to do instead. */
export function explainForPeople(judgement: Judgement, line: string, terminal: Terminal): readonly string[] {
  const { verdict, severity, effects, matches, errors } = judgement;
  const head = verdict === "allow" ? verdictWords.allow : `${verdictWords[verdict]} (${severity})`;
  return [
    `${paint(verdict, head, terminal)}: ${showUntrusted(line)}`,
    ...shownEffects(effects, matches).flatMap(({ effect, index }) => [
      `  ${showUntrusted(effectWords(effect))}${evidence(effect)}`,
      ...matches.filter((match) => match.effect === index).flatMap((match) => matchLines(match, terminal)),
    ]),
    ...errors.map((error) => `  not understood: ${showUntrusted(error)}`),
  ];
}

/** Everything that a rule spoke of; when none did, the first few, so that "nothing to ask" is not a riddle. */
function shownEffects(
  effects: readonly Effect[],
  matches: readonly Match[],
): readonly { readonly effect: Effect; readonly index: number }[] {
  const all = effects.map((effect, index) => ({ effect, index }));
  const spoken = all.filter(({ index }) => matches.some((match) => match.effect === index));
  return spoken.length > 0 ? spoken : all.slice(0, 10);
}

function evidence(effect: Effect): string {
  const words = [
    effect.because,
    effect.recovery === "needless" ? "" : recoveryWords(effect.recovery),
    effect.environment === "unknown" ? "" : effect.environment,
  ].filter((word) => word !== "");
  return words.length > 0 ? ` (${showUntrusted(words.join("; "))})` : "";
}

function matchLines(match: Match, terminal: Terminal): readonly string[] {
  return [
    `    ${paint(match.verdict, match.rule, terminal)}: ${match.because}`,
    ...(match.instead === undefined ? [] : [`    instead: ${match.instead}`]),
  ];
}

function paint(verdict: Decision, text: string, terminal: Terminal): string {
  const colour = verdict === "deny" ? "red" : verdict === "ask" ? "yellow" : "green";
  return terminal.colour ? styleText(colour, text, { validateStream: false }) : text;
}
