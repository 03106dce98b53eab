import { isKnown, showArg } from "../model/arg.js";
import type { Action } from "../model/effect.js";
import type { Deed } from "../model/knowledge.js";
import type { Walk } from "./tree-walk.js";
import { isDestructiveName } from "./verbs.js";

/** What a walk does, and to what type of thing. */
export interface TreeDeed {
  readonly deed: Deed;
  readonly type: string;
}

/** What it does; for words that the tree does not know, what their verbs say. */
export function deedOf({ command, options, words }: Walk): TreeDeed | undefined {
  const [worst] = command.flags
    .filter(({ flag }) => options.some(({ name, value }) => name === flag && value !== "false"))
    .map(({ deed, type }) => ({ deed, type: type ?? command.type }))
    .sort((a, b) => danger(b) - danger(a));
  if (worst !== undefined) return worst;
  const { deed, type } = command;
  if (deed !== undefined) return { deed, type };
  const verb = words.find((word) => isKnown(word) && (word === "rm" || isDestructiveName(word)));
  if (verb === undefined) return undefined;
  const because = `the subcommand "${showArg(verb)}" is not known here`;
  return { deed: { action: "delete", recovery: "none", because }, type };
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
