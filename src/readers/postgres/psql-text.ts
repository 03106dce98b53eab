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
export function readSteps(input: PsqlInput): Generator<Step> {
  return new PsqlText(input).steps();
}

/** Where the reading of a text stands. The text grows by what variables say, and loses the data of a COPY. */
class PsqlText {
  private text: string;
  private statement = new Statement();
  /** What of the text from here on to `at` belongs to the statement, and is not in it yet. */
  private start = 0;
  private at = 0;
  private spliced = 0;

  constructor(private readonly input: PsqlInput) {
    this.text = input.text;
  }

  *steps(): Generator<Step> {
    while (this.at < this.text.length) {
      if (this.passRegion() || this.passWord()) continue;
      const char = this.text[this.at] ?? "";
      if (char === ":") this.passColon();
      else if (char === "\\") {
        if (yield* this.passBackslash()) return;
      } else yield* this.passCharacter(char);
    }
    yield* this.flush();
  }

  private passRegion(): boolean {
    const region = findRegion(this.text, this.at, postgresQuoting);
    if (region === undefined) return false;
    if (region.kind !== "comment") this.statement.hasSubstance = true;
    this.at = region.end;
    return true;
  }

  private passWord(): boolean {
    const end = findWordEnd(this.text, this.at);
    if (end <= this.at) return false;
    this.statement.addWord(this.text.slice(this.at, end));
    this.at = end;
    return true;
  }

  private passColon(): void {
    const found = readVariable(this.text, this.at, this.input.lookup);
    if (found === undefined) {
      this.at += this.text[this.at + 1] === ":" ? 2 : 1;
      return;
    }
    const { statement } = this;
    this.take(this.at);
    if (found.doubt !== undefined) statement.doubt = found.doubt;
    statement.hasSubstance = true;
    this.start = this.at = found.end;
    if (!found.again) statement.text += found.value;
    else if (this.spliced < maxSplices) {
      // psql reads the value as if it stood there: it may end the statement, or hold a backslash command.
      this.spliced += 1;
      this.text = found.value + this.text.slice(found.end);
      this.start = this.at = 0;
    } else statement.doubt = "variables are expanded without end";
  }

  /** Returns whether nothing follows. */
  private *passBackslash(): Generator<Step, boolean> {
    const { input } = this;
    const next = this.text[this.at + 1];
    this.take(this.at);
    if (next === ";" || next === ":") {
      this.statement.text += next;
      this.start = this.at += 2;
      return false;
    }
    const meta = readMeta(this.text, this.at, input.single, input.lookup);
    if (sending.has(meta.name)) yield* this.flush();
    if (clearing.has(meta.name)) this.statement = new Statement();
    this.start = this.at = meta.end;
    yield { kind: "meta", name: meta.name, words: meta.words, rest: meta.rest };
    if (meta.name === "copy" && copiesFromStdin(meta.rest)) yield* this.skipData();
    if (input.single) return true;
    const tail = this.text.slice(this.at, lineEnd(this.text, this.at));
    if (meta.separated && !closesItsQuotes(tail)) {
      // After a failed backslash command psql drops the rest of its line, and with it the opening quote.
      yield { kind: "doubt", text: tail, because: "a quote opens on the line of a backslash command" };
    }
    return false;
  }

  private *passCharacter(char: string): Generator<Step> {
    const { statement } = this;
    this.at += 1;
    if (char === "(") statement.depth += 1;
    if (char === ")") statement.depth -= statement.depth > 0 ? 1 : 0;
    const isLineOver = char === "\n" && this.input.perLine && statement.depth === 0;
    if ((char === ";" && statement.canEnd()) || isLineOver) yield* this.flush();
    else if (char.trim() !== "" && char !== ";") statement.hasSubstance = true;
  }

  private take(until: number): void {
    this.statement.text += this.text.slice(this.start, until);
    this.start = until;
  }

  private *flush(): Generator<Step> {
    this.take(this.at);
    const done = this.statement;
    this.statement = new Statement();
    if (!done.hasSubstance) return;
    yield { kind: "sql", text: done.text, doubt: done.doubt };
    if (done.readsStdin()) yield* this.skipData();
  }

  /** The data begins on the next line; what stands behind the statement on its own line still runs, afterwards. */
  private *skipData(): Generator<Step> {
    const { text } = this;
    const line = text.indexOf("\n", this.at);
    if (line < 0) return;
    const mark = /^\\\.\r?$/m.exec(text.slice(line + 1));
    const end = mark === null ? text.length : line + 1 + mark.index;
    yield { kind: "data", text: text.slice(line + 1, end) };
    this.text = text.slice(0, line + 1) + text.slice(mark === null ? end : end + mark[0].length);
  }
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
