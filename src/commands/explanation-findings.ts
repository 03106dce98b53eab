import type { Span } from "../model/call.js";
import type { Effect } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import type { Decision, Match } from "../model/rule.js";
import { strictest } from "../policy/decide.js";
import { type Headline, headline, headlineKey } from "../prompt/headlines.js";

/** One thing that a rule speaks of: what would happen, where it stands in the line, which rules say so. */
export interface Finding {
  /** From 1, in the order of the line. */
  readonly number: number;
  readonly headline: Headline;
  readonly span: Span | undefined;
  readonly verdict: Decision;
  /** Each rule once. */
  readonly matches: readonly Match[];
}

/** What a rule asks about or denies, in the order of the line; what has no place in it comes last. */
export function gatherFindings({ effects, matches, severity }: Judgement): readonly Finding[] {
  const groups = new Map<string, { effects: Effect[]; matches: readonly Match[] }>();
  for (const [at, effect] of effects.entries()) {
    const held = matches.filter((match) => match.effect === at && match.verdict !== "allow");
    if (held.length === 0) continue;
    const span = effect.span === undefined ? "" : `${effect.span.start} ${effect.span.end}`;
    const key = [span, ...held.map((match) => match.rule), headlineKey(effect)].join("\u0000");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { effects: [effect], matches: once(held) });
    else group.effects.push(effect);
  }
  return [...groups.values()]
    .toSorted((a, b) => start(a.effects) - start(b.effects))
    .map((group, at) => ({
      number: at + 1,
      headline: headline(severity, group.effects),
      span: group.effects[0]?.span,
      verdict: strictest(group.matches.map((match) => match.verdict)),
      matches: group.matches,
    }));
}

/** What no rule minds. */
export function gatherHarmless({ effects, matches }: Judgement): readonly Effect[] {
  const held = new Set(matches.filter((match) => match.verdict !== "allow").map((match) => match.effect));
  return effects.filter((_, at) => !held.has(at));
}

function once(matches: readonly Match[]): readonly Match[] {
  return [...new Map(matches.map((match) => [match.rule, match])).values()];
}

function start([first]: readonly Effect[]): number {
  return first?.span?.start ?? Number.POSITIVE_INFINITY;
}
