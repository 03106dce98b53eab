import { textOf } from "./cursor.js";
import type { CodeToken } from "./tokens.js";

/** A name, and the member that it gets; of an inner pattern with dots between: `promises.rm`. */
export interface PatternName {
  readonly name: string;
  readonly member: string;
}

/** `{rmSync: r, rm, ["unlink"]: u, promises: {rm: p}}`, whose brace stands at `opens`. */
export function readPattern(tokens: readonly CodeToken[], opens: number): readonly PatternName[] {
  const found: PatternName[] = [];
  const fronts: string[] = [];
  let front = "";
  for (let at = opens + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    const symbol = token?.kind === "symbol" ? token.text : "";
    if (symbol === "}") {
      if (fronts.length === 0) return found;
      front = fronts.pop() ?? "";
      continue;
    }
    const key = token?.kind === "name" ? token.text : textOf(token);
    if (key === undefined) continue;
    if (isSymbol(tokens[at + 1], "]")) at += 1;
    const member = front + key;
    if (!isSymbol(tokens[at + 1], ":")) {
      found.push({ name: key, member });
      continue;
    }
    at += 2;
    const value = tokens[at];
    if (isSymbol(value, "{")) {
      fronts.push(front);
      front = `${member}.`;
    } else if (value?.kind === "name") found.push({ name: value.text, member });
  }
  return found;
}

function isSymbol(token: CodeToken | undefined, text: string): boolean {
  return token?.kind === "symbol" && token.text === text;
}
