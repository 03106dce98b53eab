import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { ToolCommand, ToolTree } from "../../model/knowledge.js";
import { isDestructiveStart } from "../verbs.js";

/** One way to read a command line: where in the tree it ends, and what is left over. */
export interface Walk {
  readonly command: ToolCommand;
  /** Canonical names: `["volume", "delete"]`. */
  readonly path: readonly string[];
  readonly words: readonly Arg[];
  readonly options: readonly TreeOption[];
  /** The words behind a subcommand that passes them on. */
  readonly rest: readonly Arg[];
  /** A word that may be a subcommand or an option. */
  readonly doubt: Unknown | undefined;
}

interface TreeOption {
  readonly name: string;
  readonly value: Arg | undefined;
}

/** The words of each task on the line, with all that are no task; the one list of words where there are no tasks. */
export function tasksOf(tree: ToolTree, words: readonly Arg[]): readonly (readonly Arg[])[] {
  if (tree.several === "do") return splitChain(words);
  if (tree.several === "no") return [words];
  const tasks: Arg[] = [];
  const others: Arg[] = [];
  let command: ToolCommand | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const text = isKnown(word) ? word : word.prefix;
    if (/^-|^\w+=/.test(text)) {
      others.push(word);
      const chain = command === undefined ? [tree.root] : [tree.root, command];
      if (takesValue(chain, text)) others.push(...words.slice(++at, at + 1));
      continue;
    }
    // `rake "db:drop[primary]"`
    const task = isKnown(word) ? word.replace(/\[.*$/s, "") : word;
    tasks.push(task);
    command = isKnown(task) ? findCommand(tree, tree.root, task) : undefined;
    if (command !== undefined && (command.passes || command.commands.length > 0)) {
      const rest = [task, ...words.slice(at + 1)];
      return [...tasks.slice(0, -1).map((one) => [one, ...others]), [...others, ...rest]];
    }
  }
  return tasks.length === 0 ? [others] : tasks.map((task) => [task, ...others]);
}

function splitChain(words: readonly Arg[]): readonly (readonly Arg[])[] {
  if (words[0] !== "do") return [words];
  const chain: Arg[][] = [[]];
  for (const word of words.slice(1)) {
    if (isKnown(word) && /^\+$|,$/.test(word)) {
      if (word !== "+") chain.at(-1)?.push(word.slice(0, -1));
      chain.push([]);
    } else chain.at(-1)?.push(word);
  }
  return chain;
}

/**
 * All ways to read the words, the likeliest first. An option that the tree does not know may or may not take the word
 * after it; both are tried, so that no new flag of the tool hides a `delete`.
 */
export function walkTree(tree: ToolTree, words: readonly Arg[]): Walk[] {
  const walks: Walk[] = [];
  step(tree, words, 0, start(tree), walks);
  return walks.reverse();
}

export function optionOf(walk: Walk, ...names: readonly string[]): Arg | undefined {
  return walk.options.findLast(({ name }) => names.includes(name))?.value;
}

/** More unknown options than this, and the rest is read one way only. */
const maxWalks = 64;

interface Place {
  readonly chain: readonly ToolCommand[];
  readonly words: readonly Arg[];
  readonly options: readonly TreeOption[];
  readonly doubt: Unknown | undefined;
}

function start(tree: ToolTree): Place {
  return { chain: [tree.root], words: [], options: [], doubt: undefined };
}

function step(tree: ToolTree, words: readonly Arg[], from: number, initial: Place, walks: Walk[]): void {
  let place = initial;
  for (let at = from; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const text = isKnown(word) ? word : word.prefix;
    const command = place.chain.at(-1) ?? tree.root;
    if (word === "--") {
      finish(
        place,
        command.passes ? words.slice(at + 1) : [],
        command.passes ? [] : words.slice(at + 1),
        walks,
      );
      return;
    }
    if (!isKnown(word) && text === "") {
      place = {
        ...place,
        doubt: place.doubt ?? (command.commands.length > 0 ? word : undefined),
        words: [...place.words, word],
      };
      continue;
    }
    if (!text.startsWith("-") || text === "-") {
      const child = isKnown(word) ? findChild(tree, place, word) : undefined;
      if (child !== undefined) place = { ...place, chain: [...place.chain, child] };
      else if (command.passes) {
        finish(place, words.slice(at), [], walks);
        return;
      } else place = { ...place, words: [...place.words, word] };
      continue;
    }
    const option = readOption(tree, place.chain, text, word, words[at + 1]);
    if (option.kind === "unknown" && walks.length < maxWalks && isPlain(words[at + 1])) {
      const taken = { name: option.name, value: words[at + 1] };
      step(tree, words, at + 2, { ...place, options: [...place.options, taken] }, walks);
    }
    place = { ...place, options: [...place.options, ...lettersOf(tree, option)] };
    at += option.kind === "takes" ? 1 : 0;
  }
  finish(place, [], [], walks);
}

function finish(place: Place, rest: readonly Arg[], more: readonly Arg[], walks: Walk[]): void {
  const { chain, words, options, doubt } = place;
  const [command] = chain.slice(-1);
  if (command === undefined) return;
  const path = chain.slice(1).map(({ name }) => name);
  walks.push({ command, path, words: [...words, ...more], options, rest, doubt });
}

function isPlain(word: Arg | undefined): boolean {
  return word !== undefined && !(isKnown(word) ? word : word.prefix).startsWith("-");
}

/** Behind a noun that is not known, the tool's own first words mean nothing: `az webapp config` is no `az config`. */
function findChild(tree: ToolTree, place: Place, word: string): ToolCommand | undefined {
  const command = place.chain.at(-1) ?? tree.root;
  const isBehindNoun = tree.anywhere.length > 0 && command === tree.root && place.words.length > 0;
  const named = findCommand(tree, command, word);
  const isOther = isBehindNoun && named?.commands.length === 0;
  return (isOther ? undefined : named) ?? findAnywhere(tree, place, word);
}

function findCommand(tree: ToolTree, command: ToolCommand, word: string): ToolCommand | undefined {
  const named = findNamed(command.commands, word);
  if (named !== undefined || !tree.abbreviations) return named;
  const begun = command.commands.filter(({ name }) => name.startsWith(word));
  return begun.length === 1 ? begun[0] : undefined;
}

function findNamed(commands: readonly ToolCommand[], word: string): ToolCommand | undefined {
  const exact = commands.find(({ name, aliases }) => name === word || aliases.includes(word));
  if (exact !== undefined) return exact;
  const [kin] = commands
    .filter(({ name }) => name.endsWith("*") && word.startsWith(name.slice(0, -1)))
    .sort((a, b) => b.name.length - a.name.length);
  return kin === undefined ? undefined : { ...kin, name: word, ...unforeseen(kin, word) };
}

/** `clients:*` was written for what was known then: a verb that destroys still says so. */
function unforeseen({ deed }: ToolCommand, word: string): Partial<ToolCommand> {
  const isDestructive =
    /^[\w:-]+$/.test(word) && word.split(":").some((part) => part === "rm" || isDestructiveStart(part));
  if (deed === undefined || deed.recovery !== "needless" || !isDestructive) return {};
  const because = `the subcommand "${word}" is not known here`;
  return { deed: { action: "delete", recovery: "none", because } };
}

/** A verb that means the same behind any noun, as long as nothing in front of it says what is done. */
function findAnywhere(tree: ToolTree, { chain, words }: Place, word: string): ToolCommand | undefined {
  const [command] = chain.slice(-1);
  if (command === undefined || command.deed !== undefined || command.passes) return undefined;
  // `environment:delete`, `config:unset`
  const colon = word.lastIndexOf(":");
  const verb = findNamed(tree.anywhere, word) ?? findNamed(tree.anywhere, word.slice(colon + 1));
  if (verb === undefined) return undefined;
  const noun = colon > 0 ? word.slice(0, colon) : (words.findLast(isKnown) ?? command.name);
  return { ...verb, type: verb.type || (noun === "" ? command.type : singular(noun)) };
}

/** `instances` → `instance`, `policies` → `policy`, `addresses` → `address`. */
function singular(noun: string): string {
  return noun.replace(
    /(ss|us)$|ies$|(ss)es$|s$/,
    (end, kept, stem) => kept ?? stem ?? (end === "ies" ? "y" : ""),
  );
}

type OptionReading = TreeOption & {
  /** `whole`: value and all in one word; `takes`: the next word is its value; `unknown`: who knows. */
  readonly kind: "whole" | "takes" | "unknown";
};

function readOption(
  tree: ToolTree,
  chain: readonly ToolCommand[],
  text: string,
  word: Arg,
  next: Arg | undefined,
): OptionReading {
  const equals = text.indexOf("=");
  if (equals > 0 && (text.startsWith("--") || tree.singleDash))
    return { kind: "whole", name: text.slice(0, equals), value: valueAfter(word, equals + 1) };
  if (text.startsWith("--") || tree.singleDash)
    return takesValue(chain, text)
      ? { kind: "takes", name: text, value: next }
      : { kind: "unknown", name: text, value: undefined };
  for (let at = 1; at < text.length; at += 1) {
    const name = `-${text[at]}`;
    if (!takesValue(chain, name)) continue;
    return at + 1 < text.length || !isKnown(word)
      ? { kind: "whole", name, value: valueAfter(word, at + (text[at + 1] === "=" ? 2 : 1)) }
      : { kind: "takes", name, value: next };
  }
  return { kind: text.length > 2 ? "whole" : "unknown", name: text, value: undefined };
}

/** `-vf` is `-v -f`. */
function lettersOf(tree: ToolTree, { name, value }: TreeOption): readonly TreeOption[] {
  if (tree.singleDash || value !== undefined || !/^-[A-Za-z]{2,}$/.test(name)) return [{ name, value }];
  return [{ name, value }, ...[...name.slice(1)].map((letter) => ({ name: `-${letter}`, value }))];
}

function takesValue(chain: readonly ToolCommand[], name: string): boolean {
  return chain.some(
    ({ values, takes }) =>
      values.includes(name) || takes?.texts.includes(name) === true || takes?.files.includes(name) === true,
  );
}

function valueAfter(word: Arg, at: number): Arg {
  return isKnown(word)
    ? word.slice(at)
    : { ...word, source: word.source.slice(at), prefix: word.prefix.slice(at) };
}
