import { type Arg, isKnown, showArg, type Unknown } from "../../model/arg.js";
import type { Action } from "../../model/effect.js";
import type { Deed } from "../../model/knowledge.js";
import { isDestructiveName } from "../verbs.js";
import type { Walk } from "./walk.js";

/** What a walk does, and to what type of thing. */
export interface TreeDeed {
  readonly deed: Deed;
  readonly type: string;
  /** The option that makes it so. */
  readonly flag?: string;
}

/** What it does; for words that the tree does not know, what their verbs say. */
export function deedOf(walk: Walk): TreeDeed | undefined {
  const { command, words } = walk;
  const [worst] = command.flags
    .filter(({ flag }) => isGiven(flag, walk))
    .map(({ flag, deed, type }) => ({ deed, type: type ?? command.type, flag }))
    .sort((a, b) => danger(b) - danger(a));
  if (worst !== undefined) return worst;
  const { deed, type } = command;
  if (deed !== undefined) return { deed, type };
  const verb = words.find((word) => isKnown(word) && (word === "rm" || isDestructiveName(word)));
  if (verb === undefined) return undefined;
  const because = `the subcommand "${showArg(verb)}" is not known here`;
  return { deed: { action: "delete", recovery: "none", because }, type };
}

/** An option on whose value it hangs what is done, where that value cannot be foreseen: `--replicas=$N`. */
export function hiddenValueOf({ command, options }: Walk): Unknown | undefined {
  const names = command.flags.flatMap(({ flag }) => (flag.includes("=") ? [nameOf(flag)] : []));
  return options
    .filter(({ name }) => names.includes(name))
    .map(({ value }) => value)
    .find((value): value is Unknown => value !== undefined && !isKnown(value));
}

/** `--force`; `--size=0`, an option with that value; `*=0`, a word. A star stands for any text, `\*` for itself. */
function isGiven(flag: string, { options, words, rest }: Walk): boolean {
  if (!flag.startsWith("-")) return [...words, ...rest].some((word) => fits(flag, word));
  const name = nameOf(flag);
  return name === flag
    ? options.some((option) => option.name === flag && option.value !== "false")
    : options.some(({ name: given, value }) => given === name && fits(flag.slice(name.length + 1), value));
}

function nameOf(flag: string): string {
  const equals = flag.indexOf("=");
  return equals < 0 ? flag : flag.slice(0, equals);
}

function fits(pattern: string, value: Arg | undefined): boolean {
  if (value === undefined || !isKnown(value)) return false;
  const text = value.toLowerCase();
  const [first = "", ...others] = pattern
    .toLowerCase()
    .split(/(?<!\\)\*/)
    .map((part) => part.replaceAll("\\*", "*"));
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** The more, the worse. */
export function danger(found: TreeDeed | undefined): number {
  if (found === undefined) return -1;
  const { action, recovery } = found.deed;
  return ranks[action] + (action === "modify" && recovery !== "needless" ? 1 : 0);
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
