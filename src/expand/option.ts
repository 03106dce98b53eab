import { type Arg, isKnown, unknown } from "../model/arg.js";
import { type Env, envGet } from "../model/env.js";
import type { Place } from "./place.js";
import type { State } from "./state.js";

const letters: Readonly<Record<string, string>> = {
  e: "errexit",
  f: "noglob",
  a: "allexport",
  k: "keyword",
  B: "braceexpand",
  P: "physical",
  T: "functrace",
  E: "errtrace",
};

/** `set -f` and `bash -f` → `noglob`. */
export function optionOf(letter: string): string | undefined {
  return letters[letter];
}

/** `env SHELLOPTS=noglob BASHOPTS=dotglob bash -c …`: a bash takes them from there. */
export function givenOptions(env: Env): readonly string[] {
  return ["SHELLOPTS", "BASHOPTS"].flatMap((name) => {
    const given = envGet(env, name);
    return given !== undefined && isKnown(given) ? given.split(":") : [];
  });
}

/** `set -euo pipefail -- a b`: options, and new positional parameters. */
export function setOptions(state: State, args: readonly Arg[]): void {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (!isKnown(arg)) {
      state.positional = [unknown("$@", arg.reason, "", true)];
      return;
    }
    if (arg === "-" && at === args.length - 1) return;
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
  const flags = args.filter((arg) => isKnown(arg) && /^-[a-z]+$/.test(arg)).join("");
  const isOn = command === "setopt" || flags.includes("s");
  const isOff = command === "unsetopt" || flags.includes("u");
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
  shwordsplit: "shwordsplit",
};

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/**
 * Two ways meet: what is on for one of them counts, but for what would hide a deed: `set -f`, or `set -e` behind which a `cd` that
 * failed is the end.
 */
export function mergeOptions(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  const merged = new Set([...a, ...b]);
  for (const name of ["noglob", "errexit"])
    if (a.has(name) !== b.has(name) && merged.delete(name)) merged.add(`perhaps ${name}`);
  return merged;
}

/** `V=/srv :` leaves V set, where a shell goes by POSIX. */
export function isPosix({ run }: Place, state: State): boolean {
  return run.shell === "sh" || state.options.has("posix");
}

/** What is on unless it was switched off. */
const opposites: Readonly<Record<string, string>> = { braceexpand: "nobraces", globskipdots: "dots" };

export function switchOption(state: State, name: string, isOn: boolean): void {
  // A bash that runs a text follows aliases only when told to.
  if (isOn && (name === "expand_aliases" || name === "posix")) state.followsAliases = true;
  const opposite = opposites[name];
  if (opposite !== undefined) {
    switchOption(state, opposite, !isOn);
    return;
  }
  if (state.options.has(name) === isOn && !state.options.has(`perhaps ${name}`)) return;
  const options = new Set(state.options);
  if (isOn) options.add(name);
  else options.delete(name);
  options.delete(`perhaps ${name}`);
  state.options = options;
}
