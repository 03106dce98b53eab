import type { Exception } from "./exceptions.js";

/** An exception, and the number of the denial that it would lift. */
export interface Numbered {
  readonly number: number;
  readonly exception: Exception;
}

/**
 * A whole config that lets exactly this through, a line each. ASCII alone: what an agent named is written as YAML escapes,
 * so that nothing hides in what a person is to paste.
 */
export function configLines(numbered: readonly Numbered[]): readonly string[] {
  const rules = new Map<string, Map<string, number[]>>();
  for (const { number, exception } of numbered) {
    const conditions = rules.get(exception.rule) ?? new Map<string, number[]>();
    rules.set(exception.rule, conditions);
    const text = flowMap(exception.condition);
    conditions.set(text, [...(conditions.get(text) ?? []), number]);
  }
  const lines = ["version: 1", "rules:"];
  for (const [rule, conditions] of rules) {
    lines.push(`  - id: ${rule}`, "    unless:");
    for (const [text, numbers] of conditions)
      lines.push(`      - ${text} # ${[...new Set(numbers)].join(", ")}`);
  }
  return lines;
}

function flowMap(condition: ReadonlyMap<string, string>): string {
  return `{ ${[...condition].map(([field, value]) => `${field}: ${scalar(value)}`).join(", ")} }`;
}

/** Plain where YAML 1.2 reads it as this very text; double-quoted otherwise. */
function scalar(text: string): string {
  if (text === "true" || text === "false") return text;
  if (
    /^[A-Za-z/][\w./@-]*(?: [\w./@-]+)*$/.test(text) &&
    !/^(?:null|true|false|yes|no|on|off|y|n)$/i.test(text)
  )
    return text;
  const escaped = [...text].map((char) => {
    if (char === '"' || char === "\\") return `\\${char}`;
    // `##[` is an order to some runners, wherever it stands.
    if (/^[ -~]$/.test(char) && char !== "#") return char;
    const code = char.codePointAt(0) ?? 0;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${escaped.join("")}"`;
}
