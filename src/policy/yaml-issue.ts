import type * as v from "valibot";

export type Key = string | number;

export interface Issue {
  readonly path: readonly Key[];
  readonly message: string;
  /** It is the key that is wrong: its place is meant. */
  readonly isKey?: boolean;
}

/**
 * A schema's issues in words, one for each mistake. `sourceOf`: a word without quotes as it is written; undefined for all else.
 */
export function tellIssues(
  issues: readonly v.BaseIssue<unknown>[],
  sourceOf: (path: readonly Key[]) => string | undefined,
): readonly Issue[] {
  const told = issues.map((issue) => listForMapping(issue) ?? tell(issue, sourceOf));
  const seen = new Set<string>();
  return told.filter((one, at) => {
    const issue = issues[at];
    // A misspelt key is not missing as well.
    if (issue?.expected?.startsWith('"') && hasUnknownKey(issues, issue)) return false;
    const key = JSON.stringify([one.path, one.message]);
    return seen.size < seen.add(key).size;
  });
}

function hasUnknownKey(issues: readonly v.BaseIssue<unknown>[], missing: v.BaseIssue<unknown>): boolean {
  const holder = missing.path?.at(-1)?.input;
  return issues.some(({ expected, path }) => expected === "never" && path?.at(-1)?.input === holder);
}

/** To valibot a list is an object like any other, whose keys are "0", "1", … */
function listForMapping(issue: v.BaseIssue<unknown>): Issue | undefined {
  const path: readonly v.IssuePathItem[] = issue.path ?? [];
  const at = path.findIndex((step) => step.type === "object" && Array.isArray(step.input));
  return at < 0
    ? undefined
    : { path: keysOf(path.slice(0, at)), message: "must be keys with values, not a list" };
}

function tell(issue: v.BaseIssue<unknown>, sourceOf: (path: readonly Key[]) => string | undefined): Issue {
  const path = keysOf(issue.path ?? []);
  const isKey = issue.path?.at(-1)?.origin === "key";
  const source = issue.type === "string" && !isKey ? sourceOf(path) : undefined;
  const misread = source === undefined ? undefined : misreadWord(source, issue);
  return { path, isKey, message: misread ?? lowerFirst(issue.message) };
}

/** The words of a schema for text that may be any: what YAML makes of a word without quotes is told in its place. */
export const mustBeText = "must be text";

function misreadWord(source: string, { input, message }: v.BaseIssue<unknown>): string | undefined {
  if (message !== mustBeText && !message.startsWith("Invalid type")) return undefined;
  if (input === null) return "is empty";
  return `must be text, and YAML reads ${source} as a ${typeof input}: write "${source}", in quotes`;
}

function keysOf(path: readonly v.IssuePathItem[]): readonly Key[] {
  return path.map(({ key }) => (typeof key === "number" ? key : String(key)));
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
