import { showArg } from "../model/arg.js";
import type { Effect } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import { credentialJson } from "./credential-json.js";

/** The JSON of `explain`, as the contract has it. Keys stay in this order. */
export function judgementJson(
  judgement: Judgement,
  line: string,
  id: string | undefined,
): Record<string, unknown> {
  return {
    ...(id === undefined ? {} : { id }),
    line,
    verdict: judgement.verdict,
    severity: judgement.severity,
    calls: judgement.calls.map((call) => ({
      tool: showArg(call.tool),
      argv: call.argv.map(showArg),
      known: call.known,
      via: call.via,
    })),
    effects: judgement.effects.map(effectJson),
    matches: judgement.matches.map(({ rule, effect, verdict, severity, because, instead, back }) => ({
      rule,
      effect,
      verdict,
      severity,
      because,
      ...(instead === undefined ? {} : { instead }),
      ...(back === undefined ? {} : { back }),
    })),
    errors: judgement.errors,
  };
}

export function effectJson(effect: Effect): Record<string, unknown> {
  const { span, credentials, ...rest } = effect;
  return {
    ...rest,
    credentials: credentials.map((each) => credentialJson(each)),
    span: span === undefined ? null : [span.start, span.end],
  };
}
