/** How a dialect quotes: what decides where a statement ends. */
export interface Quoting {
  /** A backslash escapes inside '…' (MySQL); PostgreSQL does so only in E'…'. */
  readonly backslash: boolean;
  /** $$…$$ and $tag$…$tag$ */
  readonly dollar: boolean;
  /** `…` */
  readonly backtick: boolean;
  /** […] */
  readonly bracket: boolean;
  /** # to the end of the line */
  readonly hash: boolean;
  /** A comment may stand inside a comment. */
  readonly nested: boolean;
}

export const postgresQuoting: Quoting = {
  backslash: false,
  dollar: true,
  backtick: false,
  bracket: false,
  hash: false,
  nested: true,
};
export const mysqlQuoting: Quoting = {
  backslash: true,
  dollar: false,
  backtick: true,
  bracket: false,
  hash: true,
  nested: false,
};
export const sqliteQuoting: Quoting = {
  backslash: false,
  dollar: false,
  backtick: true,
  bracket: true,
  hash: false,
  nested: false,
};

export interface Region {
  readonly kind: "comment" | "text" | "identifier";
  readonly end: number;
  /** False when the text ended first. */
  readonly closed: boolean;
}

/** The comment or quoted thing that begins at `at`; undefined when none does. */
export function findRegion(text: string, at: number, quoting: Quoting): Region | undefined {
  const first = text[at];
  const second = text[at + 1];
  switch (first) {
    case "-":
      // MySQL wants a space after `--`; to take fewer things for comments is the safe side there.
      return second === "-" && (!quoting.hash || /^\s?$/.test(text[at + 2] ?? ""))
        ? toLineEnd(text, at)
        : undefined;
    case "#":
      return quoting.hash ? toLineEnd(text, at) : undefined;
    case "/":
      return second === "*" ? findCommentEnd(text, at, quoting.nested) : undefined;
    case "'":
      return { kind: "text", ...findQuoteEnd(text, at, "'", quoting.backslash) };
    case '"':
      return {
        kind: quoting.backslash ? "text" : "identifier",
        ...findQuoteEnd(text, at, '"', quoting.backslash),
      };
    case "`":
      return quoting.backtick ? { kind: "identifier", ...findQuoteEnd(text, at, "`", false) } : undefined;
    case "[":
      return quoting.bracket ? closeAt(text, text.indexOf("]", at), 1, "identifier") : undefined;
    case "$":
      return quoting.dollar ? findDollarEnd(text, at) : undefined;
    case "e":
    case "E":
      return quoting.dollar && second === "'" ? findEscapeEnd(text, at) : undefined;
    default:
      return undefined;
  }
}

/** The end of the name or keyword at `at`; `at` itself when there is none. */
export function findWordEnd(text: string, at: number): number {
  const word = /[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy;
  word.lastIndex = at;
  return word.test(text) ? word.lastIndex : at;
}

function toLineEnd(text: string, at: number): Region {
  const end = text.indexOf("\n", at);
  return { kind: "comment", end: end < 0 ? text.length : end, closed: true };
}

function findCommentEnd(text: string, start: number, nested: boolean): Region {
  let depth = 1;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start + 2;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] === "*/") depth -= 1;
    else if (nested) depth += 1;
    if (depth === 0) return { kind: "comment", end: mark.lastIndex, closed: true };
  }
  return { kind: "comment", end: text.length, closed: false };
}

function findQuoteEnd(
  text: string,
  start: number,
  quote: string,
  backslash: boolean,
): { readonly end: number; readonly closed: boolean } {
  for (let at = start + 1; at < text.length; at += 1) {
    if (backslash && text[at] === "\\") at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return { end: at + 1, closed: true };
      at += 1;
    }
  }
  return { end: text.length, closed: false };
}

/** E'…': after a line break a further '…' continues it, backslashes and all. */
function findEscapeEnd(text: string, at: number): Region {
  let found = findQuoteEnd(text, at + 1, "'", true);
  const more = /\s*\n\s*(?=')/y;
  for (more.lastIndex = found.end; more.test(text); more.lastIndex = found.end) {
    found = findQuoteEnd(text, more.lastIndex, "'", true);
  }
  return { kind: "text", ...found };
}

function findDollarEnd(text: string, at: number): Region | undefined {
  const dollarTag = /\$(?:[\p{L}_\u0080-\uffff][\p{L}\p{N}_\u0080-\uffff]*)?\$/uy;
  dollarTag.lastIndex = at;
  const tag = dollarTag.exec(text)?.[0];
  if (tag === undefined) return undefined;
  return closeAt(text, text.indexOf(tag, at + tag.length), tag.length, "text");
}

function closeAt(text: string, found: number, length: number, kind: Region["kind"]): Region {
  return found < 0 ? { kind, end: text.length, closed: false } : { kind, end: found + length, closed: true };
}

export interface Token {
  readonly kind: "word" | "name" | "text" | "symbol";
  /** Words in upper case, names and texts without their quotes. */
  readonly text: string;
  /** As written, without quotes. */
  readonly raw: string;
}

/** Everything but comments and white space; numbers are symbols. */
export function readTokens(text: string, quoting: Quoting): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const region = findRegion(text, at, quoting);
    if (region !== undefined) {
      const opens = /^[eE]?['"`[]|^\$[^$]*\$/.exec(text.slice(at, region.end))?.[0].length ?? 1;
      const closes = region.closed ? (text[at] === "$" ? opens : 1) : 0;
      const inside = text.slice(at + opens, region.end - closes);
      if (region.kind !== "comment")
        tokens.push({ kind: region.kind === "text" ? "text" : "name", text: inside, raw: inside });
      at = region.end;
      continue;
    }
    const end = findWordEnd(text, at);
    if (end > at) {
      const raw = text.slice(at, end);
      tokens.push({ kind: "word", text: raw.toUpperCase(), raw });
      at = end;
      continue;
    }
    const char = text[at] ?? "";
    if (char.trim() !== "") tokens.push({ kind: "symbol", text: char, raw: char });
    at += 1;
  }
  return tokens;
}

/** The same for the same statement: no comments, one space for many, words in lower case. */
export function normalizeSql(text: string, quoting: Quoting): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const region = findRegion(text, at, quoting);
    const end = region?.end ?? Math.max(findWordEnd(text, at), at + 1);
    const part = text.slice(at, end);
    if (region === undefined) parts.push(part.trim() === "" ? " " : part.toLowerCase());
    else parts.push(region.kind === "comment" ? " " : part);
    at = end;
  }
  return parts
    .filter((part, index) => part !== " " || parts[index - 1] !== " ")
    .join("")
    .trim();
}
