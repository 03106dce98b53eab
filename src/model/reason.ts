/** Why a record's verdict was not carried out: the session only observes. What reads records goes by it. */
export const observedReason = "observed, not held";
