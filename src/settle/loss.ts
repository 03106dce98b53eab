import type { Extent, Recovery } from "../model/effect.js";

/** What the loss of a path would mean, and why. Without `extent` the reader's own stays. */
export interface Loss {
  readonly recovery: Recovery;
  readonly because: string;
  readonly extent?: Extent;
}

export function none(because: string): Loss {
  return { recovery: "none", because };
}

export function recreate(because: string): Loss {
  return { recovery: "recreate", because };
}
