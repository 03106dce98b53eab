import type { Decision, Match, Severity } from "../model/rule.js";

const decisions: readonly Decision[] = ["allow", "ask", "deny"];
const severities: readonly Severity[] = ["info", "low", "medium", "high", "critical"];

/** The strictest of all matches, and the gravest severity among the strictest. No match: allow. */
export function decide(matches: readonly Match[]): { verdict: Decision; severity: Severity } {
  const verdict = strictest(matches.map((match) => match.verdict));
  const rank = Math.max(
    0,
    ...matches
      .filter((match) => match.verdict === verdict)
      .map((match) => severities.indexOf(match.severity)),
  );
  return { verdict, severity: severities[rank] ?? "critical" };
}

/** `deny` before `ask` before `allow`; of none `allow`. */
export function strictest(verdicts: readonly Decision[]): Decision {
  return decisions[Math.max(0, ...verdicts.map((verdict) => decisions.indexOf(verdict)))] ?? "deny";
}

/** Whether `a` is looser than `b`. */
export function isLooser(a: Decision, b: Decision): boolean {
  return decisions.indexOf(a) < decisions.indexOf(b);
}
