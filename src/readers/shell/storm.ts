import { type OtherEffect, plainEffect } from "../../model/effect.js";

/** Processes that start more of themselves, until the machine can start no others. */
export function stormEffect(tool: string, target: string): OtherEffect {
  return {
    ...plainEffect(tool, "create", target),
    resource: "process",
    operation: "fork without end",
    recovery: "none",
    extent: { kind: "all" },
    because: "it starts itself in processes of their own, over and over",
  };
}

/**
 * A loop of a program that does nothing but start copies of itself: `fork while fork`. A server that forks for each
 * connection does something in between.
 */
export function isStorm(code: string): boolean {
  return code.includes("fork") && endless.some((pattern) => pattern.test(code));
}

const endless: readonly RegExp[] = [
  // Perl, Ruby
  /\bfork(?:\(\))? (?:while|until) /,
  /\bloop ?(?:\{|do) ?(?:Process\.)?fork\b(?! ?(?:\{|do\b))/,
  /\b(?:while|for) ?\((?:;;|1|true|fork(?:\(\))?)?\) ?\{? ?(?:(?:cp|child_process|require\(["']child_process["']\))\.)?fork\b/,
  // Python
  /\bwhile \(?(?:True|1)\)?: ?\n?[ \t]*(?:os\.)?fork\(\)/,
  /\bwhile (?:os\.)?fork\(\):/,
];
