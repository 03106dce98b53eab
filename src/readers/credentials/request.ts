import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { parseUrl } from "../http/url.js";
import { credentials, isCredentialHeader, unforeseenHeader } from "./credential.js";
import { presentedByBody, presentedByHeader, presentedByLogin, presentedByQuery } from "./presented.js";

/** What of an HTTP request may authenticate it, whatever program sends it. */
export interface RequestParts {
  readonly url: string;
  /** `file`: where the header was read from. */
  readonly headers: readonly {
    readonly name: string;
    readonly value: string;
    readonly file?: string | undefined;
  }[];
  /** Headers that are not known to their end. */
  readonly hidden?: readonly Unknown[];
  readonly body?: Arg | undefined;
}

export function requestCredentials(call: Call, world: World, parts: RequestParts): readonly Credential[] {
  const url = parseUrl(parts.url);
  const { body } = parts;
  return [
    ...parts.headers
      .filter(({ name }) => isCredentialHeader(name))
      .flatMap(({ name, value, file }) =>
        credentials(
          call,
          world,
          presentedByHeader(name, value),
          file === undefined ? undefined : `file:${file}`,
        ),
      ),
    ...(parts.hidden ?? []).flatMap(unforeseenHeader),
    ...(url === undefined
      ? []
      : [
          ...credentials(call, world, presentedByLogin(url.user)),
          ...credentials(call, world, presentedByQuery(url.query)),
        ]),
    ...(body !== undefined && isKnown(body) ? credentials(call, world, presentedByBody(body)) : []),
  ];
}

/** Pairs, as most readers keep them. */
export function namedHeaders(
  pairs: readonly (readonly [name: string, value: string])[],
): RequestParts["headers"] {
  return pairs.map(([name, value]) => ({ name, value }));
}
