import type { Command } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Env, envGet } from "../model/env.js";
import type { State } from "./state.js";
import { setEntry } from "./table.js";

/** The program that a name starts, its folder left out. An alias may stand for anything, where the shell follows aliases at all. */
export function findTool(state: State, name: Arg, node: Command): Call["tool"] {
  if (!isKnown(name)) return name;
  if (state.followsAliases && node.name?.text === name && isAlias(state, name))
    return unknown(name, "is an alias");
  // `zmodload zsh/files` has its builtins by names of their own as well.
  if (name.startsWith("zf_")) return name.slice(3);
  return name.slice(name.lastIndexOf("/") + 1);
}

function isAlias({ aliases: { map } }: State, name: string): boolean {
  if (map.size === 0) return false;
  return map.has(name) || map.has(anyAlias) || map.has(/\.[^./]+$/.exec(name)?.[0] ?? name);
}

/** Any name may be an alias. */
export const anyAlias = "";

/** `alias l='ls -l'`, zsh's `alias -s txt=cat`, which is for all that ends that way. */
export function noteAliases(state: State, args: readonly Arg[]): void {
  const isSuffix = args[0] === "-s";
  for (const arg of args) {
    const name = /^([^=]+)=/s.exec(isKnown(arg) ? arg : arg.prefix)?.[1];
    if (name !== undefined) setEntry(state.aliases, isSuffix ? `.${name}` : name, true);
    else if (!isKnown(arg)) setEntry(state.aliases, anyAlias, true);
  }
}

/** zsh's `autoload f` where the line says in which folder: the name is for what is written there. */
export function noteLoaded(state: State, args: readonly Arg[]): void {
  const isOwn = state.vars.map.has("fpath") || state.vars.map.has("FPATH");
  for (const arg of args)
    if (isKnown(arg) && (isOwn || arg.startsWith("/")))
      setEntry(state.aliases, arg.slice(arg.lastIndexOf("/") + 1), true);
}

/** Whether a bash follows them from the start: `POSIXLY_CORRECT=1 bash -c …`, `env BASHOPTS=expand_aliases bash -c …` */
export function startsFollowing(env: Env): boolean {
  if (envGet(env, "POSIXLY_CORRECT") !== undefined) return true;
  return ["BASHOPTS", "SHELLOPTS"].some((name) => {
    const options = envGet(env, name);
    return options !== undefined && (!isKnown(options) || /\b(?:expand_aliases|posix)\b/.test(options));
  });
}
