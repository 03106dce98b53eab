import type { Rule } from "../model/rule.js";
import { showCondition } from "./rule-words.js";

/** The JSON of a rule, as the contract has it. Keys stay in this order. */
export function ruleJson(rule: Rule): Record<string, unknown> {
  return {
    id: rule.id,
    origin: rule.origin,
    when: showCondition(rule.when),
    unless: rule.unless.map(showCondition),
    then: rule.then,
    severity: rule.severity,
    because: rule.because,
    ...(rule.instead === undefined ? {} : { instead: rule.instead }),
    ...(rule.back === undefined ? {} : { back: rule.back }),
    locked: rule.locked,
  };
}
