import { type Arg, isKnown, showArg, type Unknown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import {
  type Action,
  type CloudEffect,
  type Effect,
  type OtherEffect,
  opaqueEffect,
  plainEffect,
} from "../model/effect.js";
import type { Deed, ToolCommand, ToolTree } from "../model/knowledge.js";
import type { World } from "../model/world.js";
import { environmentCredentials } from "./credentials.js";
import { effects, nothing, type Reader, type Reading } from "./reader.js";
import { isDestructiveName } from "./verbs.js";

/** A tool that is a tree of subcommands, known from its file in `rules/tools`. */
export function treeReader(tree: ToolTree): Reader {
  return { names: tree.names, read: (call, world) => readTree(tree, call, world) };
}

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

export function readTree(tree: ToolTree, call: Call, world: World): Reading {
  const [worst] = walkTree(tree, call.argv.slice(1)).sort((a, b) => danger(deedOf(b)) - danger(deedOf(a)));
  if (worst === undefined || isQuiet(tree, worst)) return nothing;
  const tool = tree.names[0] ?? showArg(call.tool);
  if (worst.doubt !== undefined && call.sight !== "later") {
    const shown = call.argv.map(showArg).join(" ");
    return effects(
      opaqueEffect(tool, shown, `which subcommand runs cannot be foreseen: ${worst.doubt.reason}`),
    );
  }
  const deed = deedOf(worst);
  return deed === undefined ? nothing : effects(toEffect(tree, tool, worst, deed, call, world));
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
      const child = isKnown(word) ? findCommand(tree, command, word) : undefined;
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
    place = { ...place, options: [...place.options, { name: option.name, value: option.value }] };
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

function findCommand(tree: ToolTree, command: ToolCommand, word: string): ToolCommand | undefined {
  const exact = command.commands.find(({ name, aliases }) => name === word || aliases.includes(word));
  if (exact !== undefined || !tree.abbreviations) return exact;
  const begun = command.commands.filter(({ name }) => name.startsWith(word));
  return begun.length === 1 ? begun[0] : undefined;
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
  const takesValue = (name: string) => chain.some(({ values }) => values.includes(name));
  const equals = text.indexOf("=");
  if (equals > 0 && (text.startsWith("--") || tree.singleDash))
    return { kind: "whole", name: text.slice(0, equals), value: valueAfter(word, equals + 1) };
  if (text.startsWith("--") || tree.singleDash)
    return takesValue(text)
      ? { kind: "takes", name: text, value: next }
      : { kind: "unknown", name: text, value: undefined };
  for (let at = 1; at < text.length; at += 1) {
    const name = `-${text[at]}`;
    if (!takesValue(name)) continue;
    return at + 1 < text.length || !isKnown(word)
      ? { kind: "whole", name, value: valueAfter(word, at + (text[at + 1] === "=" ? 2 : 1)) }
      : { kind: "takes", name, value: next };
  }
  return { kind: text.length > 2 ? "whole" : "unknown", name: text, value: undefined };
}

function valueAfter(word: Arg, at: number): Arg {
  return isKnown(word)
    ? word.slice(at)
    : { ...word, source: word.source.slice(at), prefix: word.prefix.slice(at) };
}

function isQuiet(tree: ToolTree, walk: Walk): boolean {
  return walk.options.some(({ name }) => tree.quiet.includes(name));
}

/** What it does; for words that the tree does not know, what their verbs say. */
function deedOf(walk: Walk): Deed | undefined {
  const { command, options, words } = walk;
  const given = command.flags.filter(({ flag }) =>
    options.some(({ name, value }) => name === flag && value !== "false"),
  );
  const [worst] = given.map(({ deed }) => deed).sort((a, b) => danger(b) - danger(a));
  if (worst !== undefined) return worst;
  if (command.deed !== undefined) return command.deed;
  const verb = words.find((word) => isKnown(word) && (word === "rm" || isDestructiveName(word)));
  if (verb === undefined) return undefined;
  return {
    action: "delete",
    recovery: "none",
    because: `the subcommand "${showArg(verb)}" is not known here`,
  };
}

const ranks: Readonly<Record<Action, number>> = {
  delete: 6,
  execute: 5,
  grant: 4,
  modify: 2,
  send: 2,
  create: 1,
  read: 0,
};

function danger(deed: Deed | undefined): number {
  if (deed === undefined) return -1;
  return ranks[deed.action] + (deed.action === "modify" && deed.recovery !== "needless" ? 1 : 0);
}

function toEffect(tree: ToolTree, tool: string, walk: Walk, deed: Deed, call: Call, world: World): Effect {
  const operation = walk.path.length > 0 ? walk.path.join(" ") : walk.words.map(showArg).join(" ");
  const environment = optionOf(walk, ...tree.environment);
  const common = {
    ...plainEffect(tool, deed.action, targetOf(walk) ?? operation),
    recovery: deed.recovery,
    because: deed.because,
    environment: environment === undefined ? "unknown" : showArg(environment),
    credentials: environmentCredentials(call, world, tree.credentials),
  };
  if (tree.resource !== "cloud")
    return { ...common, resource: tree.resource, operation } satisfies OtherEffect;
  return {
    ...common,
    resource: "cloud",
    provider: tree.provider,
    service: walk.path[0] ?? tool,
    type: walk.command.type,
    operation,
  } satisfies CloudEffect;
}

/** The option that names the thing, else the words that are no subcommand. */
function targetOf(walk: Walk): string | undefined {
  const named = optionOf(walk, ...walk.command.target);
  if (named !== undefined) return showArg(named);
  const words = [...walk.words, ...walk.rest].map(showArg).join(" ");
  return words === "" ? undefined : words;
}
