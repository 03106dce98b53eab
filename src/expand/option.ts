import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { State } from "./state.js";

const letters: Readonly<Record<string, string>> = {
  e: "errexit",
  f: "noglob",
  a: "allexport",
  k: "keyword",
  P: "physical",
};

/** `set -euo pipefail -- a b`: options, and new positional parameters. */
export function setOptions(state: State, args: readonly Arg[]): void {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (!isKnown(arg)) {
      state.positional = [unknown("$@", arg.reason, "", true)];
      return;
    }
    if (arg === "--" || arg === "-" || !/^[-+]./.test(arg)) {
      state.positional = args.slice(arg === "--" || arg === "-" ? at + 1 : at);
      return;
    }
    const isOn = arg.startsWith("-");
    for (const letter of arg.slice(1)) {
      const name = letter === "o" ? args[++at] : letters[letter];
      if (name !== undefined && isKnown(name)) switchOption(state, name, isOn);
    }
  }
}

/** `shopt -s name`, zsh's `setopt name`. */
export function setShoptOptions(state: State, command: string, args: readonly Arg[]): void {
  const isOn = command === "setopt" || args.includes("-s");
  const isOff = command === "unsetopt" || args.includes("-u");
  if (!isOn && !isOff) return;
  for (const arg of args) {
    if (isKnown(arg) && !arg.startsWith("-")) switchOption(state, zshNames[plain(arg)] ?? arg, isOn);
  }
}

const zshNames: Readonly<Record<string, string>> = {
  nullglob: "nullglob",
  globdots: "dotglob",
  extendedglob: "extglob",
  noglob: "noglob",
};

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

function switchOption(state: State, name: string, isOn: boolean): void {
  // A bash that runs a text follows aliases only when told to.
  if (isOn && (name === "expand_aliases" || name === "posix")) state.followsAliases = true;
  if (state.options.has(name) === isOn) return;
  const options = new Set(state.options);
  if (isOn) options.add(name);
  else options.delete(name);
  state.options = options;
}
