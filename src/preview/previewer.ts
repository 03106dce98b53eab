import type { JudgedCall } from "../model/judgement.js";
import type { Numbered, Preview, PreviewKind } from "../model/preview.js";
import type { World } from "../model/world.js";
import type { Run } from "./child.js";
import type { Recipients } from "./recipients.js";

/** One kind of preview, as `table.ts` lists it: light, for every session reads that. */
export interface Previewer {
  readonly kind: PreviewKind;
  /** What it may start: looked up once, when the session begins. */
  readonly programs: readonly string[];
  /** Milliseconds for each call, where the usual two seconds are too few. */
  readonly patience?: number;
  /** Whether it has something to say of this effect. The call runs here, as this user, and is not `undefined`. */
  fits(numbered: Numbered, call: JudgedCall): boolean;
  /** Loads the module that does it. */
  load(): Promise<Gather>;
}

/** What is found of the effects of one call. May throw: then its message is why it failed. */
export type Gather = (input: PreviewInput) => Promise<readonly Finding[]>;

export type Finding = Pick<Preview, "effect" | "state" | "rows" | "loses" | "environment">;

export interface PreviewInput {
  /** Those of one call that fit, at least one. */
  readonly effects: readonly Numbered[];
  readonly call: JudgedCall;
  /** The known variables of the call's environment, without the session's own. A call's secrets are among them. */
  readonly env: ReadonlyMap<string, string>;
  readonly world: World;
  /** Fires when its time is over; what was found by then still counts, if it comes within moments. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch at which that happens: for a server's own time limit. */
  readonly deadline: number;
  readonly run: Run;
  /** Asked before anything is sent anywhere. */
  readonly recipients: Recipients;
}

export function found(effect: number, rows: readonly string[]): Finding {
  return { effect, state: "found", rows };
}

/** `why`: a sentence, lower case, no full stop: `psql is not installed`. */
export function failed(effect: number, why: string): Finding {
  return { effect, state: "failed", rows: [why] };
}
