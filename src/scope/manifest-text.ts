import * as v from "valibot";
import { meant } from "../policy/meant.js";
import { codeOf, unseen } from "../policy/unseen.js";
import { mustBeText } from "../policy/yaml-issue.js";

/** Keys of which none is unknown; `missing`: what to say of one that must be there. */
export function section<E extends v.ObjectEntries>(
  entries: E,
  missing: Readonly<Record<string, string>> = {},
) {
  return v.strictObject(entries, ({ expected, input }): string => {
    if (expected === "never") return `is not known${meant(String(input), Object.keys(entries))}`;
    if (expected === "Object") return `must be keys with values: ${Object.keys(entries).join(", ")}`;
    return missing[expected.replaceAll('"', "")] ?? "is missing";
  });
}

const mostText = 500;

/** Words on one line, without blanks around them, and all of it seen: a label that only looks right would never match. */
export const line = v.pipe(
  v.string(mustBeText),
  v.nonEmpty("is empty"),
  v.maxLength(mostText, `is longer than ${mostText} characters`),
  v.check((text) => !/[\n\r]/.test(text), "must be one line"),
  v.check(
    (text) => text.search(unseen) < 0,
    ({ input }) => `holds a character that nobody sees (${codeOf(input.match(unseen)?.[0] ?? "")})`,
  ),
  v.check((text) => text.trim() === text, "has blanks around it"),
);

/** A line that looks like this. The pattern is for editors, too; what it does not fit is told by `fault`. */
export function shaped(pattern: RegExp, fault: string | ((text: string) => string)) {
  return v.pipe(
    line,
    v.regex(pattern, ({ input }) => (typeof fault === "string" ? fault : fault(input))),
  );
}

export function listOf<T extends v.GenericSchema>(item: T, description: string) {
  return v.pipe(v.array(item, "must be a list, like [a, b]"), v.description(description));
}
