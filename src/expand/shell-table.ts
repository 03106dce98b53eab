import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { Shell } from "../model/call.js";
import { anyAlias } from "./alias.js";
import { emit } from "./emit.js";
import { addHook } from "./hook.js";
import type { Place } from "./place.js";
import { exportedEnv, type State, type Value } from "./state.js";
import { setEntry } from "./table.js";

/**
 * Arrays that are the shell's own tables: what is put into them changes what a name runs, as `alias`, `hash` and a function's
 * definition do. `BASH_ALIASES[l]='/bin/rm -rf x'`, `BASH_CMDS[ls]=/bin/rm`, zsh's `functions[f]='/bin/rm -rf x'`.
 */
export function isShellTable(shell: Shell, name: string): boolean {
  return tables[shell]?.has(name) === true;
}

/** Whether its elements have names, as those of `declare -A` have. */
export function isKeyedTable(shell: Shell, name: string): boolean {
  return isShellTable(shell, name) && !/^(hook|arguments)$/.test(tables[shell]?.get(name) ?? "");
}

/** What the shell takes from such a variable once it has this value. */
export function noteShellTable(place: Place, state: State, name: string, value: Value): void {
  const kind = tables[place.run.shell]?.get(name);
  if (kind === undefined || value.kind === "unset" || place.locals?.has(name)) return;
  const entries: readonly (readonly [string | undefined, Arg])[] =
    value.kind === "array" ? [...value.elements] : [[undefined, value.text]];
  if (kind === "arguments") state.positional = [unknown("$@", `"${name}" was set`, "", true)];
  else for (const [key, text] of entries) enter[kind](place, state, key, text);
}

type Kind = "arguments" | "alias" | "suffix" | "global" | "command" | "function" | "hook";

const bash: Readonly<Record<string, Kind>> = {
  BASH_ALIASES: "alias",
  BASH_CMDS: "command",
  PROMPT_COMMAND: "hook",
};
const zsh: Readonly<Record<string, Kind>> = {
  argv: "arguments",
  ...{ aliases: "alias", saliases: "suffix", galiases: "global", commands: "command", functions: "function" },
  ...{ chpwd_functions: "hook", precmd_functions: "hook", preexec_functions: "hook" },
  ...{ periodic_functions: "hook", zshexit_functions: "hook", zshaddhistory_functions: "hook" },
};
const tables: Readonly<Partial<Record<Shell, ReadonlyMap<string, Kind>>>> = {
  bash: new Map(Object.entries(bash)),
  zsh: new Map(Object.entries(zsh)),
};

const enter: Readonly<
  Record<Exclude<Kind, "arguments">, (place: Place, state: State, key: string | undefined, text: Arg) => void>
> = {
  alias: (_, state, key) => setEntry(state.aliases, key ?? anyAlias, true),
  suffix: (_, state, key) => setEntry(state.aliases, key === undefined ? anyAlias : `.${key}`, true),
  global: (place, state, key, text) => {
    const word = isKnown(text)
      ? `${key ?? "?"}=${text}`
      : unknown(text.source, text.reason, `${key ?? "?"}=`);
    emitBuiltin(place, state, ["alias", "-g", word]);
  },
  command: (place, state, key, text) => {
    emitBuiltin(place, state, ["hash", "-p", text, key ?? "?"]);
    state.blind = true;
  },
  function: (place, state, key, text) => {
    if (key === undefined || !/^[\w.:@-]+$/.test(key)) return;
    const body = isKnown(text) ? text : 'eval "$functions"';
    place.run.walk.text(place, state, `${key}() {\n${body}\n}`);
  },
  hook: (place, state, _, text) => addHook(place, state, text),
};

function emitBuiltin(place: Place, state: State, argv: readonly [string, ...Arg[]]): void {
  emit(place, state, {
    tool: argv[0],
    argv,
    cwd: state.cwd,
    env: exportedEnv(state, place.run.env),
    stdin: { kind: "none" },
    plumbing: { redirects: [], stdin: undefined, sink: undefined, before: undefined },
    span: place.span ?? { start: 0, end: 0 },
  });
}
