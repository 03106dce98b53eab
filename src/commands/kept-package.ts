import type { Places } from "./places.js";
import { keepKnowledge } from "./stored-knowledge.js";

/**
 * An upgrade replaces or removes the package's files. What the judge of this session may still read is read while it is there.
 * Imported where it is needed: it must be the judge's own copy of what keeps texts.
 */
export async function keepPackage(places: Places): Promise<void> {
  await keepKnowledge(places);
  const parts = [
    import("../broker/control-desk.js"),
    import("../launcher/peer.js"),
    import("../trash/purge.js"),
    import("./ending-formats.js"),
  ];
  await Promise.allSettled(parts);
}
