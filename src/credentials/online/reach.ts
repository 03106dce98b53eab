import type { OnlineReach, ReachWidth } from "../../model/credential-audit.js";

export interface Holder {
  /** Account, user or role. */
  readonly account?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expires?: number | undefined;
}

/** Its service took it. `words`: lower case, no full stop. */
export function alive(width: ReachWidth, words: string, { account, expires }: Holder = {}): OnlineReach {
  return {
    kind: "alive",
    width,
    words,
    ...(account === undefined || account === "" ? {} : { account }),
    ...(expires === undefined || Number.isNaN(expires) ? {} : { expires }),
  };
}

/** Refused by its service as a credential, in so many words: whoever reads it leaves the credential alone. */
export function dead(words = "refused: revoked, expired or never real"): OnlineReach {
  return { kind: "dead", words };
}

export function failed(words: string): OnlineReach {
  return { kind: "failed", words };
}

export function unasked(words: string): OnlineReach {
  return { kind: "unasked", words };
}

/** `a, b, c and 4 more`; `none` where there is none. */
export function listed(names: readonly string[], none: string, most = 5): string {
  if (names.length === 0) return none;
  const rest = names.length - most;
  return rest <= 0 ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${rest} more`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
