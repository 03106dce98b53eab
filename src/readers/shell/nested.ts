import { isKnown, showArg } from "../../model/arg.js";
import { opaqueEffect } from "../../model/effect.js";
import { guardEffect } from "../guard-effect.js";
import { effects, inner, nothing, type Reader } from "../reader.js";

const answering: ReadonlySet<string> = new Set(["approve", "end"]);
const harmless: ReadonlySet<string> = new Set([
  "credentials",
  "explain",
  "log",
  "rules",
  "doctor",
  "demo",
  "completion",
  "help",
  "hook",
]);

const restoring: ReadonlySet<string> = new Set(["--list", "--json", "--to", "--help", "-h"]);

/**
 * A `holdpoint` below this one joins this session when it finds it; with PATH wiped it would be a session of its own, in
 * whatever mode it was told. So what it runs is judged here as well.
 */
export const nested: Reader = {
  names: ["holdpoint"],
  read(call) {
    const words = call.argv.slice(1);
    const first = words.find((word) => isKnown(word) && !word.startsWith("-"));
    if (words[0] === "trust")
      return words[1] === "--list" || words[1] === "--help"
        ? nothing
        : effects(guardEffect("holdpoint", "trust", words));
    // Putting something back harms nobody; what may be more than that is taken for emptying the trash.
    if (words[0] === "undo")
      return words.slice(1).every((word) => isKnown(word) && (!word.startsWith("-") || restoring.has(word)))
        ? nothing
        : effects(guardEffect("holdpoint", "purge", words));
    if (typeof first === "string" && answering.has(first) && words[0] === first)
      return effects(guardEffect("holdpoint", first, words));
    // Each credential that lies around would go to its service, in the person's name.
    if (words[0] === "credentials" && words.some((word) => isKnown(word) && /^--on/.test(word)))
      return effects(guardEffect("holdpoint", "credentials", words));
    if (words[0] === "init" && !words.some((word) => word === "--print" || word === "--help"))
      return effects(guardEffect("holdpoint", "init", words));
    // What an installed shell starts: its name, then its argv, coded.
    if (words[0] === "shell")
      return effects(
        opaqueEffect("holdpoint", words.map(showArg).join(" "), "it starts a shell, and its words are coded"),
      );
    if (typeof first === "string" && harmless.has(first) && words[0] === first) return nothing;
    const from = words.indexOf("--");
    const argv = from < 0 ? [] : words.slice(from + 1);
    return argv.length === 0 ? nothing : inner({ kind: "call", argv, via: "holdpoint run", sight: "never" });
  },
};
