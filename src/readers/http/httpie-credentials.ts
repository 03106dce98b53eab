import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { wordCredentials } from "../credentials/credential.js";
import { netrcCredentials } from "../credentials/netrc.js";
import { namedHeaders, requestCredentials } from "../credentials/request.js";
import { type Options, optionValue } from "../options.js";
import { readLogin } from "./curl-credentials.js";
import type { Items } from "./httpie-items.js";
import type { Url } from "./url.js";

interface Sent {
  /** With what the items add to it. */
  readonly address: string;
  readonly items: Items;
  readonly body: Arg | undefined;
  readonly given: Options;
  readonly url: Url;
}

/** Headers, `-a` (`user:password`, or a token), `--bearer`; else the entry of ~/.netrc. */
export function httpieCredentials(sent: Sent, call: Call, world: World): readonly Credential[] {
  const { address, items, body, given, url } = sent;
  const auth = optionValue(given, "auth");
  const isBearer =
    optionValue(given, "auth-type") === "bearer" ||
    (auth !== undefined && isKnown(auth) && !auth.includes(":"));
  const found = [
    ...requestCredentials(call, world, {
      url: address,
      headers: namedHeaders(items.headers),
      hidden: items.doubts,
      body,
    }),
    ...wordCredentials(call, world, "token", optionValue(given, "bearer")),
    ...(auth === undefined
      ? []
      : isBearer
        ? wordCredentials(call, world, "token", auth)
        : readLogin(auth, call, world)),
  ];
  const last = given.given.findLast(({ name }) => name === "ignore-netrc" || name === "no-ignore-netrc");
  if (found.length > 0 || last?.name === "ignore-netrc") return found;
  return netrcCredentials(call, world, url.host);
}
