import type { Command } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import { type Assigned, readAssignment } from "./assignment.js";
import type { Item } from "./builtin.js";
import { type Held, holdWord } from "./held.js";
import { maxWords, type Place } from "./place.js";
import type { State } from "./state.js";
import { expandDeclared, expandWord } from "./word.js";

/** The words of a simple command, and the assignments that are words of it: `declare a=b`. */
export function expandItems(place: Place, state: State, node: Command): readonly Item[] {
  const items: Item[] = [];
  const add = (arg: Arg, assigned?: Assigned, held?: Held) => {
    // Those behind are walked all the same: there may be substitutions in them.
    if (items.length < maxWords) items.push({ arg, assigned, ...(held && { held }) });
    else if (items.length === maxWords)
      items.push({ arg: unknown("…", "are too many words", "", true), assigned: undefined });
  };
  if (node.name === undefined) return items;
  for (const arg of expandWord(place, state, node.name)) add(arg);
  let { end } = node.name;
  const holds = /^(trap|builtin|command)$/.test(node.name.text);
  for (const argument of node.suffix) {
    if (argument.type !== "Word" && argument.type !== "Assignment") continue;
    if (argument.type === "Word") {
      const words = expandWord(place, state, argument);
      // `-d @<(…)` and `--file=<(…)` are one word, which the parser takes for two.
      const isJoined = argument.pos === end && /^[<>]\(/.test(argument.text);
      end = argument.end;
      const [before, first] = isJoined ? [items.at(-1)?.arg, words[0]] : [];
      const joins = before !== undefined && first !== undefined && isKnown(before) && isKnown(first);
      if (joins) items.splice(-1, 1, { arg: before + first, assigned: undefined });
      const isHeld = holds && words.length === 1 && !words.every(isKnown) && argument.parts !== undefined;
      const held = isHeld ? holdWord(place, state, argument) : undefined;
      for (const arg of joins ? words.slice(1) : words) add(arg, undefined, held);
      continue;
    }
    end = argument.end;
    const words = expandDeclared(place, state, argument);
    if (words !== undefined) for (const arg of words) add(arg);
    else {
      const assigned = readAssignment(place, state, argument, declaresKeyed(node));
      add(showAssigned(assigned), assigned);
    }
  }
  // dash knows no such descriptors: `rm {fd}< x` is given a name.
  for (const { descriptor } of place.run.shell === "sh" ? node.redirects : [])
    if (descriptor?.type === "FileDescriptorVariable") add(`{${descriptor.name}}`);
  return items;
}

/** `declare -A`: the indices of its arrays are texts. */
function declaresKeyed({ args }: Command): boolean {
  return args.some((arg) => arg.type === "Word" && /^-\w*A/.test(arg.text));
}

function showAssigned({ name, value }: Assigned): Arg {
  if (value.kind === "unset") return name;
  if (value.kind === "array") return unknown(`${name}=(…)`, "is an array", `${name}=`);
  if (isKnown(value.text)) return `${name}=${value.text}`;
  return { ...value.text, prefix: `${name}=${value.text.prefix}`, splits: false };
}
