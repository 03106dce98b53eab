import { Lexer, parse } from "yaml";

/**
 * What a YAML text says. Throws where it is none, or too much: files of the agent's own are read while its calls wait. Deep ones
 * end Node inside the parser, past every `catch` (`services: [[[[…`); keys of thousands are compared each with all.
 */
export function parseYaml(text: string, { merge = false }: { readonly merge?: boolean } = {}): unknown {
  if (isDeepYaml(text)) throw new Error("nested too deep to be read");
  return parse(text, { merge, logLevel: "error", uniqueKeys: false, maxAliasCount: 100 });
}

/** Deeper than anybody writes. Collections as keys (`? ? ? a`) take the cube of their depth. */
export function isDeepYaml(text: string): boolean {
  let flow = 0;
  let keys = 0;
  /** How far to the right its first word stands, of the line that is read. */
  let column = 0;
  let isBefore = true;
  for (const token of new Lexer().lex(text)) {
    // How the lexer marks that a document begins.
    if (token === "\u0002") continue;
    if (/^\r?\n$/.test(token)) {
      column = 0;
      isBefore = true;
    } else if (token === "[" || token === "{") flow += 1;
    else if (token === "]" || token === "}") flow = Math.max(0, flow - 1);
    else if (token === "?") keys += 1;
    isBefore &&= /^(?:[-?:]|[ \t\r\n]+)$/.test(token);
    if (isBefore) column += token.length;
    if (flow > mostFlows || keys > mostKeys || column > mostColumns) return true;
  }
  return false;
}

const mostFlows = 64;
const mostKeys = 64;
const mostColumns = 400;
