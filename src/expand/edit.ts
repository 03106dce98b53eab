import { type Arg, isKnown, unknown } from "../model/arg.js";
import { compilePattern, matchesWhole, matchLengths } from "./pattern.js";

/** Longer values are not edited: trying a pattern at every place of a text costs the square of its length. */
const textCap = 1_024;

/** `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`. */
export function removeMatch(value: string, pattern: Arg, operator: "#" | "##" | "%" | "%%"): Arg {
  if (!isKnown(pattern)) return unknown(pattern.source, pattern.reason);
  if (value.length > textCap) return tooLong;
  const compiled = compilePattern(pattern, true);
  if (operator === "#" || operator === "##") {
    const lengths = matchLengths(compiled, value, 0);
    const length = operator === "#" ? lengths[0] : lengths.at(-1);
    return value.slice(length ?? 0);
  }
  const starts: number[] = [];
  for (let at = 0; at <= value.length; at++) {
    if (matchesWhole(compiled, value.slice(at))) starts.push(at);
  }
  const start = operator === "%" ? starts.at(-1) : starts[0];
  return value.slice(0, start ?? value.length);
}

/** `${x/p/r}`, `${x//p/r}`, `${x/#p/r}`, `${x/%p/r}`: the longest match, from the left. */
export function replaceMatch(
  value: string,
  pattern: Arg,
  replacement: Arg,
  operator: "/" | "//" | "/#" | "/%",
): Arg {
  if (!isKnown(pattern)) return unknown(pattern.source, pattern.reason);
  if (!isKnown(replacement)) return unknown(replacement.source, replacement.reason);
  if (value.length > textCap) return tooLong;
  if (pattern === "")
    return operator === "/#" ? replacement + value : operator === "/%" ? value + replacement : value;
  const compiled = compilePattern(pattern, true);
  let out = "";
  for (let at = 0; at <= value.length; ) {
    const lengths = matchLengths(compiled, value, at);
    const length = operator === "/%" ? lengths.find((one) => at + one === value.length) : lengths.at(-1);
    if (length === undefined || (length === 0 && (operator === "//" || operator === "/"))) {
      if (operator === "/#") break;
      out += value.charAt(at);
      at += 1;
      continue;
    }
    out += replacement;
    if (operator !== "//") return out + value.slice(at + length);
    at += length;
    if (at === value.length) return out;
  }
  return operator === "/#" ? value : out;
}

/** `${x^}`, `${x^^}`, `${x,}`, `${x,,}`. */
export function changeCase(value: string, operator: "^" | "^^" | "," | ",,", pattern: Arg | undefined): Arg {
  if (pattern !== undefined && !isKnown(pattern)) return unknown(pattern.source, pattern.reason);
  if (hangsOnLocale(value)) return unknown("${…^}", "which letters it changes hangs on the locale");
  const compiled = pattern === undefined || pattern === "" ? undefined : compilePattern(pattern, true);
  const change = (char: string) => {
    if (compiled !== undefined && !matchesWhole(compiled, char)) return char;
    return operator.startsWith("^") ? char.toUpperCase() : char.toLowerCase();
  };
  return [...value].map((char, at) => (at === 0 || operator.length === 2 ? change(char) : char)).join("");
}

/** `é` is two letters to a shell without UTF-8. */
export function hangsOnLocale(value: string): boolean {
  return /[^\x00-\x7f]/.test(value);
}

const tooLong = unknown("${…}", "the value is too long to be edited here");
