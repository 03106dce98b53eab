import { styleText } from "node:util";
import { jsonText } from "../model/json-text.js";
import type { Loaded } from "./knowledge.js";
import { ruleJson } from "./rule-json.js";
import { showCondition } from "./rule-words.js";
import type { Terminal } from "./terminal.js";

/** Prints the rules in force, each with its verdict, reason and origin. */
export function showRules(loaded: Loaded, json: boolean, terminal: Terminal): number {
  if (json) {
    terminal.print(jsonText(loaded.policy.rules.map(ruleJson), 1));
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
    if (rule.back !== undefined) terminal.print(`      back: ${rule.back}`);
  }
  terminal.print("");
  terminal.print("holdpoint explain --why RULE   one of them in words, with its examples");
  terminal.print("holdpoint rules --search TEXT  those about something; tools and APIs, too");
  return 0;
}
