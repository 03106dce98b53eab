import type { Credential } from "../model/effect.js";

/** What a credential is, where it lies and what the manifests say of it, as the contract has it. Keys stay in this order. */
export function credentialJson(
  { name, from, standing, places, unsearched }: Credential,
  redact: (text: string) => string = (text) => text,
): Record<string, unknown> {
  return {
    name: redact(name),
    from: redact(from),
    ...(standing === undefined ? {} : { standing }),
    ...(places === undefined
      ? {}
      : {
          places: places.map(({ file, line, key, kind, modified, readAt, change }) => ({
            file: redact(file),
            line,
            ...(key === undefined ? {} : { key: redact(key) }),
            kind,
            modified,
            ...(readAt === undefined ? {} : { readAt }),
            ...(change === undefined ? {} : { change }),
          })),
        }),
    ...(unsearched === undefined ? {} : { unsearched }),
  };
}
