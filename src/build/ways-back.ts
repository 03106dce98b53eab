import type { Rule } from "../model/rule.js";

/** Rules on what destroys something, or cannot be taken back, that do not say how to get back, or that there is no way. */
export function withoutWayBack(rules: readonly Rule[]): readonly string[] {
  return rules
    .filter((rule) => rule.back === undefined && isDestructive(rule))
    .map(({ id, origin }) => `${origin}: "${id}" must say how to get back, or that there is no way`);
}

/** What reaches for the guard itself, or stands beyond a manifest's bounds, is not about one loss. */
function isDestructive({ then, when }: Rule): boolean {
  const isSpared = when.some(
    ({ field, test }) =>
      field === "bounds" ||
      (field === "resource" && test.kind === "any" && test.of.every((one) => spared.has(one))),
  );
  return then !== "allow" && !isSpared && when.every(({ field, test }) => field !== "action" || covers(test));
}

function covers(test: Rule["when"][number]["test"]): boolean {
  if (test.kind === "over") return true;
  return destructive.some((action) => test.of.includes(action) === (test.kind === "any"));
}

const destructive = ["delete", "modify", "grant", "execute", "send"];
const spared: ReadonlySet<string> = new Set(["guard", "opaque"]);
