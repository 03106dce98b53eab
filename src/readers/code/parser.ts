import type { CodeLibrary, State } from "./cursor.js";
import { readExpression, readStatements } from "./expression.js";
import { type CodeNames, readNames } from "./names.js";
import { type LanguageName, syntaxes } from "./syntax.js";
import { type CodeToken, readTokens } from "./tokens.js";
import type { CodeCall } from "./values.js";

/** All calls of a text, in order, whether they come to run or not. */
export function readCalls(text: string, language: LanguageName, library: CodeLibrary): readonly CodeCall[] {
  const tokens = readTokens(text, syntaxes[language]);
  const names = readNames(tokens, language);
  const first = run(text, tokens, language, library, names, new Map());
  if (names.functions.size === 0) return first;
  // Once more, with what the text passes to its own functions.
  const passed = new Map<string, CodeCall[]>();
  for (const call of first) {
    const name = call.name.slice(call.name.lastIndexOf(".") + 1);
    if (names.functions.has(name)) passed.set(name, [...(passed.get(name) ?? []), call]);
  }
  return run(text, tokens, language, library, names, passed);
}

function run(
  text: string,
  tokens: readonly CodeToken[],
  language: LanguageName,
  library: CodeLibrary,
  names: CodeNames,
  passed: ReadonlyMap<string, readonly CodeCall[]>,
): readonly CodeCall[] {
  const state: State = {
    read: readExpression,
    readAll: readStatements,
    language,
    library,
    names,
    main: { tokens, text },
    passed,
    known: new Map(),
    busy: new Set(),
    resolved: new Map(),
    tests: undefined,
    locals: new Map(),
    calls: [],
    cwd: undefined,
  };
  readStatements({ state, tokens, text, at: 0, nest: 0, depth: 0, notes: true, base: undefined });
  return state.calls;
}
