import type { Word, WordPart } from "unbash";
import { type Unknown, unforeseenName, unknown } from "../model/arg.js";
import { type Place, placeWith, quietRun } from "./place.js";
import type { State } from "./state.js";
import { isSettled } from "./state-merge.js";
import { setEntry } from "./table.js";
import { scalar } from "./variable.js";
import { expandParts } from "./word.js";

/** A word that is a text for the shell, to be read later, of which not all is known. */
export interface Held {
  /** With a variable of its own for each value that is not known. */
  readonly text: string;
  /** One of them may be more than a word: `$(< file)` may hold a `;`. */
  readonly isOpen: boolean;
}

/** `trap "rm -rf $dir" EXIT`: what it deletes was said when the trap was set. The commands in the word are calls already. */
export function holdWord(place: Place, state: State, word: Word): Held {
  const quiet = placeWith(place, { run: quietRun(place.run) });
  let text = "";
  let isOpen = false;
  for (const part of flatten(word)) {
    for (const piece of expandParts(quiet, state, [part], true)) {
      if (piece.kind !== "hole") {
        text += piece.kind === "text" ? piece.text : (piece.joint ?? " ");
        continue;
      }
      const { reason, prefix, shape, ending = "" } = piece;
      const plain = unknown(part.text, reason, prefix, true);
      const name = `${unforeseenName}_${place.span?.start ?? ""}_${part.pos}`;
      keep(state, name, shape === undefined ? plain : { ...plain, shape, ending });
      text += isSingleQuoted(text) ? `'"\${${name}}"'` : `\${${name}}`;
      // A name has no slash: whatever it starts, a shim sees.
      isOpen ||= shape !== "fresh" && shape !== "name";
    }
  }
  return { text, isOpen };
}

function flatten({ parts = [] }: Word): readonly WordPart[] {
  return parts.flatMap((part): readonly WordPart[] =>
    part.type === "DoubleQuoted" || part.type === "LocaleString" ? part.parts : [part],
  );
}

/** Two traps of one place, in a function or a loop, may hold different values. */
function keep(state: State, name: string, text: Unknown): void {
  const before = state.vars.map.get(name)?.value;
  const isSame = before === undefined || isSettled(before, scalar(text));
  const value = scalar(isSame ? text : unknown(text.source, text.reason, "", true));
  setEntry(state.vars, name, { value, exported: false });
}

function isSingleQuoted(before: string): boolean {
  return /^[^"]*'/.test(before.replace(/\\.|"(?:\\.|[^"\\])*"|'[^']*'/gs, ""));
}
