import { forEachChild, parse, type Script, type SyntaxNode } from "unbash";

export interface ParsedText {
  readonly script: Script;
  /** `unterminated double quote at 5`: the offset is in UTF-16 code units of the text (of the decoded text inside `\``). */
  readonly errors: readonly string[];
}

/** Text of any shell as a tree. What cannot be understood is an error beside the part that can. */
export function parseText(text: string): ParsedText {
  const script = parse(text);
  return { script, errors: gatherErrors(script) };
}

/** The parser keeps the errors of nested scripts on those scripts, and finds them only when somebody looks. */
function gatherErrors(root: Script): readonly string[] {
  const errors = new Set<string>();
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "Script" && "errors" in node) {
      for (const error of node.errors ?? []) errors.add(`${error.message} at ${error.pos}`);
    }
    if (node.type === "Word" && node.parts === undefined) continue;
    forEachChild(node, (child) => open.push(child));
  }
  return [...errors];
}
