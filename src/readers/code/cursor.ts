import type { Arg } from "../../model/arg.js";
import type { Binding, CodeNames } from "./names.js";
import type { LanguageName } from "./syntax.js";
import type { CodeToken } from "./tokens.js";
import type { CodeCall, CodeValue } from "./values.js";

/** What the names and functions that a language brings along stand for, where that can be told. */
export interface CodeLibrary {
  value(name: string): CodeValue | undefined;
  call(call: CodeCall): CodeValue | undefined;
}

/** A text being read, and what is known of it so far. */
export interface State {
  /** One expression; all statements that are left. */
  readonly read: (cursor: Cursor) => CodeValue;
  readonly readAll: (cursor: Cursor) => CodeValue;
  readonly language: LanguageName;
  readonly library: CodeLibrary;
  readonly names: CodeNames;
  readonly main: Pick<Cursor, "tokens" | "text">;
  readonly passed: ReadonlyMap<string, readonly CodeCall[]>;
  readonly known: Map<Binding, CodeValue>;
  readonly busy: Set<Binding>;
  /** The values of names that are assigned more than once. */
  readonly resolved: Map<string, CodeValue>;
  /** Plain tests of a name's beginning or end; looked for when the first loop is met. */
  tests: ReadonlyMap<string, readonly NameTest[]> | undefined;
  /** Parameters of the blocks met so far. */
  readonly locals: Map<string, CodeValue>;
  readonly calls: CodeCall[];
  cwd: Arg | undefined;
}

/** A place in it. */
export interface Cursor {
  readonly state: State;
  readonly tokens: readonly CodeToken[];
  readonly text: string;
  at: number;
  /** Brackets around it that let an expression go on in the next line. */
  nest: number;
  depth: number;
  /** Calls are noted; not while the value of a name is looked up. */
  readonly notes: boolean;
  /** Where this text stands in the whole; undefined for the whole itself. */
  readonly base: number | undefined;
}

export function isBreak(token: CodeToken | undefined): boolean {
  return token?.kind === "newline" || (token?.kind === "symbol" && /^[;,)\]}:|]$/.test(token.text));
}

export function skipNewlines(cursor: Cursor, wanted: boolean): void {
  while (wanted && cursor.tokens[cursor.at]?.kind === "newline") cursor.at += 1;
}

export function symbolAt(cursor: Cursor, ahead = 0): string {
  const token = cursor.tokens[cursor.at + ahead];
  return token?.kind === "symbol" ? token.text : "";
}

export function sourceOf({ tokens, text, at }: Cursor, start: number): string {
  const first = tokens[start];
  const last = tokens[Math.max(start, at - 1)];
  return first === undefined || last === undefined ? "" : text.slice(first.start, last.end).slice(0, 300);
}

export function textOf(token: CodeToken | undefined): string | undefined {
  const [piece] = token?.kind === "text" && token.pieces.length === 1 ? token.pieces : [];
  return typeof piece === "string" ? piece : undefined;
}

export interface NameTest {
  readonly isEnd: boolean;
  readonly text: string;
}

/** Words between two operands. */
export const wordOperators = /^(in|of|is|instanceof|and|or|not|eq|ne|x|cmp|isa)$/;
/** What ends an expression. */
export const stopWords =
  /^(for|foreach|if|unless|while|until|do|then|else|elif|elsif|elseif|rescue|ensure|finally|end|as|except|catch|when|from)$/;

/** Deeper than this nobody writes by hand; what stands there is passed over word by word. */
export const maxDepth = 100;
