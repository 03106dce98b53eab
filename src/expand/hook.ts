import { type Arg, isKnown, unknown } from "../model/arg.js";
import { promptNet } from "../model/prompt-net.js";
import { perhaps } from "./chain.js";
import { type Body, type Place, placeWith } from "./place.js";
import { copyState, type State } from "./state.js";
import { setEntry } from "./table.js";

/** A text that the shell runs by itself at some time: before a prompt, after a `cd`, at its end. To be seen it goes the way of a trap. */
export function addHook(place: Place, state: State, text: Arg): void {
  if (!isKnown(text)) return;
  const own = withoutNet(place, text);
  if (own.trim() === "") return;
  setEntry(state.traps, `hook ${own}`, [
    { text: own, span: place.span ?? nowhere, certain: false, prints: false },
  ]);
}

/**
 * The session's own hook stands in every environment, so that snapshots declare it again and start-up files add to it:
 * `PROMPT_COMMAND="$PROMPT_COMMAND; date"`. It counts as a command of its own only: not `NETfile`, which writes /dev/nullfile.
 */
function withoutNet(place: Place, text: string): string {
  if (!text.includes("__hp_")) return text;
  return place.run.world.session.guardPaths.reduce((rest, path) => {
    const parts = rest.split(promptNet(`${path}/rc`));
    const isApart = parts.every(
      (part, at) =>
        (at === 0 || /^\s*($|[;\n])/.test(part)) && (at === parts.length - 1 || /(^|[;\n])\s*$/.test(part)),
    );
    return isApart ? parts.join(":") : rest;
  }, text);
}

/** Functions that a shell calls by itself, by their names. */
export function noteHookFunction(place: Place, state: State, name: string, body: Body): void {
  if (/^command_not_found_handler?$/.test(name)) {
    const aside = copyState(state);
    aside.positional = [unknown("$@", "is the name of a missing command", "", true)];
    place.run.walk.body(placeWith(perhaps(place), { depth: place.depth + 1 }), aside, body.node);
  } else if (place.run.shell === "zsh" && zshHooks.test(name)) addHook(place, state, `${name} "$RANDOM"`);
}

/** https://zsh.sourceforge.io/Doc/Release/Functions.html#Hook-Functions */
const zshHooks = /^(precmd|preexec|chpwd|periodic|zshexit|zshaddhistory|zsh_directory_name|TRAP[A-Z0-9]+)$/;

const nowhere = { start: 0, end: 0 };
