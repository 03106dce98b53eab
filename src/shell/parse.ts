import { type Command, forEachChild, parse, type Script, type SyntaxNode } from "unbash";

export interface ParsedText {
  readonly script: Script;
  /** `unterminated double quote at 5`: the offset is in UTF-16 code units of the text (of the decoded text inside `\``). */
  readonly errors: readonly string[];
}

/** Text of any shell as a tree. What cannot be understood is an error beside the part that can. */
export function parseText(text: string): ParsedText {
  const script = parse(text);
  const { errors, splits } = look(script);
  if (splits.size === 0) return { script, errors };
  const whole = parse(join(text, splits));
  const again = look(whole);
  return { script: whole, errors: [...errors, ...again.errors, ...(again.splits.size > 0 ? [torn] : [])] };
}

interface Look {
  readonly errors: readonly string[];
  /** Where process substitutions begin that the parser tore off the word that they are a part of. */
  readonly splits: ReadonlySet<number>;
}

/** The parser keeps the errors of nested scripts on those scripts, and finds them only when somebody looks. */
function look(root: Script): Look {
  const errors = new Set<string>();
  const splits = new Set<number>();
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "Script" && "errors" in node) {
      for (const error of node.errors ?? []) errors.add(`${error.message} at ${error.pos}`);
    } else if (node.type === "Command") noteSplits(node, splits, errors);
    // `"${x:-$((/bin/rm -rf x $((y) ) ) )}"`: commands to bash; an open end that the parser says nothing of.
    else if (node.type === "ArithmeticExpansion" && !/(?:\)\)|\])$/.test(node.text))
      errors.add(`an arithmetic expression without its end at ${node.pos}`);
    if (node.type === "Word") {
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
    forEachChild(node, (child) => open.push(child));
  }
  return { errors: [...errors], splits };
}

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
