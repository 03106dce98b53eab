import { readImport } from "./imports.js";
import { readPattern } from "./patterns.js";
import { type LanguageName, syntaxes } from "./syntax.js";
import type { CodeToken } from "./tokens.js";

/** What gives a name its value. `at`: the token that the expression begins with. */
export type Binding =
  | { readonly kind: "value"; readonly at: number }
  /** Each element of it; `part`: of a pair or a triple. `loop`: the token behind the loop's head. */
  | { readonly kind: "each"; readonly at: number; readonly part: number | undefined }
  /** `const {rm} = require("fs")` */
  | { readonly kind: "member"; readonly at: number; readonly member: string }
  | { readonly kind: "module"; readonly name: string }
  /** An argument of a function of this text. */
  | { readonly kind: "argument"; readonly of: string; readonly position: number }
  | { readonly kind: "hidden" };

export interface CodeNames {
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  /** Functions that this text declares. */
  readonly functions: ReadonlySet<string>;
}

/** Looks once over the text for assignments, loops, imports and parameters, wherever they stand. */
export function readNames(tokens: readonly CodeToken[], language: LanguageName): CodeNames {
  const scan: Scan = { tokens, language, bindings: new Map(), functions: new Set(), brackets: [], withs: -1 };
  for (let at = 0; at < tokens.length; at += 1) readAt(scan, at);
  return scan;
}

interface Scan {
  readonly tokens: readonly CodeToken[];
  readonly language: LanguageName;
  readonly bindings: Map<string, Binding[]>;
  readonly functions: Set<string>;
  readonly brackets: string[];
  /** Where the expression of a `with` begins; -1 outside. */
  withs: number;
}

function bind({ bindings }: Scan, name: string, binding: Binding): void {
  const all = bindings.get(name);
  if (all === undefined) bindings.set(name, [binding]);
  else if (all.length < 20) all.push(binding);
}

function textAt({ tokens }: Scan, at: number): string {
  const token = tokens[at];
  return token === undefined || (token.kind !== "name" && token.kind !== "symbol") ? "" : token.text;
}

function nameAt({ tokens }: Scan, at: number): string | undefined {
  const token = tokens[at];
  return token?.kind === "name" ? token.text : undefined;
}

function readAt(scan: Scan, at: number): void {
  const token = scan.tokens[at];
  if (token === undefined) return;
  if (token.kind === "symbol") {
    if (/^[([{]$/.test(token.text)) scan.brackets.push(token.text);
    else if (/^[)\]}]$/.test(token.text)) scan.brackets.pop();
    else if (token.text === "," && scan.withs >= 0 && scan.brackets.length === 0) scan.withs = at + 1;
    return;
  }
  if (token.kind === "newline") scan.withs = -1;
  if (token.kind !== "name") return;
  const before = textAt(scan, at - 1);
  if (syntaxes[scan.language].members.has(before)) return;
  readAssignment(scan, at, token.text, before);
  const { language } = scan;
  const next = nameAt(scan, at + 1);
  switch (token.text) {
    case "for":
    case "foreach":
      readLoop(scan, at);
      break;
    case "map":
    case "grep":
      readPerlBlock(scan, at);
      break;
    case "import":
    case "from":
      for (const one of readImport(scan.tokens, at, language))
        bind(scan, one.name, { kind: "module", name: one.module });
      break;
    case "with":
      if (language === "python") scan.withs = at + 1;
      break;
    case "as":
      if (scan.withs >= 0 && next !== undefined) bind(scan, next, { kind: "value", at: scan.withs });
      break;
    case "def":
    case "function":
    case "sub":
    case "func":
      readFunction(scan, at);
      break;
    default:
  }
}

const declares = /^(const|let|var|my|our|local|auto|def|val|final)$/;

function readAssignment(scan: Scan, at: number, name: string, before: string): void {
  const operator = textAt(scan, at + 1);
  if (operator === "<-") {
    bind(scan, name, { kind: scan.language === "r" ? "value" : "each", at: at + 2, part: undefined });
    return;
  }
  if (/^(\+=|-=|\*=|\/=|\.=)$/.test(operator)) {
    bind(scan, name, { kind: "hidden" });
    return;
  }
  if (declares.test(name)) {
    readDestructuring(scan, at);
    return;
  }
  if (operator !== "=" && operator !== ":=") return;
  const inside = scan.brackets.at(-1);
  const { named } = syntaxes[scan.language];
  // `f(path="x")` names an argument, `{method = "GET"}` a field of a table.
  if (inside !== undefined && named.includes(inside)) return;
  // `a, b = 1, 2`
  const isPart =
    before === "," && inside === undefined && /^(python|ruby|lua|elixir|julia)$/.test(scan.language);
  bind(scan, name, isPart ? { kind: "hidden" } : { kind: "value", at: at + 2 });
  if (isPart) return;
  readArrow(scan, at, name);
}

/** `const {rmSync: r, rm} = require("fs")`, `const [wipe] = [fs.rm]`, `my ($a) = @_`: what is not plain stays unknown. */
function readDestructuring(scan: Scan, at: number): void {
  const close = closeOf(scan, at + 1);
  if (textAt(scan, close + 1) !== "=") return;
  if (textAt(scan, at + 1) === "[")
    for (let index = at + 2; index < close; index += 1) {
      const name = nameAt(scan, index);
      if (name !== undefined) bind(scan, name, { kind: "each", at: close + 2, part: undefined });
    }
  if (textAt(scan, at + 1) !== "{") return;
  for (const { name, member } of readPattern(scan.tokens, at + 1))
    bind(scan, name, { kind: "member", at: close + 2, member });
}

/** `const wipe = (p) => …`, `wipe = lambda p: …`, `wipe = function(p) …` */
function readArrow(scan: Scan, at: number, name: string): void {
  let index = at + 2;
  while (/^(async|function|lambda)$/.test(textAt(scan, index))) index += 1;
  const isFunction = index > at + 2;
  if (textAt(scan, index) === "(") {
    const close = closeOf(scan, index);
    if (isFunction || textAt(scan, close + 1) === "=>") declare(scan, name, index + 1, close);
  } else if (textAt(scan, index + 1) === "=>") declare(scan, name, index, index + 1);
  else if (isFunction && textAt(scan, index - 1) === "lambda") {
    let end = index;
    while (end < scan.tokens.length && textAt(scan, end) !== ":") end += 1;
    declare(scan, name, index, end);
  }
}

function readFunction(scan: Scan, at: number): void {
  const name = nameAt(scan, at + 1);
  if (name === undefined) return;
  const opens = textAt(scan, at + 2) === "(" ? at + 2 : -1;
  if (opens < 0) scan.functions.add(name);
  else declare(scan, name, opens + 1, closeOf(scan, opens));
}

/** Parameters between two tokens, in order; their types and defaults are passed over. */
function declare(scan: Scan, name: string, start: number, end: number): void {
  scan.functions.add(name);
  let position = 0;
  let depth = 0;
  let fresh = true;
  for (let at = start; at < end && at < scan.tokens.length; at += 1) {
    const text = textAt(scan, at);
    if (/^[([{]$/.test(text)) depth += 1;
    if (/^[)\]}]$/.test(text)) depth -= 1;
    if (text === "," && depth === 0) {
      position += 1;
      fresh = true;
      continue;
    }
    const parameter = nameAt(scan, at);
    if (parameter === undefined || depth > 0 || !fresh) continue;
    // PHP and Java say the type first.
    if (nameAt(scan, at + 1) !== undefined && scan.language !== "python") continue;
    bind(scan, parameter, { kind: "argument", of: name, position });
    fresh = false;
  }
}

function closeOf({ tokens }: Scan, opens: number): number {
  let depth = 0;
  for (let at = opens; at < Math.min(tokens.length, opens + 400); at += 1) {
    const token = tokens[at];
    if (token?.kind !== "symbol") continue;
    if (/^[([{]$/.test(token.text)) depth += 1;
    if (/^[)\]}]$/.test(token.text)) depth -= 1;
    if (depth === 0) return at;
  }
  return opens;
}

/** `for f in X`, `for (const f of X)`, `foreach (X as $k => $f)`, `for my $f (X)`, `EXPR for X`, `for _, f in pairs(X)`. */
function readLoop(scan: Scan, at: number): void {
  let index = at + 1;
  const isOpen = textAt(scan, index) === "(";
  if (isOpen) index += 1;
  if (scan.language === "php") {
    readPhpLoop(scan, index);
    return;
  }
  while (declares.test(textAt(scan, index))) index += 1;
  const names: string[] = [];
  let end = index;
  for (; end < index + 12; end += 1) {
    const text = textAt(scan, end);
    const name = nameAt(scan, end);
    if (/^(in|of|<-|∈)$/.test(text)) break;
    if (name !== undefined) names.push(name);
    else if (!/^[,[(){}\]]$/.test(text)) break;
  }
  if (/^(in|of|<-)$/.test(textAt(scan, end))) {
    const start = end + 1;
    names.forEach((name, part) => {
      bind(scan, name, { kind: "each", at: start, part: names.length > 1 ? part : undefined });
    });
    return;
  }
  if (scan.language !== "perl") return;
  const name = !isOpen && names[0]?.startsWith("$") && textAt(scan, index + 1) === "(" ? names[0] : undefined;
  bind(scan, name ?? "$_", { kind: "each", at: name === undefined ? at + 1 : index + 1, part: undefined });
}

function readPhpLoop(scan: Scan, start: number): void {
  for (let at = start; at < Math.min(scan.tokens.length, start + 200); at += 1) {
    if (textAt(scan, at) !== "as") continue;
    const first = nameAt(scan, at + 1);
    const second = textAt(scan, at + 2) === "=>" ? nameAt(scan, at + 3) : undefined;
    const name = second ?? first;
    if (name !== undefined) bind(scan, name, { kind: "each", at: start, part: undefined });
    return;
  }
}

/** `map { unlink $_ } glob("*.log")` */
function readPerlBlock(scan: Scan, at: number): void {
  if (scan.language !== "perl" || textAt(scan, at + 1) !== "{") return;
  const close = closeOf(scan, at + 1);
  bind(scan, "$_", { kind: "each", at: close + 1, part: undefined });
}
