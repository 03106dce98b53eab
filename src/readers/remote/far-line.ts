import type { LineInput } from "../../expand/line.js";
import { showArg } from "../../model/arg.js";
import type { Call, Host, Inner } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { JudgedCall, Origins } from "../../model/judgement.js";
import { placeInside } from "../inner-spans.js";
import { addEffects, type LineState } from "../line-state.js";
import { farCwd, farEnv, startedThere } from "./far.js";
import { mountedEffects } from "./mounted.js";

/** A line that a call has another machine run. */
export type FarLine = Inner & { readonly kind: "line"; readonly host: Host };

/** What reading such a line found out. */
interface Understood {
  readonly calls: readonly JudgedCall[];
  readonly effects: readonly Effect[];
  readonly origins: Origins;
  readonly errors: readonly string[];
  readonly wantsStdin: boolean;
}

/** The line as that machine's shell starts it: with an environment and a folder of its own, and no shim in sight. */
export function farInput(inner: FarLine, outer: Call, depth: number): LineInput {
  const { text, shell, args = [], stdin = outer.stdin, host } = inner;
  return {
    ...{ text, shell, args, stdin, depth },
    via: [...outer.via, inner.via],
    cwd: host.cwd ?? farCwd,
    env: farEnv,
    sight: "never",
    certain: outer.certain,
  };
}

/** Adds what the line does over there to what the call that starts it does, the one at `origin`. */
export function takeFar(
  understood: Understood,
  { text, args = [], host }: FarLine,
  outer: Call,
  state: LineState,
  origin: number | undefined,
): void {
  const outside = placeInside(text, outer.span, state.text);
  const base = state.calls.length;
  const moved = (one: number | undefined) => (one === undefined ? origin : base + one);
  state.calls.push(...understood.calls.map((call) => ({ ...call, span: outside(call.span) })));
  state.origins.calls.push(...understood.origins.calls.map(moved));
  state.errors.push(...understood.errors);
  if (understood.wantsStdin) state.wantsStdin = true;
  addEffects(startedThere(showArg(outer.tool), host, text, args), outer, state, origin);
  for (const [at, effect] of understood.effects.entries()) {
    const span = outside(effect.span);
    const seen = mountedEffects(effect, host).map((one) => ({ ...one, span }));
    addEffects(seen, outer, state, moved(understood.origins.effects[at]));
  }
}
