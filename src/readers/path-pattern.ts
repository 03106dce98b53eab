/**
 * `/repos/{owner}/{repo}`, taken apart once: braces stand for one part or the rest of one, `**` for any number of them.
 * In `v{version}` the rest begins with a digit, so that it is not `volumes`.
 */
export interface PathPattern {
  readonly parts: readonly Part[];
  /** The more, the more exactly it says what it means. */
  readonly rank: readonly number[];
}

type Part =
  | { readonly kind: "is"; readonly text: string }
  | { readonly kind: "has"; readonly start: string; readonly end: string; readonly isVersion: boolean }
  | { readonly kind: "any" }
  | { readonly kind: "rest" };

/** A path as a server sees it: percent signs decoded, empty and dotted parts gone, lower case. */
export function splitPath(path: string): readonly string[] {
  const parts: string[] = [];
  for (const raw of path.split("/")) {
    const part = decode(raw).toLowerCase();
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** Takes apart what an API file writes as a path. */
export function parsePattern(path: string): PathPattern {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(parsePart);
  return { parts, rank: parts.map(({ kind }) => ranks[kind]) };
}

/** For sorting: patterns that say more come first. */
export function comparePatterns(a: PathPattern, b: PathPattern): number {
  for (let at = 0; at < Math.max(a.rank.length, b.rank.length); at += 1) {
    const difference = (b.rank[at] ?? ranks.any) - (a.rank[at] ?? ranks.any);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether the pattern is all of the path behind its first `from` parts. */
export function matchesPattern({ parts }: PathPattern, path: readonly string[], from = 0): boolean {
  return matchFrom(parts, 0, path, from);
}

/** How many parts a pattern takes at the beginning of a path; undefined when it does not stand there. */
export function matchStart({ parts }: PathPattern, path: readonly string[]): number | undefined {
  const isFit = parts.every((part, at) => fits(part, path[at]));
  return isFit ? parts.length : undefined;
}

const ranks = { rest: 0, any: 1, has: 2, is: 3 } as const;

function parsePart(text: string): Part {
  if (text === "**") return { kind: "rest" };
  const [, start, name, end] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(text.toLowerCase()) ?? [];
  if (start === undefined || end === undefined) return { kind: "is", text: text.toLowerCase() };
  return start === "" && end === ""
    ? { kind: "any" }
    : { kind: "has", start, end, isVersion: name === "version" };
}

function fits(part: Part, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (part.kind === "is") return part.text === text;
  if (part.kind === "has")
    return (
      text.length > part.start.length + part.end.length &&
      text.startsWith(part.start) &&
      text.endsWith(part.end) &&
      (!part.isVersion || /\d/.test(text.charAt(part.start.length)))
    );
  return true;
}

function matchFrom(parts: readonly Part[], at: number, path: readonly string[], from: number): boolean {
  const part = parts[at];
  if (part === undefined) return from === path.length;
  if (part.kind !== "rest") return fits(part, path[from]) && matchFrom(parts, at + 1, path, from + 1);
  for (let next = from; next <= path.length; next += 1) if (matchFrom(parts, at + 1, path, next)) return true;
  return false;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
