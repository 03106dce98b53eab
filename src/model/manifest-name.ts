/** What a scope manifest is called, in whatever folder. */
export const manifestName = "holdpoint.yaml";
