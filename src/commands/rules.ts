import { styleText } from "node:util";
import type { Condition, FieldTest, Rule } from "../model/rule.js";
import type { Loaded } from "./knowledge.js";
import type { Terminal } from "./terminal.js";

/** Prints the rules in force, each with its verdict, reason and origin. */
export function showRules(loaded: Loaded, json: boolean, terminal: Terminal): number {
  if (json) {
    terminal.print(JSON.stringify(loaded.policy.rules.map(ruleJson), undefined, 1));
    return 0;
  }
  for (const rule of loaded.policy.rules) {
    const head = `${rule.then.padEnd(5)} ${rule.id}`;
    terminal.print(
      terminal.colour
        ? styleText(rule.then === "deny" ? "red" : "yellow", head, { validateStream: false })
        : head,
    );
    terminal.print(`      ${rule.severity}${rule.locked ? ", locked" : ""}; from ${rule.origin}`);
    terminal.print(`      when ${showCondition(rule.when)}`);
    for (const exception of rule.unless) terminal.print(`      unless ${showCondition(exception)}`);
    terminal.print(`      ${rule.because}`);
    if (rule.instead !== undefined) terminal.print(`      instead: ${rule.instead}`);
  }
  return 0;
}

function ruleJson(rule: Rule): Record<string, unknown> {
  return {
    id: rule.id,
    origin: rule.origin,
    when: showCondition(rule.when),
    unless: rule.unless.map(showCondition),
    then: rule.then,
    severity: rule.severity,
    because: rule.because,
    ...(rule.instead === undefined ? {} : { instead: rule.instead }),
    locked: rule.locked,
  };
}

function showCondition(condition: Condition): string {
  return condition.map(showField).join(", ");
}

function showField({ field, test }: FieldTest): string {
  switch (test.kind) {
    case "any":
      return `${field} is ${test.of.join(" or ")}`;
    case "none":
      return `${field} is not ${test.of.join(" nor ")}`;
    case "over":
      return `${field} is over ${test.count}`;
  }
}
