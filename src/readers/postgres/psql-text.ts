import { findRegion, findWordEnd, postgresQuoting } from "../sql/lexicon.js";
import { type Lookup, readVariable } from "./psql-variables.js";
import { lineEnd, type MetaWord, readMeta } from "./psql-words.js";

/** What psql does with a text, in order. https://www.postgresql.org/docs/current/app-psql.html */
export type Step =
  /** Sent to the server. `doubt`: why the text that is sent may be another one. */
  | { readonly kind: "sql"; readonly text: string; readonly doubt: string | undefined }
  /** `rest` is the raw text behind the name, up to the end of the line. */
  | {
      readonly kind: "meta";
      readonly name: string;
      readonly words: readonly MetaWord[];
      readonly rest: string;
    }
  /** Lines behind a COPY … FROM STDIN; they are commands if that COPY fails. */
  | { readonly kind: "data"; readonly text: string }
  | { readonly kind: "doubt"; readonly text: string; readonly because: string };

export interface PsqlInput {
  readonly text: string;
  readonly lookup: Lookup;
  /** A backslash command of `-c`: its arguments may hold line breaks, and nothing follows it. */
  readonly single: boolean;
  /** -S: a line break ends a statement too. */
  readonly perLine: boolean;
}

/** Splits as psqlscan.l does. Lazy: `\set` of one step is seen by the next. */
export function* readSteps(input: PsqlInput): Generator<Step> {
  let { text } = input;
  let statement = new Statement();
  let start = 0;
  let at = 0;
  let spliced = 0;
  const take = (until: number): void => {
    statement.text += text.slice(start, until);
    start = until;
  };
  const flush = function* (): Generator<Step> {
    take(at);
    const done = statement;
    statement = new Statement();
    if (!done.hasSubstance) return;
    yield { kind: "sql", text: done.text, doubt: done.doubt };
    if (done.readsStdin()) yield* skipData();
  };
  /** The data begins on the next line; what stands behind the statement on its own line still runs, afterwards. */
  const skipData = function* (): Generator<Step> {
    const line = text.indexOf("\n", at);
    if (line < 0) return;
    const mark = /^\\\.\r?$/m.exec(text.slice(line + 1));
    const end = mark === null ? text.length : line + 1 + mark.index;
    yield { kind: "data", text: text.slice(line + 1, end) };
    text = text.slice(0, line + 1) + text.slice(mark === null ? end : end + mark[0].length);
  };

  while (at < text.length) {
    const char = text[at] ?? "";
    const region = findRegion(text, at, postgresQuoting);
    if (region !== undefined) {
      if (region.kind !== "comment") statement.hasSubstance = true;
      at = region.end;
      continue;
    }
    const wordEnd = findWordEnd(text, at);
    if (wordEnd > at) {
      statement.addWord(text.slice(at, wordEnd));
      at = wordEnd;
      continue;
    }
    if (char === ":") {
      const found = readVariable(text, at, input.lookup);
      if (found !== undefined) {
        take(at);
        if (found.doubt !== undefined) statement.doubt = found.doubt;
        statement.hasSubstance = true;
        start = at = found.end;
        if (!found.again) statement.text += found.value;
        else if (spliced < maxSplices) {
          // psql reads the value as if it stood there: it may end the statement, or hold a backslash command.
          spliced += 1;
          text = found.value + text.slice(found.end);
          start = at = 0;
        } else statement.doubt = "variables are expanded without end";
        continue;
      }
      at += text[at + 1] === ":" ? 2 : 1;
      continue;
    }
    if (char === "\\") {
      const next = text[at + 1];
      take(at);
      if (next === ";" || next === ":") {
        statement.text += next;
        start = at += 2;
        continue;
      }
      const meta = readMeta(text, at, input.single, input.lookup);
      if (sending.has(meta.name)) yield* flush();
      if (clearing.has(meta.name)) statement = new Statement();
      start = at = meta.end;
      yield { kind: "meta", name: meta.name, words: meta.words, rest: meta.rest };
      if (meta.name === "copy" && copiesFromStdin(meta.rest)) yield* skipData();
      if (input.single) return;
      const tail = text.slice(at, lineEnd(text, at));
      if (meta.separated && !closesItsQuotes(tail)) {
        // After a failed backslash command psql drops the rest of its line, and with it the opening quote.
        yield { kind: "doubt", text: tail, because: "a quote opens on the line of a backslash command" };
      }
      continue;
    }
    at += 1;
    if (char === "(") statement.depth += 1;
    if (char === ")") statement.depth -= statement.depth > 0 ? 1 : 0;
    if ((char === ";" && statement.canEnd()) || (char === "\n" && input.perLine && statement.depth === 0)) {
      yield* flush();
    } else if (char.trim() !== "" && char !== ";") statement.hasSubstance = true;
  }
  yield* flush();
}

const maxSplices = 500;
/** Backslash commands that send what stands before them. */
const sending: ReadonlySet<string> = new Set([
  "g",
  "gx",
  "gexec",
  "gset",
  "gdesc",
  "crosstabview",
  "watch",
  "parse",
  "sendpipeline",
]);
const clearing: ReadonlySet<string> = new Set(["r", "reset"]);

/** What psql knows of the statement it is reading. */
class Statement {
  text = "";
  doubt: string | undefined;
  hasSubstance = false;
  depth = 0;
  private readonly words: string[] = [];
  private blocks = 0;

  addWord(raw: string): void {
    const word = raw.toLowerCase();
    this.hasSubstance = true;
    if (this.depth > 0) return;
    if (this.words.length < 64) this.words.push(word);
    if (!this.makesRoutine()) return;
    // BEGIN ATOMIC … END: semicolons inside belong to the body.
    if (word === "begin" || (word === "case" && this.blocks > 0)) this.blocks += 1;
    if (word === "end" && this.blocks > 0) this.blocks -= 1;
  }

  canEnd(): boolean {
    return this.depth === 0 && this.blocks === 0;
  }

  readsStdin(): boolean {
    return (
      this.words[0] === "copy" &&
      this.words.some((word, index) => word === "from" && this.words[index + 1] === "stdin")
    );
  }

  private makesRoutine(): boolean {
    const [first, second, third, fourth] = this.words;
    const kind = second === "or" && third === "replace" ? fourth : second;
    return first === "create" && (kind === "function" || kind === "procedure");
  }
}

function copiesFromStdin(rest: string): boolean {
  return /\bfrom\s+stdin\b/i.test(rest);
}

function closesItsQuotes(line: string): boolean {
  for (let at = 0; at < line.length; ) {
    const region = findRegion(line, at, postgresQuoting);
    if (region !== undefined && !region.closed) return false;
    at = region?.end ?? Math.max(findWordEnd(line, at), at + 1);
  }
  return true;
}
