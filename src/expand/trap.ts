import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { Span } from "../model/call.js";
import { perhaps } from "./chain.js";
import { deeper, maxDepth, type Place, placeWith, quietRun } from "./place.js";
import { copyState, type State, type Trap } from "./state.js";
import { isSettled } from "./state-merge.js";
import { deleteEntry, setEntry, table } from "./table.js";
import { assignUnknown, markOdd } from "./variable.js";

/** `trap TEXT SIGNAL…`. What was there before may have run; what it changes whenever it runs is not known from here on. */
export function setTrap(place: Place, state: State, args: readonly Arg[], span: Span): void {
  const [text, ...signals] = args[0] === "--" ? args.slice(1) : args;
  if (text === undefined || signals.length === 0) return;
  for (const signal of signals) {
    const name = isKnown(signal) ? signal.toUpperCase().replace(/^SIG/, "") : "?";
    const before = isExit(name) ? [] : (state.traps.map.get(name) ?? []);
    for (const trap of before) if (trap.text !== text) runTrap(place, state, name, trap, false);
    if (text === "-" || text === "") deleteEntry(state.traps, name);
    else {
      const trap = { text, span: place.span ?? span, certain: true };
      setEntry(state.traps, name, [trap]);
      if (isExit(name) || !isKnown(text) || before[0]?.text === text) continue;
      noteChanges(deeper(place, "trap", span), state, text);
      // With the functions that there are now: `f() { /bin/rm -rf x; }; trap f DEBUG; :; f() { :; }`
      if (state.routines.map.size > 0) runTrap(place, state, name, trap, false);
    }
  }
}

/** `trap 'V=/bin/rm' DEBUG; V=echo; $V -rf x` */
function noteChanges(place: Place, state: State, text: string): void {
  const aside = copyState(state);
  aside.traps = table();
  const { vars, cwd } = state;
  const before = vars.map;
  place.run.walk.text(placeWith(perhaps(place), { run: quietRun(place.run) }), aside, text);
  for (const [name, { value }] of aside.vars.map) {
    const old = before.get(name);
    if (old === undefined || !isSettled(old.value, value)) markOdd(state, name);
  }
  if (aside.cwd !== cwd) state.cwd = unknown("$PWD", "a trap may have changed it");
}

/**
 * Runs what `trap` set. At the end the EXIT trap sees the shell's last state; the others may fire anywhere, so that
 * whatever the line assigns is unknown to them: `trap '/bin/rm -rf $X' DEBUG; X=/srv; :; X=`.
 */
export function runTraps(place: Place, state: State, atEnd: boolean): void {
  const { traps } = state;
  if (traps.map.size === 0) return;
  if (atEnd) state.traps = table();
  for (const [signal, list] of traps.map)
    if (atEnd || isExit(signal)) for (const trap of list) runTrap(place, state, signal, trap, atEnd);
}

function runTrap(place: Place, state: State, signal: string, trap: Trap, atEnd: boolean): void {
  if (!isKnown(trap.text)) return;
  const aside = copyState(state);
  aside.traps = table();
  if (!isExit(signal))
    for (const name of state.vars.map.keys()) assignUnknown(place, aside, name, "may change first");
  const certain = place.certain && atEnd && isExit(signal) && trap.certain;
  const inner = placeWith(deeper(place, "trap", trap.span), { certain });
  place.run.walk.text(inner, aside, trap.text);
  // `trap 'trap "/bin/rm -rf x" DEBUG; :' EXIT`
  if (inner.depth <= maxDepth) runTraps(inner, aside, true);
}

function isExit(signal: string): boolean {
  return signal === "EXIT" || signal === "0";
}
