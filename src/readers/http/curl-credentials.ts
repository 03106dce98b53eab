import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import {
  credentials,
  keyCredentials,
  unforeseenCredentials,
  wordCredentials,
} from "../credentials/credential.js";
import { netrcCredentials } from "../credentials/netrc.js";
import { presentedByCookie, presentedByLogin } from "../credentials/presented.js";
import { requestCredentials } from "../credentials/request.js";
import type { Inputs } from "../inputs.js";
import { resolvePath } from "../path.js";
import { isOn, lastOf, type Transfer, valuesOf } from "./curl-transfer.js";
import type { Url } from "./url.js";

export interface Header {
  readonly name: string;
  readonly value: string;
  /** The file it was read from (`-H @file`). */
  readonly file: string | undefined;
}

export interface Headers {
  readonly headers: readonly Header[];
  /** Those that cannot be foreseen. */
  readonly hidden: readonly Unknown[];
}

/** `-H 'Name: value'` and the lines of `-H @file`; headers that cannot be foreseen are told apart. */
export function readHeaders(transfer: Transfer, inputs: Inputs): Headers {
  const headers: Header[] = [];
  const hidden: Unknown[] = [];
  for (const value of valuesOf(transfer, "header")) {
    if (!isKnown(value)) {
      hidden.push(value);
      continue;
    }
    const file = value.startsWith("@") ? value.slice(1) : undefined;
    const text = file === undefined ? value : inputs.readText(file);
    if (!isKnown(text)) hidden.push(text);
    else for (const line of text.split(/\r?\n/)) headers.push(...readHeader(line, file));
  }
  return { headers, hidden };
}

function readHeader(line: string, file: string | undefined): readonly Header[] {
  const [, name, value = ""] = /^([^:;]+)[:;](.*)$/s.exec(line) ?? [];
  return name === undefined ? [] : [{ name: name.trim(), value: value.trim(), file }];
}

interface Sent extends Headers {
  readonly transfer: Transfer;
  readonly url: Url;
  /** As it goes out, with what options add to it. */
  readonly text: string;
  readonly body: Arg | undefined;
}

/** All that would authenticate the request. */
export function readCredentials(sent: Sent, call: Call, world: World): readonly Credential[] {
  const { transfer, headers, hidden, url, text, body } = sent;
  const user = lastOf(transfer, "user");
  const key = lastOf(transfer, "key") ?? lastOf(transfer, "cert");
  return [
    ...requestCredentials(call, world, { url: text, headers: headers.map(absolute), hidden, body }),
    ...(user === undefined ? [] : readLogin(user, call, world)),
    ...wordCredentials(call, world, "bearer token", lastOf(transfer, "oauth2-bearer")),
    ...readCookie(lastOf(transfer, "cookie"), url, call, world),
    ...(key === undefined ? [] : readKey(key, call, world)),
    ...readNetrc(transfer, url, call, world),
  ];

  function absolute({ name, value, file }: Header) {
    const path = file === undefined || file === "-" ? undefined : resolvePath(call, world, file);
    return { name, value, file: path !== undefined && isKnown(path) ? path : file };
  }
}

/** `-u user:password`; an unknown part behind the colon is the password. */
export function readLogin(user: Arg, call: Call, world: World): readonly Credential[] {
  if (isKnown(user)) return credentials(call, world, presentedByLogin(user));
  const colon = user.prefix.indexOf(":");
  return unforeseenCredentials(
    colon > 0 ? `user ${user.prefix.slice(0, colon)}` : "user",
    user,
    user.prefix.slice(colon + 1),
  );
}

/** `-b name=value`, or a file in Netscape's format: seven fields, the last one the value. */
function readCookie(cookie: Arg | undefined, url: Url, call: Call, world: World): readonly Credential[] {
  if (cookie === undefined || cookie === "") return [];
  if (!isKnown(cookie)) return unforeseenCredentials("cookie", cookie);
  if (cookie.includes("=")) return credentials(call, world, presentedByCookie(cookie));
  const path = resolvePath(call, world, cookie);
  const content = path === undefined || !isKnown(path) ? undefined : world.readFile(path, 1 << 20);
  if (content?.ok !== true || path === undefined || !isKnown(path)) return [];
  const pairs = new TextDecoder()
    .decode(content.bytes)
    .split(/\r?\n/)
    .flatMap((line) => {
      const [domain = "", , , , , name = "", value = ""] = line.replace(/^#HttpOnly_/, "").split("\t");
      const bare = domain.replace(/^\./, "");
      return value !== "" && (url.host === bare || url.host.endsWith(`.${bare}`)) ? [`${name}=${value}`] : [];
    });
  return credentials(call, world, presentedByCookie(pairs.join("; ")), `file:${path}`);
}

/** `--key FILE`, `--cert FILE[:PASSWORD]`: known by what the file holds. */
function readKey(word: Arg, call: Call, world: World): readonly Credential[] {
  if (!isKnown(word)) return unforeseenCredentials("client certificate", word, "?");
  const path = resolvePath(call, world, word.replace(/(?<=.):[^:/]*$/, ""));
  return path === undefined || !isKnown(path) ? [] : keyCredentials(call, world, "client certificate", path);
}

function readNetrc(transfer: Transfer, url: Url, call: Call, world: World): readonly Credential[] {
  const named = lastOf(transfer, "netrc-file");
  if (named === undefined && !isOn(transfer, "netrc", "netrc-optional")) return [];
  return netrcCredentials(call, world, url.host, named);
}
