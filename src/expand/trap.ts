import { isKnown, type Unknown, unforeseenName, unknown } from "../model/arg.js";
import type { Span } from "../model/call.js";
import type { Item } from "./builtin.js";
import { perhaps } from "./chain.js";
import { deeper, maxDepth, type Outcome, type Place, placeWith, quietRun } from "./place.js";
import { copyState, type State, type Trap } from "./state.js";
import { isSettled } from "./state-merge.js";
import { deleteEntry, setEntry, table } from "./table.js";
import { assignUnknown, markOdd, scalar } from "./variable.js";

/** `trap TEXT SIGNAL…`. What was there before may have run; what it changes whenever it runs is not known from here on. */
export function setTrap(place: Place, state: State, items: readonly Item[], span: Span): void {
  const [first, ...signals] = items[0]?.arg === "--" ? items.slice(1) : items;
  if (first === undefined || signals.length === 0) return;
  const { arg, held } = first;
  const text = held?.text ?? arg;
  if (!isKnown(arg) && held?.isOpen !== false) evaluateLater(deeper(place, "trap", span), state, arg);
  for (const { arg: signal } of signals) {
    const name = isKnown(signal) ? signal.toUpperCase().replace(/^SIG/, "") : "?";
    const before = isExit(name) ? [] : (state.traps.map.get(name) ?? []);
    for (const trap of before) if (trap.text !== text) runTrap(place, state, name, trap, false);
    if (text === "-" || text === "") deleteEntry(state.traps, name);
    else {
      const prints = before[0]?.text === text ? before[0].prints : true;
      const trap = { text, span: place.span ?? span, certain: true, prints };
      setEntry(state.traps, name, [trap]);
      if (isExit(name) || !isKnown(text) || before[0]?.text === text) continue;
      const mayPrint = noteChanges(deeper(place, "trap", span), state, text);
      setEntry(state.traps, name, [{ ...trap, prints: mayPrint }]);
      // With the functions that there are now: `f() { /bin/rm -rf x; }; trap f DEBUG; :; f() { :; }`
      if (state.routines.map.size > 0) runTrap(place, state, name, trap, false);
    }
  }
}

/** `trap "$(cat list)" EXIT`: what it would run is as little known as what `eval` would. */
function evaluateLater(place: Place, state: State, text: Unknown): void {
  const aside = copyState(state);
  setEntry(aside.vars, unforeseenName, { value: scalar(text), exported: false });
  place.run.walk.text(perhaps(place), aside, `eval "$${unforeseenName}"`);
}

/** `trap 'V=/bin/rm' DEBUG; V=echo; $V -rf x`. Says whether it may print anything. */
function noteChanges(place: Place, state: State, text: string): boolean {
  const aside = copyState(state);
  aside.traps = table();
  const { vars, cwd } = state;
  const before = vars.map;
  const quiet = placeWith(perhaps(place), { run: quietRun(place.run), wanted: true });
  const { output } = place.run.walk.text(quiet, aside, text);
  for (const [name, { value }] of aside.vars.map) {
    const old = before.get(name);
    if (old === undefined || !isSettled(old.value, value)) markOdd(state, name);
  }
  if (aside.cwd !== cwd) state.cwd = unknown("$PWD", "a trap may have changed it");
  return output !== "";
}

/** `set -E; trap 'echo x' ERR; V=$(false)`: what a trap prints stands among what is printed. `before`: those that were set then. */
export function besideTraps(before: State["traps"]["map"], state: State, outcome: Outcome): Outcome {
  const now = state.traps.map;
  const isBeside = mayPrint(before, outcome) || (now !== before && mayPrint(now, outcome));
  return isBeside ? { ...outcome, output: undefined } : outcome;
}

function mayPrint(traps: State["traps"]["map"], { status }: Outcome): boolean {
  for (const [signal, list] of traps) {
    const mayRun = !isExit(signal) && !deadly.test(signal) && (signal !== "ERR" || status !== "ok");
    if (mayRun && list.some(({ prints }) => prints)) return true;
  }
  return false;
}

/** These come from outside, and seldom. */
const deadly = /^(HUP|INT|QUIT|PIPE|TERM|TSTP|[123]|13|15)$/;

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
  // Outside it ran in that very state.
  if (trap.from?.vars === state.vars.map && trap.from.cwd === state.cwd) return;
  const aside = copyState(state);
  aside.traps = table();
  if (!isExit(signal))
    for (const name of state.vars.map.keys())
      if (!name.startsWith(unforeseenName)) assignUnknown(place, aside, name, "may change first");
  const certain = place.certain && atEnd && isExit(signal) && trap.certain;
  const inner = placeWith(deeper(place, "trap", trap.span), { certain });
  place.run.walk.text(inner, aside, trap.text);
  // `trap 'trap "/bin/rm -rf x" DEBUG; :' EXIT`
  if (inner.depth <= maxDepth) runTraps(inner, aside, true);
}

function isExit(signal: string): boolean {
  return signal === "EXIT" || signal === "0";
}
