import { assignFish } from "./fish-set.js";
import { FishError, readFishWord, unforeseen } from "./fish-words.js";

/**
 * A text of fish in bash's spelling, for one judge to read both: the same programs, words, redirections and branches. Builtins
 * that only fish has keep their names, and are read as programs that nobody knows. What is no fish, or cannot be said in
 * bash, is an error, and whoever judges takes the text for one that cannot be foreseen.
 * https://fishshell.com/docs/current/language.html
 */
export function translateFish(text: string): { readonly text: string; readonly error: string | undefined } {
  try {
    // fish splits what a command prints at line ends alone.
    const start = /[(]/.test(text) ? "IFS=$'\\n'\n" : "";
    return { text: start + translate(text), error: undefined };
  } catch (cause) {
    if (cause instanceof FishError) return { text: "", error: `fish: ${cause.message}` };
    throw cause;
  }
}

interface Token {
  readonly kind: "word" | "redirect" | "operator" | "end";
  /** In bash's spelling. */
  readonly text: string;
  readonly plain: string | undefined;
}

function translate(text: string): string {
  const tokens = readTokens(text);
  const reader = { tokens, at: 0 };
  const list = readList(reader);
  if (reader.at < tokens.length) throw new FishError(`"${tokens[reader.at]?.text}" without a beginning`);
  return list;
}

const operators = /^(?:&&|\|\||&\||\d*>\||\||&(?![>&|])|;|\n)/;
const redirections = /^(?:&>>?\??|\d*(?:>>\??|>\??|<\??)&?)[ \t]*/;

function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    const [skipped = ""] = /^(?:[ \t\r]|\\\n)+|^#.*/.exec(rest) ?? [];
    const [operator] = operators.exec(rest) ?? [];
    const [redirect] = redirections.exec(rest) ?? [];
    if (skipped !== "") at += skipped.length;
    else if (operator !== undefined) {
      const isEnd = operator === ";" || operator === "\n";
      const spelled = /^\d*>\|$/.test(operator)
        ? `${operator.replace("|", "&1 |").replace(/^>&1 /, "")}`
        : operator;
      const text = spelled === "&|" ? "|&" : spelled;
      tokens.push({ kind: isEnd ? "end" : "operator", text, plain: undefined });
      at += operator.length;
    } else {
      const from = at + (redirect?.length ?? 0);
      const word = readFishWord(source, from, translate);
      if (word.end === from) throw new FishError(`"${source.charAt(from)}" at ${from}`);
      const sign = redirect?.trim().replace("?", "") ?? "";
      tokens.push(
        redirect === undefined
          ? { kind: "word", text: word.text, plain: word.plain }
          : { kind: "redirect", text: `${sign}${word.text}`, plain: undefined },
      );
      at = word.end;
    }
  }
  return tokens;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

/** Jobs up to `end`, `else`, `case` or the end of the text; those that begin with `and` or `or` hang on the one before. */
function readList(reader: Reader, isCondition = false): string {
  let text = "";
  for (;;) {
    const isFirst = text === "";
    while (reader.tokens[reader.at]?.kind === "end") reader.at += 1;
    const word = plainAt(reader);
    if (reader.tokens[reader.at] === undefined || (word !== undefined && closers.has(word))) return text;
    const joint = word === "and" ? " && " : word === "or" ? " || " : undefined;
    if (isCondition && !isFirst && joint === undefined) return text;
    if (joint !== undefined) reader.at += 1;
    const job = readJob(reader);
    text += isFirst ? job : `${joint === undefined || text.endsWith("&") ? "\n" : joint}${job}`;
  }
}

const closers = new Set(["end", "else", "case"]);

/** Statements with `|`, `&&`, `||` between them, up to a line's end or `;`. */
function readJob(reader: Reader): string {
  let text = readStatement(reader);
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token?.kind !== "operator") return text;
    reader.at += 1;
    text += ` ${token.text}`;
    if (token.text === "&") return text;
    while (reader.tokens[reader.at]?.kind === "end" && reader.tokens[reader.at]?.text === "\n")
      reader.at += 1;
    if (reader.tokens[reader.at] === undefined) throw new FishError(`nothing behind "${token.text}"`);
    text += ` ${readStatement(reader)}`;
  }
}

function readStatement(reader: Reader): string {
  const word = plainAt(reader);
  switch (word) {
    case "not":
    case "!":
      reader.at += 1;
      return `! ${readStatement(reader)}`;
    case "time":
      reader.at += 1;
      return `time ${readStatement(reader)}`;
    case "begin":
      reader.at += 1;
      return `{ ${readBlock(reader)}\n}${readEnd(reader)}`;
    case "if":
      reader.at += 1;
      return `${readBranches(reader)}\nfi${readEnd(reader)}`;
    case "while":
      reader.at += 1;
      return `while ${readList(reader, true)}\ndo ${readBlock(reader)}\ndone${readEnd(reader)}`;
    case "for": {
      const [name, , ...words] = readWords(reader).slice(1);
      return `for ${name?.text ?? ""} in ${words.map((each) => each.text).join(" ")}\ndo ${readBlock(reader)}\ndone${readEnd(reader)}`;
    }
    case "switch":
      return readSwitch(reader);
    case "function":
      return readFunction(reader);
    default:
      return readCommand(reader);
  }
}

function readBranches(reader: Reader): string {
  let text = `if ${readList(reader, true)}\nthen ${readBlock(reader)}`;
  while (plainAt(reader) === "else") {
    reader.at += 1;
    const isMore = plainAt(reader) === "if";
    if (isMore) reader.at += 1;
    text += isMore
      ? `\nelif ${readList(reader, true)}\nthen ${readBlock(reader)}`
      : `\nelse ${readBlock(reader)}`;
  }
  return text;
}

function readSwitch(reader: Reader): string {
  const [, subject] = readWords(reader);
  let text = `case ${subject?.text ?? ""} in`;
  while (reader.tokens[reader.at]?.kind === "end") reader.at += 1;
  while (plainAt(reader) === "case") {
    const patterns = readWords(reader).slice(1);
    // A quoted "*" is a pattern, too.
    const spelled = patterns.map((each) =>
      each.text.replace(/^'([^']*)'$/, (_, inside: string) => inside.replace(/[^\w*.-]/g, "\\$&")),
    );
    text += `\n(${spelled.join("|")}) ${readBlock(reader)}\n;;`;
  }
  return `${text}\nesac${readEnd(reader)}`;
}

/** What an event calls runs sooner or later, so it is read as called. */
function readFunction(reader: Reader): string {
  const [, name, ...options] = readWords(reader);
  if (name?.plain === undefined) throw new FishError("a function without a plain name");
  const at = options.findIndex((each) => /^(-a|--argument-names)$/.test(each.plain ?? ""));
  const rest = at < 0 ? [] : options.slice(at + 1);
  const stop = rest.findIndex((each) => each.plain?.startsWith("-"));
  const names = rest
    .slice(0, stop < 0 ? rest.length : stop)
    .map((each, index) => `${each.text}=\${${index + 1}}\n`);
  const isCalled = options.some((each) => /^(-[vesjp]|--on-.*)$/.test(each.plain ?? ""));
  const body = `${name.text}() { ${names.join("")}${readBlock(reader)}\n}${readEnd(reader)}`;
  return isCalled ? `${body}\n${name.text}` : body;
}

function readCommand(reader: Reader): string {
  const words: Token[] = [];
  const redirects: string[] = [];
  for (; ; reader.at += 1) {
    const token = reader.tokens[reader.at];
    if (token === undefined || token.kind === "end" || token.kind === "operator") break;
    if (token.kind === "word") words.push(token);
    else redirects.push(token.text);
  }
  const [first] = words;
  if (first === undefined) throw new FishError("a command is missing");
  return [spell(words), ...redirects].join(" ");
}

/** Builtins that have another name, or other words, in bash. */
function spell(words: readonly Token[]): string {
  const [name, ...rest] = words;
  const given = rest.map((word) => word.text);
  switch (name?.plain) {
    case "set":
      return assignFish(rest);
    case "fish_add_path":
      return `PATH=${given.filter((word) => !word.startsWith("-")).join(":")}:"$PATH"`;
    case "alias":
      return given.length === 2 && !/=/.test(given[0] ?? "")
        ? `alias ${given.join("=")}`
        : ["alias", ...given].join(" ");
    case "source":
    case ".":
      return `. ${given.length === 0 ? "/dev/stdin" : given.join(" ")}`;
    case "command":
      return [
        "command",
        ...given.map((word) => (/^(-[qsa]|--(query|search|all))$/.test(word) ? "-v" : word)),
      ].join(" ");
    case "prevd":
    case "nextd":
    case "cdh":
      return `cd ${unforeseen}`;
    default:
      // What bash takes for grammar is a name to fish.
      return [grammar.has(name?.plain ?? "") ? `'${name?.plain}'` : (name?.text ?? ""), ...given].join(" ");
  }
}

const grammar = new Set(
  "if then elif else fi do done case esac while until for select function coproc [[ { }".split(" "),
);

function readBlock(reader: Reader): string {
  const body = readList(reader);
  return body === "" ? ":" : body;
}

/** `end`, and what stands behind it up to an operator: redirections of the block. */
function readEnd(reader: Reader): string {
  if (plainAt(reader) !== "end") throw new FishError(`"end" is missing`);
  reader.at += 1;
  let text = "";
  for (; reader.tokens[reader.at]?.kind === "redirect"; reader.at += 1)
    text += ` ${reader.tokens[reader.at]?.text}`;
  return text;
}

/** The words of a block's head. */
function readWords(reader: Reader): readonly Token[] {
  const words: Token[] = [];
  for (; reader.tokens[reader.at]?.kind === "word"; reader.at += 1) {
    const word = reader.tokens[reader.at];
    if (word !== undefined) words.push(word);
  }
  return words;
}

function plainAt({ tokens, at }: Reader): string | undefined {
  return tokens[at]?.kind === "word" ? tokens[at]?.plain : undefined;
}
