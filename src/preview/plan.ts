import { isKnown } from "../model/arg.js";
import type { Env } from "../model/env.js";
import type { JudgedCall, Judgement } from "../model/judgement.js";
import type { Numbered, Preview } from "../model/preview.js";
import { runsHere } from "./place.js";
import { failed, type Previewer } from "./previewer.js";

/** What one previewer has to look up of one call. */
export interface Job {
  readonly previewer: Previewer;
  readonly call: JudgedCall;
  readonly effects: readonly Numbered[];
}

/** What of a judgement can be looked up: the effects that a human has to let through. `left`: what is too much. */
export function planJobs(
  { calls, effects, matches, origins }: Judgement,
  previewers: readonly Previewer[],
): { readonly jobs: readonly Job[]; readonly left: readonly Preview[] } {
  const held = new Set(matches.flatMap(({ verdict, effect }) => (verdict === "allow" ? [] : [effect])));
  const jobs: (Job & { readonly effects: Numbered[] })[] = [];
  for (const at of [...held].toSorted((a, b) => a - b)) {
    const effect = effects[at];
    const call = calls[origins.effects[at] ?? -1];
    if (effect === undefined || call === undefined || !runsHere(effect, call)) continue;
    for (const previewer of previewers) {
      if (!previewer.fits({ at, effect }, call)) continue;
      const job = jobs.find((each) => each.previewer === previewer && each.call === call);
      if (job === undefined) jobs.push({ previewer, call, effects: [{ at, effect }] });
      else job.effects.push({ at, effect });
    }
  }
  const left = jobs
    .slice(most)
    .flatMap(({ previewer, effects: rest }) =>
      rest.map(({ at }): Preview => ({ ...failed(at, tooMany), kind: previewer.kind, tookMs: 0 })),
    );
  return { jobs: jobs.slice(0, most), left };
}

const most = 8;
const tooMany = `not looked up: this asks about more than ${most} calls at once`;

/** Of a call's environment what is known, the session's own variables left out. */
export function knownVariables(env: Env): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const seen = new Set<string>();
  for (let at: Env | undefined = env; at !== undefined; at = at.outer)
    for (const [name, value] of at.layer) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (value !== undefined && isKnown(value) && !/^(HOLDPOINT_|BASH_ENV$|ENV$|ZDOTDIR$)/.test(name))
        found.set(name, value);
    }
  return found;
}
