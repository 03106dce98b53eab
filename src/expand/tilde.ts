import { unknown } from "../model/arg.js";
import { expanded, hole, literal, type Piece, quoted } from "./piece.js";
import type { Place } from "./place.js";
import type { State } from "./state.js";
import { readVariable } from "./variable.js";
import { hidesParameter } from "./zsh.js";

/** Tildes also follow the `=` and `:` of what assigns: a whole word (`PATH=~/a`), or the value alone. */
export type Assigned = "no" | "word" | "value";

/** Unquoted text as it stands in a word: tildes, and backslashes that quote one character. */
export function readLiteral(
  place: Place,
  state: State,
  text: string,
  at: { readonly first: boolean; readonly last: boolean; readonly assigned: Assigned },
): readonly Piece[] {
  if (place.run.shell === "zsh" && hidesParameter(text)) return [hole("is an expansion of zsh's own", true)];
  if (!/[~\\]/.test(text)) return text === "" ? [] : [literal(text)];
  const pieces: Piece[] = [];
  let run = "";
  const flush = () => {
    if (run !== "") pieces.push(literal(run));
    run = "";
  };
  const isAssigned = at.assigned !== "no";
  let mayStart = at.first;
  let sawEquals = false;
  for (let i = 0; i < text.length; ) {
    const char = text.charAt(i);
    if (char === "~" && mayStart) {
      const name = /^[^/:\\]*/.exec(text.slice(i + 1))?.[0] ?? "";
      const end = i + 1 + name.length;
      const whole = end < text.length ? text[end] !== "\\" && (text[end] === "/" || isAssigned) : at.last;
      const home = whole ? readHome(place, state, name) : undefined;
      if (home !== undefined) {
        flush();
        pieces.push(home);
        i = end;
        mayStart = false;
        continue;
      }
    }
    if (char === "\\" && i + 1 < text.length) {
      flush();
      if (text[i + 1] !== "\n") pieces.push(quoted(text.charAt(i + 1)));
      i += 2;
    } else if (char === "\\" && at.last && text.length > 1) {
      // At the very end of a text: bash keeps it in `-c`, and drops it in a file.
      flush();
      pieces.push(hole("whether the backslash at the end counts is not known", false));
      i += 1;
    } else {
      run += char;
      i += 1;
    }
    mayStart = isAssigned && (char === ":" || (char === "=" && at.assigned === "word" && !sawEquals));
    if (char === "=") sawEquals = true;
  }
  flush();
  return pieces;
}

function readHome(place: Place, state: State, name: string): Piece | undefined {
  const { user } = place.run.world;
  if (name === "") {
    const home = readVariable(place, state, "HOME");
    return expanded(home.kind === "scalar" ? home.text : user.home, true);
  }
  // dash knows neither.
  if (/^[+-]$/.test(name) && place.run.shell === "sh")
    return expanded(unknown(`~${name}`, "not every sh knows it"), true);
  if (name === "+") {
    const here = readVariable(place, state, "PWD");
    return here.kind === "scalar" ? expanded(here.text, true) : undefined;
  }
  if (name === "-") {
    const before = readVariable(place, state, "OLDPWD");
    return before.kind === "scalar" ? expanded(before.text, true) : undefined;
  }
  if (/^[+-]?\d+$/.test(name))
    return expanded(unknown(`~${name}`, "the directory stack is not followed"), true);
  const home = /^[\w.-]+$/.test(name) ? user.homeOf(name) : undefined;
  return home === undefined ? undefined : quoted(home);
}
