import type { OnlineReach } from "../../model/credential-audit.js";
import { isSafe } from "./ask.js";

/** Where a service is asked. Only the environment of whoever asks can lead elsewhere, never a file: an agent writes files. */
export interface Endpoint {
  /** `https://api.github.com`, no slash at the end. */
  readonly url: string;
  /** The first that is set counts. */
  readonly variables: readonly EndpointVariable[];
}

export interface EndpointVariable {
  readonly name: string;
  /** From the variable's value to a URL; without it, the value is one, or a host. */
  readonly url?: (value: string) => string;
}

export type Address =
  /** `isOwn`: a variable says so. */
  | { readonly kind: "address"; readonly url: URL; readonly isOwn: boolean }
  | { readonly kind: "none"; readonly words: string };

export function addressOf(
  { url, variables }: Endpoint,
  env: Readonly<Record<string, string | undefined>>,
): Address {
  for (const { name, url: make = asUrl } of variables) {
    const value = env[name]?.trim() ?? "";
    if (value === "") continue;
    const own = parse(make(value));
    if (own === undefined) return { kind: "none", words: `${name} is no https address` };
    return { kind: "address", url: own, isOwn: own.host !== new URL(url).host };
  }
  return { kind: "address", url: new URL(url), isOwn: false };
}

/** An answer of another address than the service's own says so. */
export function toldAt(address: Address, reach: OnlineReach): OnlineReach {
  if (address.kind === "none" || !address.isOwn || reach.kind === "unasked") return reach;
  return { ...reach, words: `${reach.words} (asked at ${address.url.host})` };
}

/** `path` below the endpoint's own path. */
export function below(base: URL, path: string): URL {
  const url = new URL(base.href);
  const [name = "", query = ""] = path.split("?");
  url.pathname = url.pathname.replace(/\/+$/, "") + name;
  url.search = query;
  return url;
}

/** `gitlab.example.com` is a value as good as `https://gitlab.example.com/`. */
export function asUrl(value: string): string {
  return value.includes("://") ? value : `https://${value}`;
}

function parse(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!isSafe(url) || url.username !== "" || url.password !== "") return undefined;
  url.search = "";
  url.hash = "";
  return url;
}
