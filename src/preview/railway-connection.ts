import { isKnown } from "../model/arg.js";
import { envGet } from "../model/env.js";
import { type Transfer, valuesOf } from "../readers/http/curl-transfer.js";
import { isLoopback } from "../readers/http/url.js";
import { resolvePath } from "../readers/path.js";
import type { PreviewInput } from "./previewer.js";
import { LookError } from "./railway-answers.js";
import { isFromBefore, isWithinReach, proxyRefusal } from "./way.js";

/**
 * The lines of a curl config that make it reach the server that the call would reach. The token goes along before any human
 * has said yes, so whoever answers must prove to be Railway: the certificate is always checked, and an authority of the
 * call's own counts only where the session cannot have made it (`--connect-to ::evil.example --cacert ./mine.pem`).
 */
export async function connectionOf(transfer: Transfer, input: PreviewInput): Promise<readonly string[]> {
  const strange = transfer.options.find(({ name, on }) => on && refused.has(name));
  if (strange !== undefined)
    throw new LookError(`the call reaches its server by --${strange.name}, which is not followed`);
  const bends = [...texts(transfer, "connect-to"), ...texts(transfer, "resolve")];
  const authority = authorityOf(transfer, input);
  const isNear = authority !== undefined && isWithinReach(authority, input.world);
  if (isNear && !(bends.length > 0 && bends.every(leadsHome)))
    throw new LookError(`the call trusts "${authority}" for a server that is not on this machine`);
  return [
    ...texts(transfer, "connect-to").map((value) => `connect-to = ${quoted(value)}`),
    ...texts(transfer, "resolve").map((value) => `resolve = ${quoted(value)}`),
    ...(authority === undefined ? [] : [`cacert = ${quoted(authority)}`]),
    ...(isNear ? ['noproxy = "*"'] : await proxyLines(transfer, input)),
    ...transfer.options.flatMap(({ name, on }) => (on && switches.has(name) ? [name] : [])),
  ];
}

/** As a value in a curl config. */
export function quoted(text: string): string {
  // Another line would be another option.
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new LookError("the call holds control characters");
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

const refused: ReadonlySet<string> = new Set(
  (
    "unix-socket abstract-unix-socket preproxy socks4 socks4a socks5 socks5-hostname proxy1.0 doh-url capath cert key engine " +
    "dns-servers dns-interface interface haproxy-protocol request-target netrc-file proxy-insecure proxy-cert"
  ).split(" "),
);
const switches: ReadonlySet<string> = new Set(
  "ipv4 ipv6 http1.1 http2 tlsv1.2 tlsv1.3 proxytunnel".split(" "),
);

function texts(transfer: Transfer, name: string): readonly string[] {
  return valuesOf(transfer, name).map((value) => {
    if (!isKnown(value)) throw new LookError(`where it connects to is not known: ${value.reason}`);
    return value;
  });
}

/** The file of certificate authorities that the call goes by, where that is not the system's. */
function authorityOf(transfer: Transfer, { call, world }: PreviewInput): string | undefined {
  const word =
    valuesOf(transfer, "cacert").at(-1) ??
    (envGet(call.env, "CURL_CA_BUNDLE") || undefined) ??
    (envGet(call.env, "SSL_CERT_FILE") || undefined);
  const path = word === undefined ? undefined : resolvePath(call, world, word);
  if (path === undefined) return undefined;
  if (!isKnown(path)) throw new LookError("the certificate authority of the call is not known");
  const real = world.realpath(path);
  if (!isFromBefore(real, world))
    throw new LookError(`the call trusts "${path}", which was not there before the session`);
  return real;
}

/** `HOST:PORT:127.0.0.1:PORT`, `HOST:PORT:127.0.0.1` */
function leadsHome(bend: string): boolean {
  const [, to = ""] = /^(?:\[[^\]]*\]|[^:]*):\d*:(\[[^\]]*\]|[^:,]*)(?::\d*)?$/.exec(bend) ?? [];
  return isLoopback(to);
}

async function proxyLines(transfer: Transfer, { env, recipients }: PreviewInput): Promise<readonly string[]> {
  const own = ["proxy", "proxy-user", "noproxy"].flatMap((name) =>
    texts(transfer, name).map((value) => `${name} = ${quoted(value)}`),
  );
  const proxy = proxyVariables
    .map((name) => env.get(name))
    .find((value) => value !== undefined && value !== "");
  const except = env.get("no_proxy") ?? env.get("NO_PROXY");
  for (const address of [...texts(transfer, "proxy"), ...(proxy === undefined ? [] : [proxy])]) {
    const reason = await proxyRefusal(address, recipients);
    if (reason !== undefined) throw new LookError(reason);
  }
  const login = texts(transfer, "proxy-user");
  if (login.some((one) => !recipients.stood(one))) throw new LookError("its proxy wants a login of its own");
  // Options come later and win.
  return [
    ...(proxy === undefined ? [] : [`proxy = ${quoted(proxy)}`]),
    ...(except === undefined ? [] : [`noproxy = ${quoted(except)}`]),
    ...own,
  ];
}

const proxyVariables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;
