import { assertNever } from "../model/assert-never.js";
import type { Effect, Extent } from "../model/effect.js";
import { globMatcher } from "../model/glob.js";
import type { Condition, FieldTest, Match, Rule } from "../model/rule.js";

/** All rules that fit, over all effects, in the order of the effects. */
export function matchRules(rules: readonly Rule[], effects: readonly Effect[]): readonly Match[] {
  const matches: Match[] = [];
  effects.forEach((effect, index) => {
    const isFit = (condition: Condition) => condition.every((test) => fitsField(test, effect));
    for (const rule of rulesFor(rules, effect)) {
      if (!isFit(rule.when) || rule.unless.some(isFit) || isGranted(rule, effect)) continue;
      matches.push({
        rule: rule.id,
        effect: index,
        verdict: rule.then,
        severity: rule.severity,
        because: speaksOfBounds(rule) ? (effect.boundsBecause ?? rule.because) : rule.because,
        instead: rule.instead,
        ...(rule.back === undefined ? {} : { back: rule.back }),
        locked: rule.locked,
      });
    }
  });
  return matches;
}

/** A manifest that a human trusted lets this be done there: what is neither locked nor critical need not be asked again. */
function isGranted({ then, locked, severity }: Rule, { bounds }: Effect): boolean {
  return bounds === "granted" && then === "ask" && !locked && severity !== "critical";
}

/** Such a rule says what the manifest says, in its words. */
function speaksOfBounds({ when }: Rule): boolean {
  return when.some(({ field }) => field === "bounds");
}

/** Most rules speak of one resource and one action; the others need not be looked at. One index per rule list. */
const indexes = new WeakMap<readonly Rule[], Map<string, readonly Rule[]>>();

function rulesFor(rules: readonly Rule[], { resource, action }: Effect): readonly Rule[] {
  let index = indexes.get(rules);
  if (index === undefined) {
    index = new Map();
    indexes.set(rules, index);
  }
  const key = `${resource} ${action}`;
  let found = index.get(key);
  if (found === undefined) {
    const isFit = ({ field, test }: FieldTest): boolean => {
      const value = field === "resource" ? resource : field === "action" ? action : undefined;
      return value === undefined || test.kind === "over" || passes(test, value);
    };
    found = rules.filter((rule) => rule.when.every(isFit)).map(wordsFirst);
    index.set(key, found);
  }
  return found;
}

/** All tests of a condition have to fit, and most fail on a word: globs, each compiled when it is first asked, come last. */
function wordsFirst(rule: Rule): Rule {
  const sorted = (condition: Condition): Condition => [
    ...condition.filter(({ field }) => !globbed.has(field)),
    ...condition.filter(({ field }) => globbed.has(field)),
  ];
  return { ...rule, when: sorted(rule.when), unless: rule.unless.map(sorted) };
}

function fitsField({ field, test }: FieldTest, effect: Effect): boolean {
  if (test.kind === "over") return isOver(effect.extent, test.count);
  const value: unknown = Object.hasOwn(effect, field) ? Reflect.get(effect, field) : undefined;
  // A field that this kind of effect does not have fits no word, and no denial of one either: rules speak of what is there.
  if (value === undefined) return false;
  return globbed.has(field) ? passesGlob(test, String(value)) : passes(test, String(value));
}

type WordTest = Exclude<FieldTest["test"], { kind: "over" }>;

function passes(test: WordTest, value: string): boolean {
  return test.of.includes(value) === (test.kind === "any");
}

const globbed: ReadonlySet<string> = new Set(["target", "host", "path", "database", "operation"]);
const matchers = new WeakMap<WordTest, (value: string) => boolean>();

/** A word that fits itself alone, and no glob. The empty one stands for a database that nobody named. */
const isPlain = /^[\w -]*$/;

function passesGlob(test: WordTest, value: string): boolean {
  let matcher = matchers.get(test);
  if (matcher === undefined) {
    // A leading "!" is part of a name: exceptions are written as {not: …}.
    matcher = globMatcher(test.of.filter((word) => !isPlain.test(word)));
    matchers.set(test, matcher);
  }
  // A word with a backslash is a glob that somebody escaped: `\\$` is the file `$`, and not the file `\\$`.
  const isNamed = test.of.includes(value) && !value.includes("\\");
  return (isNamed || matcher(value)) === (test.kind === "any");
}

function isOver(extent: Extent, count: number): boolean {
  switch (extent.kind) {
    case "exact":
      return extent.count > count;
    // At least n may be any number above it.
    case "at-least":
    case "all":
    case "unknown":
      return true;
    default:
      return assertNever(extent);
  }
}
