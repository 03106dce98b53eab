import {
  type Command,
  forEachChild,
  type ParsedScript,
  parse,
  type Script,
  type Statement,
  type SyntaxNode,
} from "unbash";

export interface ParsedText {
  readonly script: Script;
  /** `unterminated double quote at 5`: the offset is in UTF-16 code units of the text (of the decoded text inside `\``). */
  readonly errors: readonly string[];
  /** It goes deeper than is looked: what lies there was not seen by anybody. */
  readonly isCut: boolean;
}

/**
 * Substitutions in substitutions. The parser reads on from the start of each whenever it is asked what is in one, so that looking
 * costs the text's length at each level; nothing is expanded below this one either.
 */
export const deepest = 32;
/** Of one text: more say nothing new. */
const mostErrors = 100;

/** Text of any shell as a tree. What cannot be understood is an error beside the part that can. */
export function parseText(text: string): ParsedText {
  const end = Math.min(floodStart(text) ?? text.length, depthsStart(text) ?? text.length);
  if (end < text.length) return { ...parseText(text.slice(0, end)), isCut: true };
  const script = parse(text);
  const first = look(script, text);
  if (first.splits.size === 0) return { script, errors: listErrors(first.errors), isCut: first.isCut };
  const joined = join(text, first.splits);
  const whole = parse(joined);
  const again = look(whole, joined);
  const errors = [...first.errors, ...again.errors, ...(again.splits.size > 0 ? [torn] : [])];
  return { script: whole, errors: listErrors(errors), isCut: first.isCut || again.isCut };
}

/**
 * Where a line has more here-documents than anybody writes: the parser looks through all of a line for each of them, which takes
 * seconds for some thousands. What stands before is read.
 */
function floodStart(text: string): number | undefined {
  let count = 0;
  for (const { 0: mark, index } of text.matchAll(/<<|\n/g)) {
    count = mark === "\n" ? 0 : count + 1;
    if (count > mostHereDocs) return index;
  }
  return undefined;
}

const mostHereDocs = 2000;

/**
 * Where sums in sums, `$((1+$((1+…`, go deeper than anybody writes: the parser reads each from its start, all at once. And where so many
 * substitutions are open that the text never closes: all behind is in them, and no shell would run any of it.
 */
function depthsStart(text: string): number | undefined {
  const open: number[] = [];
  let sums = 0;
  for (const { 0: mark, index } of text.matchAll(/\$\(\(?|\$\[|\)\)?|\]/g)) {
    if (mark.startsWith("$")) open.push(index);
    else open.pop();
    if (mark === "$((" || mark === "$[") sums += 1;
    else if (mark !== "$(" && mark !== ")") sums = Math.max(0, sums - 1);
    if (sums > mostOpen) return index;
  }
  return open[mostOpen];
}

const mostOpen = 64;

function listErrors(errors: readonly string[]): readonly string[] {
  const more = errors.length - mostErrors;
  return more > 0 ? [...errors.slice(0, mostErrors), `${more} more errors`] : errors;
}

interface Look {
  readonly errors: readonly string[];
  /** Where process substitutions begin that the parser tore off the word that they are a part of. */
  readonly splits: ReadonlySet<number>;
  readonly isCut: boolean;
}

/** What the parser reads anew for each in which it stands. */
const levels: ReadonlySet<SyntaxNode["type"]> = new Set([
  "Script",
  "ArithmeticExpansion",
  "ParameterExpansion",
]);

/** The parser keeps the errors of nested scripts on those scripts, and finds them only when somebody looks. */
function look(root: ParsedScript, text: string): Look {
  const errors = new Set<string>();
  const splits = new Set<number>();
  const open: { readonly node: SyntaxNode; readonly depth: number }[] = [];
  let isCut = false;
  const note = (script: Pick<ParsedScript, "errors">): void => {
    for (const error of script.errors ?? []) {
      errors.add(`${error.message} at ${error.pos}`);
      // The parser's own bound: it takes all that lies deeper for letters.
      if (/nesting depth exceeded$/.test(error.message)) isCut = true;
    }
  };
  note(root);
  for (const command of worthLooking(root, text)) open.push({ node: command, depth: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next;
    const depth = levels.has(node.type) ? next.depth + 1 : next.depth;
    if (depth > deepest) {
      isCut = true;
      continue;
    }
    if (node.type === "Script" && "errors" in node) note(node);
    else if (node.type === "Command") noteSplits(node, splits, errors);
    // `"${x:-$((/bin/rm -rf x $((y) ) ) )}"`: commands to bash; an open end that the parser says nothing of.
    else if (node.type === "ArithmeticExpansion" && !/(?:\)\)|\])$/.test(node.text))
      errors.add(`an arithmetic expression without its end at ${node.pos}`);
    // `e1[ $(/bin/rm -rf x) ]`: an index with spaces to the parser, and letters; words to bash.
    else if (node.type === "Glob" && node.kind === "bracket")
      for (const part of node.parts ?? [])
        if (part.type === "Literal" && /(?<!\\)(?:\$\(|`)/.test(part.text))
          errors.add(`commands within letters at ${part.pos}`);
    if (node.type === "Word") {
      if (!holdsMore.test(node.text)) continue;
      const behind = afterDescriptor.exec(node.text)?.[0].length;
      if (behind !== undefined && !node.parts?.some((part) => part.type === "ProcessSubstitution"))
        splits.add(node.pos + behind);
      if (node.parts === undefined) {
        // `a=($(/bin/rm -rf x))1`: letters to the parser; bash runs it.
        if (node.text.includes("(") && /(?<!\\)(?:\$\(|`)/.test(node.text))
          errors.add(`commands within letters at ${node.pos}`);
        continue;
      }
    }
    forEachChild(node, (child) => open.push({ node: child, depth }));
  }
  return { errors: [...errors], splits, isCut };
}

/** Statements in which something may stand. Of a here-document the body may lie behind the next one. */
function worthLooking({ commands }: ParsedScript, text: string): readonly Statement[] {
  return commands.filter(({ pos }, at) => {
    const own = text.slice(pos, commands[at + 1]?.pos);
    return holdsMore.test(own) || own.includes("<<");
  });
}

/** Scripts and sums stand in `$(…)`, `<(…)`, `((…))`, backquotes, `$[…]` and `${…}`: what has none of their letters holds none. */
const holdsMore = /[(`]|\$[[{]/;

/** `echo 2>(/bin/rm -rf x)`: letters to the parser; bash runs it. */
const afterDescriptor = /^(?:\d+|\{.*?\})(?=[<>]\()/s;

/** `x=<(:) eval '…'`, `> a<(:) rm x`: to the parser a program `<(:)` that is given the true one's name. */
function noteSplits(command: Command, splits: Set<number>, errors: Set<string>): void {
  const { prefix, name, suffix } = command;
  let last: { readonly pos: number; readonly end: number; readonly isFile: boolean } | undefined;
  for (const each of name === undefined ? prefix : [...prefix, name, ...suffix]) {
    const word = each.type === "Redirect" ? each.target : each;
    const isFile = word?.type === "Word" && substitution.test(word.text);
    if (last?.end === each.pos && each.type === "Word" && (isFile || last.isFile)) {
      splits.add(isFile ? each.pos : last.pos);
      if (each === name) errors.add(`${torn} at ${each.pos}`);
    }
    last = { pos: word?.pos ?? each.pos, end: each.end, isFile };
  }
}

const substitution = /^[<>]\(/;
const torn = "a process substitution within a word";

/** Written as one that prints, of the same length: its commands are found, and the words are the shell's. */
function join(text: string, splits: ReadonlySet<number>): string {
  return [...splits]
    .filter((at) => substitution.test(text.slice(at, at + 2)))
    .sort((a, b) => b - a)
    .reduce((before, at) => `${before.slice(0, at)}$${before.slice(at + 1)}`, text);
}
