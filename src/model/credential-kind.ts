/**
 * What a credential is one of, by its shape, its name or the file it lies in. Ids are for data (`--json`, tests); words for people
 * stand in `credentials/kinds.ts`.
 */
export const credentialKinds = ["railway", "generic"] as const;
export type CredentialKind = (typeof credentialKinds)[number];
