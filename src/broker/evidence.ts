import type { Evidence, Preview } from "../model/preview.js";

/**
 * What is looked up is there to help; where looking fails, the question is put without it. An exception on the way to a card, or
 * while one is taken down, would else leave its callers waiting for ever, or end the broker.
 */
export function sturdyEvidence(look: () => Evidence | undefined): Evidence | undefined {
  const evidence = attempt(look, undefined);
  if (evidence === undefined) return undefined;
  return {
    now: () => attempt(() => evidence.now(), { found: [], isLooking: false }),
    done: Promise.resolve(attempt(() => evidence.done, undefined)).catch(() => {}),
    stop: () => attempt(() => evidence.stop(), undefined),
  };
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** What is known already, and what is still looked up. */
export function joinEvidence(known: readonly Preview[], looking: Evidence | undefined): Evidence | undefined {
  if (known.length === 0) return looking;
  return {
    now: () => ({
      found: [...known, ...(looking?.now().found ?? [])],
      isLooking: looking?.now().isLooking ?? false,
    }),
    done: looking?.done ?? Promise.resolve(),
    stop: () => looking?.stop(),
  };
}
