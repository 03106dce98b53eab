/** How well a pattern fits: exact ones before globs, then by the length of what is not a star. Higher is better. */
export type Rank = number;

/** What a pattern takes, with its rank; `*` is anything, dots and slashes too. Undefined: it does not fit. */
export type Pattern = (text: string) => Rank | undefined;

/** Above the length of any label. */
const exact = 100_000;

export function compilePattern(text: string): Pattern {
  if (!text.includes("*")) return compileExact(text);
  const parts = text.split("*");
  const rank = parts.join("").length;
  return (given) => (fitsParts(parts, given) ? rank : undefined);
}

/** As it is written, whatever signs it holds. */
export function compileExact(text: string): Pattern {
  const rank = exact + text.length;
  return (given) => (given === text ? rank : undefined);
}

/** As an exact part no longer, when another part of it was left open. */
export function asGlob(rank: Rank): Rank {
  return rank >= exact ? rank - exact : rank;
}

/** Each part at its first place behind the one before it. No expression: a long name with many stars would make it run for ever. */
function fitsParts(parts: readonly string[], text: string): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.at(-1) ?? "";
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
