import { FishError, unforeseen } from "./fish-words.js";

interface Word {
  readonly text: string;
  readonly plain: string | undefined;
}

/** `set …` as an assignment. https://fishshell.com/docs/current/cmds/set.html */
export function assignFish(words: readonly Word[]): string {
  const start = words.findIndex((word) => word.plain === undefined || !word.plain.startsWith("-"));
  const flags = words.slice(0, start < 0 ? words.length : start).map((word) => word.plain ?? "");
  const [target, ...values] = start < 0 ? [] : words.slice(start);
  const has = (letter: string, long: string) =>
    flags.some((flag) => flag === long || new RegExp(`^-\\w*${letter}`).test(flag));
  if (target === undefined || has("q", "--query") || has("S", "--show") || has("n", "--names"))
    return inside(words);
  const [, name, index] = /^(\w+)((?:\[.*\])?)$/.exec(target.plain ?? target.text.replaceAll("'", "")) ?? [];
  // A name that is put together at run time may be any.
  if (name === undefined) throw new FishError("the name of a variable cannot be foreseen");
  if (has("e", "--erase")) return index === "" ? `unset ${name}` : `${name}=${unforeseen}`;
  const isExported = has("x", "--export");
  const value = index !== "" ? unforeseen : writeValue(name, values, has);
  return `${name}=${value}${isExported ? `\nexport ${name}` : ""}`;
}

function writeValue(
  name: string,
  values: readonly Word[],
  has: (letter: string, long: string) => boolean,
): string {
  const given = values.map((word) => word.text);
  const own = isPath(name) ? `"$${name}"` : `"\${${name}[@]}"`;
  const all = has("a", "--append") ? [own, ...given] : has("p", "--prepend") ? [...given, own] : given;
  // Lists of folders are one string with colons to everybody else.
  if (isPath(name)) return all.map((word) => (word === `"\${${name}[@]}"` ? `"$${name}"` : word)).join(":");
  // Braces and globs make several words of one.
  const isOne = all.length === 1 && !/[*?{(@]/.test(all[0] ?? "");
  return isOne ? (all[0] ?? "") : `(${all.join(" ")})`;
}

function isPath(name: string): boolean {
  return name.endsWith("PATH");
}

/** Only asks, and nobody knows the answer; what stands inside the words runs. */
function inside(words: readonly Word[]): string {
  return `test -n ${[unforeseen, ...words.map((word) => word.text)].join("")}`;
}
