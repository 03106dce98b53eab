import type { Credential } from "../model/effect.js";
import type { Plan, PlanDeed, PlanStep } from "../model/plan.js";
import type { Decision, Severity } from "../model/rule.js";
import { credentialJson } from "./credential-json.js";
import type { PlanSource } from "./plan-source.js";

export interface PlanVerdict {
  readonly source: PlanSource;
  readonly verdict: Decision;
  readonly severity: Severity;
}

type Redact = (text: string) => string;

/** The JSON of `explain --plan`, as the contract has it: nothing folded, secrets taken out. Keys stay in this order. */
export function planJson(
  { summary, steps, unread }: Plan,
  { source, verdict, severity }: PlanVerdict,
  redact: Redact,
): Record<string, unknown> {
  return {
    ...(source.file === undefined ? { line: redact(source.text) } : { file: source.file }),
    verdict,
    severity,
    summary: {
      calls: summary.calls,
      held: summary.held,
      lost: summary.lost,
      doubtful: summary.doubtful,
      environments: summary.environments,
      credentials: summary.credentials.map((each) => printed(each, redact)),
      unread: summary.unread,
    },
    steps: steps.map((step) => stepJson(step, redact)),
    errors: unread.map(redact),
  };
}

function stepJson(step: PlanStep, redact: Redact): Record<string, unknown> {
  return {
    number: step.number,
    via: step.via,
    tool: redact(step.tool),
    text: redact(step.text),
    certain: step.isCertain,
    does: step.deeds.map((deed) => deedJson(deed, redact)),
    unread: step.unread.map(redact),
    steps: step.inner.map((inner) => stepJson(inner, redact)),
  };
}

function deedJson(deed: PlanDeed, redact: Redact): Record<string, unknown> {
  return {
    words: redact(deed.words),
    action: deed.action,
    resource: deed.resource,
    count: deed.count,
    certain: deed.isCertain,
    loss: deed.loss,
    environment: deed.environment ?? null,
    ...(deed.bounds === undefined ? {} : { bounds: deed.bounds }),
    ...(deed.boundsBecause === undefined ? {} : { boundsBecause: redact(deed.boundsBecause) }),
    recovery: deed.recovery,
    back: redact(deed.back),
    because: deed.because.map(redact),
    credentials: deed.credentials.map((each) => printed(each, redact)),
    rules: deed.held.map(({ rule, verdict, severity, because, instead, back }) => ({
      rule,
      verdict,
      severity,
      because,
      ...(instead === undefined ? {} : { instead }),
      ...(back === undefined ? {} : { back }),
    })),
  };
}

function printed(credential: Credential, redact: Redact): Record<string, unknown> {
  const { name, from, ...rest } = credentialJson(credential, redact);
  return { name, from, fingerprint: credential.fingerprint, ...rest };
}
