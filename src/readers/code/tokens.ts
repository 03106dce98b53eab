import { type Piece, type Quoted, readQuoted } from "./strings.js";
import type { CodeSyntax, StringForm } from "./syntax.js";

export interface CodeToken {
  readonly kind: "name" | "number" | "symbol" | "newline" | "pattern" | StringForm["kind"];
  /** Of a name or a symbol; of all else as written. */
  readonly text: string;
  /** Of a string: what stands in it. */
  readonly pieces: readonly Piece[];
  readonly start: number;
  readonly end: number;
  /** White space stands in front. */
  readonly spaced: boolean;
}

/** Comments are left out; what is no word of the language is a symbol of one letter. */
export function readTokens(text: string, syntax: CodeSyntax): readonly CodeToken[] {
  const state: State = { text, syntax, tokens: [], at: 0, spaced: false, skip: undefined };
  while (state.at < text.length) readToken(state);
  return state.tokens;
}

interface State {
  readonly text: string;
  readonly syntax: CodeSyntax;
  readonly tokens: CodeToken[];
  at: number;
  spaced: boolean;
  /** Where the heredocs end that began on this line. */
  skip: number | undefined;
}

const number = /\d[\d_]*(?:\.(?=\d))?[\w]*/y;
const symbols =
  /===|!==|\?->|:::|\.\.\.|\*\*|=>|==|!=|->|<-|::|\?\.|&\.|\?\?|\|\||&&|\|>|<>|=~|!~|<=|>=|\+=|-=|\*=|\/=|\.=|:=|<<|>>|\.\.|\/\//y;

function readToken(state: State): void {
  const { text, syntax } = state;
  const letter = text.charAt(state.at);
  if (letter === "\n") {
    readNewline(state);
    return;
  }
  if (/\s/.test(letter)) {
    state.at += 1;
    state.spaced = true;
    return;
  }
  if (letter === "\\" && /[\r\n]/.test(text.charAt(state.at + 1))) {
    state.at += 2;
    state.spaced = true;
    return;
  }
  const comment = match(state, syntax.comments);
  if (comment !== undefined && comment !== "") {
    state.at += comment.length;
    state.spaced = true;
    return;
  }
  if (syntax.heredoc !== undefined && letter === "<" && readHeredoc(state, syntax.heredoc)) return;
  if (letter === ":" && readAtom(state)) return;
  if (readString(state)) return;
  const pattern =
    syntax.patterns !== undefined && mayBegin(state) ? match(state, syntax.patterns) : undefined;
  if (pattern !== undefined) {
    push(state, "pattern", pattern);
    return;
  }
  const digits = /\d/.test(letter) ? match(state, number) : undefined;
  if (digits !== undefined) {
    push(state, "number", digits);
    return;
  }
  const name = match(state, syntax.name);
  if (name !== undefined) {
    push(state, "name", name);
    return;
  }
  push(state, "symbol", match(state, symbols) ?? letter);
}

function match({ text, at }: State, pattern: RegExp): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function push(state: State, kind: CodeToken["kind"], text: string, quoted?: Quoted): void {
  const end = quoted?.end ?? state.at + text.length;
  state.tokens.push({ kind, text, pieces: quoted?.pieces ?? [], start: state.at, end, spaced: state.spaced });
  state.at = end;
  state.spaced = false;
}

function readNewline(state: State): void {
  push(state, "newline", "\n");
  state.spaced = true;
  if (state.skip !== undefined) state.at = state.skip;
  state.skip = undefined;
}

function readString(state: State): boolean {
  const { text, at, syntax } = state;
  if (!/["'`%<[~rbfuqtRBFUT]/.test(text.charAt(at))) return false;
  for (const form of syntax.strings) {
    form.opens.lastIndex = at;
    const found = form.opens.exec(text);
    if (found === null) continue;
    // `% w` divides; `%w(` behind a value too, as far as anybody writes that.
    if (found[0].startsWith("%") && !mayBegin(state)) continue;
    const quote = found[1] ?? found[2] ?? found[3] ?? "";
    const quoted = readQuoted(text, at + found[0].length, quote, form);
    push(state, form.kind, text.slice(at, quoted.end), quoted);
    return true;
  }
  return false;
}

/** Ruby's and Elixir's `:delete` is a text; `:os.cmd` of Elixir a module. */
function readAtom(state: State): boolean {
  const { text, at, syntax } = state;
  if (!syntax.atoms || /[\w:)\]"'?!]/.test(text.charAt(at - 1))) return false;
  atom.lastIndex = at;
  const name = atom.exec(text)?.[1];
  if (name === undefined) return false;
  const end = at + name.length + 1;
  if (syntax.members.has(".") && !syntax.members.has("&.") && text.charAt(end) === ".")
    push(state, "name", `:${name}`);
  else push(state, "text", `:${name}`, { pieces: [name], end });
  return true;
}

const atom = /:([A-Za-z_]\w*[!?]?)/y;

/** The body begins on the next line, behind that of another heredoc of this line. */
function readHeredoc(state: State, opens: RegExp): boolean {
  const { text, at } = state;
  opens.lastIndex = at;
  const [whole = "", , quote = "", name = ""] = opens.exec(text) ?? [];
  if (name === "") return false;
  const newline = text.indexOf("\n", at);
  const start = state.skip ?? (newline < 0 ? text.length : newline + 1);
  const close = new RegExp(`^[ \\t]*${name}\\b`, "m").exec(text.slice(start));
  const end = close === null ? text.length : start + close.index;
  const form: StringForm = {
    opens,
    kind: "text",
    holes: quote === "'" ? "none" : holesOf(state),
    escapes: "none",
  };
  const body = text.slice(start, end);
  const { pieces } = readQuoted(body, 0, "", form);
  push(state, quote === "`" ? "command" : "text", whole, { pieces, end: at + whole.length });
  const behind = text.indexOf("\n", end);
  // PHP goes on behind the closing word.
  state.skip = whole.startsWith("<<<")
    ? end + (close?.[0].length ?? 0)
    : behind < 0
      ? text.length
      : behind + 1;
  return true;
}

function holesOf({ syntax }: State): StringForm["holes"] {
  return syntax.strings.find(({ holes, kind }) => kind === "text" && holes !== "none")?.holes ?? "none";
}

/** Whether a value may begin here, so that a slash divides nothing. */
function mayBegin({ tokens, syntax, text, at, spaced }: State): boolean {
  const last = tokens.at(-1);
  if (last === undefined || last.kind === "newline") return true;
  if (last.kind === "symbol") return !/^[)\]}]$/.test(last.text);
  if (last.kind !== "name") return false;
  if (/^(return|typeof|case|and|or|not|if|unless|when|split|grep|while)$/.test(last.text)) return true;
  return syntax.bare === "names" && spaced && !/\s/.test(text.charAt(at + 1)) && !/^[$@]/.test(last.text);
}
