import type { Reach, ReachWidth } from "../model/credential-audit.js";
import type { LabelKind } from "../model/scope.js";
import type { Thing } from "../scope/reach.js";

/** What a credential says of itself, without asking anybody. */
export interface Facts extends Reach {
  /** What the labels of a manifest may know it by: its host, its account. */
  readonly things: readonly Thing[];
  /** No credential by itself: the other half of one that lies beside it. */
  readonly isPart?: true;
  /** Only its service can say how far it really reaches: what is said here is the worst that it may be. */
  readonly isUnsure?: true;
}

export function facts(width: ReachWidth, words: string, things: readonly Thing[] = []): Facts {
  return { width, words, things };
}

export function unsure(width: ReachWidth, words: string, things: readonly Thing[] = []): Facts {
  return { ...facts(width, words, things), isUnsure: true };
}

export function word(text: string, ...kinds: readonly LabelKind[]): Thing {
  return { is: "word", kinds, text };
}
