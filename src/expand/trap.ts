import { isKnown } from "../model/arg.js";
import { deeper, maxDepth, type Place } from "./place.js";
import { copyState, type State } from "./state.js";
import { table } from "./table.js";
import { assignUnknown } from "./variable.js";

/**
 * Runs what `trap` set. At the end the EXIT trap sees the shell's last state; the others may fire anywhere, so that
 * whatever the line assigns is unknown to them: `trap '/bin/rm -rf $X' DEBUG; X=/srv; :; X=`.
 */
export function runTraps(place: Place, state: State, atEnd: boolean): void {
  const { traps } = state;
  if (traps.map.size === 0) return;
  if (atEnd) state.traps = table();
  for (const [signal, list] of traps.map) {
    const isExit = signal === "EXIT" || signal === "0";
    if (!atEnd && !isExit) continue;
    for (const trap of list) {
      if (!isKnown(trap.text)) continue;
      const aside = copyState(state);
      aside.traps = table();
      if (!isExit)
        for (const name of state.vars.map.keys()) assignUnknown(place, aside, name, "may change first");
      const certain = place.certain && atEnd && isExit && trap.certain;
      const inner = { ...deeper(place, "trap", trap.span), certain };
      place.run.walk.text(inner, aside, trap.text);
      // `trap 'trap "/bin/rm -rf x" DEBUG; :' EXIT`
      if (inner.depth <= maxDepth) runTraps(inner, aside, true);
    }
  }
}
