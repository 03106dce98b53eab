import type { World } from "../model/world.js";
import { parseUrl } from "../readers/http/url.js";
import type { Recipients } from "./recipients.js";

/** Whether a look may go by this proxy, which sees whom it asks and, without TLS, all of it: else why not. */
export async function proxyRefusal(proxy: string, recipients: Recipients): Promise<string | undefined> {
  // It stood in a variable before the agent started.
  if (proxy === "" || recipients.stood(proxy)) return undefined;
  const url = parseUrl(proxy);
  if (url === undefined) return "its proxy is no address";
  const host = url.host.includes(":") ? `[${url.host}]` : url.host;
  const password = url.user.slice(url.user.indexOf(":") + 1);
  return recipients.refusal({
    place: url.port === "" ? host : `${host}:${url.port}`,
    secrets: url.user === "" ? [] : [password],
  });
}

/** The variables by which clients find a proxy. */
export const proxyVariables = /^(https?_proxy|HTTPS?_PROXY|all_proxy|ALL_PROXY)$/;

/** The same of each that the variables name. */
export async function proxiesRefusal(
  env: ReadonlyMap<string, string>,
  recipients: Recipients,
): Promise<string | undefined> {
  for (const [name, value] of env) {
    const reason = proxyVariables.test(name) ? await proxyRefusal(value, recipients) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** A file that was there before the session, and has not changed since. */
export function isFromBefore(path: string, world: World): boolean {
  const stat = world.lstat(world.realpath(path));
  return stat.exists && stat.kind === "file" && stat.changed < world.session.startedAt;
}

/** Whatever lies there, whoever works there may have brought: a key beside a certificate, a host beside a file's name. */
export function isWithinReach(path: string, { realpath, session }: World): boolean {
  const real = realpath(path);
  return [session.workspace, ...session.temporary].some((folder) => `${real}/`.startsWith(`${folder}/`));
}
