import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Credential } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import { credentials } from "../credentials/credential.js";
import { netrcCredentials } from "../credentials/netrc.js";
import { presentedByLogin } from "../credentials/presented.js";
import { shownPath } from "../credentials/tool.js";
import { parseUrl, type Url } from "../http/url.js";
import type { GitCall } from "./call.js";

/** What a push signs in with over HTTP: the URL's own login, the stored ones, ~/.netrc, or a program that is only named. */
export function pushCredentials(git: GitCall, urls: readonly string[]): readonly Credential[] {
  return urls.slice(0, 4).flatMap((text) => {
    const url = parseUrl(text);
    return url !== undefined && /^https?$/.test(url.scheme) ? credentialsFor(git, url) : [];
  });
}

function credentialsFor({ call, world }: GitCall, url: Url): readonly Credential[] {
  const own = url.user.includes(":") ? credentials(call, world, presentedByLogin(url.user)) : [];
  if (own.length > 0) return own;
  const home = envGet(call.env, "HOME");
  const folder = home !== undefined && isKnown(home) && home !== "" ? home : world.user.home;
  const config = envGet(call.env, "XDG_CONFIG_HOME");
  const second = config !== undefined && isKnown(config) && config !== "" ? config : `${folder}/.config`;
  for (const path of [`${folder}/.git-credentials`, `${second}/git/credentials`]) {
    const content = world.lstat(path).exists ? world.readFile(path, 1 << 18) : undefined;
    if (content?.ok !== true) continue;
    const found = decodeBytes(content.bytes)
      .split(/\r?\n/)
      .flatMap((line) => parseUrl(line) ?? [])
      .find((one) => one.host === url.host && one.user.includes(":") && isFor(one.user, url.user));
    if (found !== undefined)
      return credentials(call, world, presentedByLogin(found.user), `config:${shownPath(path, world)}`);
  }
  const kept = netrcCredentials(call, world, url.host);
  if (kept.length > 0) return kept;
  const asked = envGet(call.env, "GIT_ASKPASS");
  return asked !== undefined && isKnown(asked) && asked !== ""
    ? [{ name: `GIT_ASKPASS ${asked}`, from: "env:GIT_ASKPASS", fingerprint: "" }]
    : [];
}

/** `https://me@host/x` takes the login of that user alone. */
function isFor(login: string, user: string): boolean {
  return user === "" || login.startsWith(`${user}:`);
}
