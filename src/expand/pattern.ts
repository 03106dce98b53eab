/**
 * Shell patterns without regular expressions: matching walks sets of positions, so that no pattern of an attacker
 * (`*a*a*a*…`) makes it run for long.
 * https://www.gnu.org/software/bash/manual/html_node/Pattern-Matching.html
 */
export interface Pattern {
  readonly nodes: readonly Node[];
}

type Node =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "one" }
  | { readonly kind: "star" }
  | { readonly kind: "set"; readonly negated: boolean; readonly has: (char: string) => boolean }
  | { readonly kind: "group"; readonly operator: string; readonly choices: readonly (readonly Node[])[] };

/** `\` quotes the next character, as word.ts writes what stood in quotes. */
export function compilePattern(source: string, extended: boolean): Pattern {
  return { nodes: readNodes({ source, at: 0, extended, open: new Set(), isOpen: false }, "") };
}

export function matchesWhole(pattern: Pattern, text: string): boolean {
  work = 0;
  return ends(pattern.nodes, text, starts(text, 0))[text.length] === 1;
}

/** Every length of `text` from `from` on that the pattern matches, shortest first. */
export function matchLengths(pattern: Pattern, text: string, from: number): readonly number[] {
  const lengths: number[] = [];
  work = 0;
  ends(pattern.nodes, text, starts(text, from)).forEach((flag, at) => {
    if (flag === 1) lengths.push(at - from);
  });
  return lengths;
}

export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]!^\-()|@+]/g, "\\$&");
}

interface Cursor {
  readonly source: string;
  at: number;
  readonly extended: boolean;
  /** Where groups begin that nothing closes. */
  readonly open: Set<number>;
  /** Such a group was met: those around it have no end either. */
  isOpen: boolean;
}

function readNodes(cursor: Cursor, stops: string): readonly Node[] {
  const nodes: Node[] = [];
  while (cursor.at < cursor.source.length && !cursor.isOpen) {
    const char = cursor.source.charAt(cursor.at);
    if (stops.includes(char) && stops !== "") break;
    const group = readGroup(cursor, char);
    if (stops === "") cursor.isOpen = false;
    nodes.push(group ?? readOne(cursor, char));
  }
  return nodes;
}

function readGroup(cursor: Cursor, char: string): Node | undefined {
  if (!cursor.extended || !"?*+@!".includes(char) || cursor.source[cursor.at + 1] !== "(") return undefined;
  if (cursor.open.has(cursor.at)) return undefined;
  const begin = cursor.at;
  cursor.at += 2;
  const choices: (readonly Node[])[] = [];
  for (;;) {
    choices.push(readNodes(cursor, "|)"));
    const end = cursor.isOpen ? undefined : cursor.source[cursor.at];
    cursor.at += 1;
    if (end === ")") return { kind: "group", operator: char, choices };
    if (end === undefined) break;
  }
  // Each read anew by those around it, `@(@(@(…` would take for ever.
  cursor.isOpen = true;
  cursor.open.add(begin);
  cursor.at = begin;
  return undefined;
}

function readOne(cursor: Cursor, char: string): Node {
  cursor.at += 1;
  if (char === "*") return { kind: "star" };
  if (char === "?") return { kind: "one" };
  if (char === "[") return readSet(cursor) ?? { kind: "char", char };
  if (char !== "\\" || cursor.at >= cursor.source.length) return { kind: "char", char };
  const quoted = cursor.source.charAt(cursor.at);
  cursor.at += 1;
  return { kind: "char", char: quoted };
}

/** After `[`. Without a closing bracket it is a plain character. */
function readSet(cursor: Cursor): Node | undefined {
  const { source } = cursor;
  let at = cursor.at;
  const negated = source[at] === "!" || source[at] === "^";
  if (negated) at += 1;
  const tests: ((char: string) => boolean)[] = [];
  for (let first = true; ; first = false) {
    const char = source[at];
    if (char === undefined) return undefined;
    if (char === "]" && !first) break;
    const named = /^\[:(\w+):\]/.exec(source.slice(at, at + 16));
    if (named?.[1] !== undefined) {
      tests.push(classes.get(named[1]) ?? (() => false));
      at += named[0].length;
      continue;
    }
    const low = readSetChar(source, at);
    at = low.next;
    if (source[at] === "-" && source[at + 1] !== undefined && source[at + 1] !== "]") {
      const high = readSetChar(source, at + 1);
      at = high.next;
      tests.push((one) => one >= low.char && one <= high.char);
    } else tests.push((one) => one === low.char);
  }
  cursor.at = at + 1;
  return { kind: "set", negated, has: (char) => tests.some((test) => test(char)) };
}

function readSetChar(source: string, at: number): { readonly char: string; readonly next: number } {
  const quoted = source[at] === "\\" && at + 1 < source.length;
  return quoted ? { char: source.charAt(at + 1), next: at + 2 } : { char: source.charAt(at), next: at + 1 };
}

// Functions: V8 takes long for the classes of Unicode, even to make the expressions.
const classes: ReadonlyMap<string, (char: string) => boolean> = new Map(
  Object.entries({
    alpha: (char) => /\p{L}/u.test(char),
    digit: (char) => /[0-9]/.test(char),
    alnum: (char) => /[\p{L}\p{N}]/u.test(char),
    upper: (char) => /\p{Lu}/u.test(char),
    lower: (char) => /\p{Ll}/u.test(char),
    space: (char) => /\s/.test(char),
    blank: (char) => /[ \t]/.test(char),
    punct: (char) => /[!-/:-@[-`{-~]/.test(char),
    print: (char) => /[^\x00-\x1f\x7f]/.test(char),
    graph: (char) => /[^\x00-\x20\x7f]/.test(char),
    cntrl: (char) => /[\x00-\x1f\x7f]/.test(char),
    xdigit: (char) => /[0-9A-Fa-f]/.test(char),
    word: (char) => /\w/.test(char),
  }),
);

function starts(text: string, at: number): Uint8Array {
  const flags = new Uint8Array(text.length + 1);
  flags[at] = 1;
  return flags;
}

/** The positions at which a match may end when it may begin at any of `from`. */
function ends(nodes: readonly Node[], text: string, from: Uint8Array): Uint8Array {
  let flags = from;
  for (const node of nodes) flags = step(node, text, flags);
  return flags;
}

/** `+(+(+(a)))`: each level doubles what the one inside has to do. Whoever expands takes the error for a limit. */
const mostWork = 2_000_000;
let work = 0;

function step(node: Node, text: string, from: Uint8Array): Uint8Array {
  work += text.length + 32;
  if (work > mostWork) throw new Error("the pattern takes too long");
  const to = new Uint8Array(text.length + 1);
  if (node.kind === "group") return stepGroup(node.operator, node.choices, text, from);
  if (node.kind === "star") {
    const first = from.indexOf(1);
    return first < 0 ? to : to.fill(1, first);
  }
  for (let at = 0; at < text.length; at++) {
    if (from[at] !== 1) continue;
    const char = text.charAt(at);
    if (
      node.kind === "one" ||
      (node.kind === "char" ? char === node.char : node.has(char) !== node.negated)
    ) {
      to[at + 1] = 1;
    }
  }
  return to;
}

function stepGroup(
  operator: string,
  choices: readonly (readonly Node[])[],
  text: string,
  from: Uint8Array,
): Uint8Array {
  if (operator === "!") return stepNot(choices, text, from);
  const once = join(choices.map((choice) => ends(choice, text, from)));
  if (operator === "@") return once;
  if (operator === "?") return join([from, once]);
  let all = operator === "*" ? join([from, once]) : once;
  for (let fresh = once; fresh.includes(1); ) {
    const more = join(choices.map((choice) => ends(choice, text, fresh)));
    fresh = more.map((flag, at) => (flag === 1 && all[at] !== 1 ? 1 : 0));
    all = join([all, more]);
  }
  return all;
}

function stepNot(choices: readonly (readonly Node[])[], text: string, from: Uint8Array): Uint8Array {
  const to = new Uint8Array(text.length + 1);
  from.forEach((flag, begin) => {
    if (flag !== 1) return;
    const matched = join(choices.map((choice) => ends(choice, text, starts(text, begin))));
    for (let end = begin; end <= text.length; end++) if (matched[end] !== 1) to[end] = 1;
  });
  return to;
}

function join(flags: readonly Uint8Array[]): Uint8Array {
  const [first, ...rest] = flags;
  const all = Uint8Array.from(first ?? []);
  for (const one of rest)
    one.forEach((flag, at) => {
      if (flag === 1) all[at] = 1;
    });
  return all;
}
