import { type Arg, isKnown } from "../model/arg.js";
import type { Span } from "../model/call.js";
import { evaluateText } from "./arithmetic.js";
import { perhaps } from "./chain.js";
import { addHook } from "./hook.js";
import { deeper, type Place } from "./place.js";
import { copyState, type State } from "./state.js";

/**
 * What the shell reads once more after all expansion, and runs the commands in: the index of an array's element that a builtin
 * is given (`printf -v 'a[$(…)]'`, `[ -v 'a[$(…)]' ]`), what completion is told to run. No program is started by name there.
 */
export function rereadWords(
  place: Place,
  state: State,
  name: string,
  args: readonly Arg[],
  span: Span,
): void {
  for (const arg of namesIn(name, args)) rereadIndex(place, state, arg);
  if (name === "mapfile" || name === "readarray")
    for (const text of optionValues(args, "C"))
      place.run.walk.text(
        perhaps(deeper(place, undefined, span)),
        copyState(state),
        `${text} $RANDOM "\${!__line}"`,
      );
  if (name === "bind" && args.includes("-x"))
    for (const arg of args)
      addHook(place, state, isKnown(arg) ? (/^.*?": ?(.*)$/s.exec(arg)?.[1] ?? "") : arg);
  if (name === "compgen" || name === "complete")
    for (const [at, arg] of args.entries()) {
      const text = args[at + 1];
      if (text === undefined || !isKnown(text)) continue;
      const inner = perhaps(deeper(place, undefined, span));
      if (arg === "-C" || arg === "-F") place.run.walk.text(inner, copyState(state), text);
      if (arg === "-F" && !state.routines.map.has(text)) addHook(place, state, text);
      if (arg === "-W") rereadPrompt(inner, state, text);
    }
}

/** A text that is expanded like one in double quotes: a prompt (`PS4` under `set -x`, `${x@P}`), a list of words. */
export function rereadPrompt(place: Place, state: State, text: string): void {
  if (!hidesCommand.test(text) || text.length > longest) return;
  const inner = perhaps(deeper(place, undefined, place.span ?? nowhere));
  place.run.walk.text(inner, copyState(state), `: "${text.replaceAll('"', '\\"')}"`);
}

/** `a[…]` by itself or before `=`: its index is an expression. */
export function rereadIndex(place: Place, state: State, text: string): void {
  const index = /^[A-Za-z_]\w*\[(.*)\]/s.exec(text)?.[1];
  if (index === undefined || !hidesCommand.test(index)) return;
  // `a["$(…)"]`: the quotes are the index's own.
  evaluateText(place, state, index.replaceAll('"', ""));
}

/** The code in zsh's glob qualifiers: `*(e:CODE:)`, `*(.Ne'CODE')`, `*(+NAME)`. */
export function rereadQualifiers(place: Place, state: State, word: string): void {
  const list = /\((?:#q)?([^()]*?)(?:\+([\w-]+)|(?<![\w-])([A-Za-z.@=/*%-]*?)e([^\w\s])(.*))\)$/s.exec(word);
  if (list === null) return;
  const [, , called, , opening = "", rest = ""] = list;
  const end = rest.indexOf(pairs[opening] ?? opening);
  const code = called ?? (end < 0 ? undefined : rest.slice(0, end).replace(/^(["'])(.*)\1$/s, "$2"));
  if (code !== undefined)
    place.run.walk.text(perhaps(deeper(place, undefined, place.span ?? nowhere)), copyState(state), code);
}

/** Of an option that takes a value, in the same word or the next: `-C text`, `-tCtext`. */
function optionValues(args: readonly Arg[], letter: string): readonly string[] {
  return args.flatMap((arg, at) => {
    const found = isKnown(arg) ? new RegExp(`^-[a-zA-Z]*?${letter}(.*)$`, "s").exec(arg) : null;
    const value = found?.[1] === "" ? args[at + 1] : found?.[1];
    return value !== undefined && isKnown(value) ? [value] : [];
  });
}

function namesIn(name: string, args: readonly Arg[]): readonly string[] {
  const option = optionOf.get(name);
  if (option === undefined && !readNames.has(name)) return [];
  const known = args.map((arg) => (isKnown(arg) ? arg : ""));
  return option === undefined ? known : known.filter((_, at) => at > 0 && option.test(known[at - 1] ?? ""));
}

const readNames: ReadonlySet<string> = new Set(
  "declare export getopts local read readonly typeset unset".split(" "),
);
const optionOf: ReadonlyMap<string, RegExp> = new Map([
  ["printf", /^-v$/],
  ["wait", /^-\w*p$/],
  ["test", /^-[vR]$/],
  ["[", /^-[vR]$/],
]);

const hidesCommand = /\$\(|`/;
const longest = 65_536;
const nowhere: Span = { start: 0, end: 0 };
const pairs: Readonly<Record<string, string>> = { "[": "]", "{": "}", "<": ">", "(": ")" };
