import { isKnown, type Unknown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { Call } from "../model/call.js";
import type { Credential } from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { credential, isCredentialHeader } from "./credentials.js";
import { isOn, lastOf, type Transfer, valuesOf } from "./curl-transfer.js";
import type { Inputs } from "./inputs.js";
import { resolvePath } from "./path.js";
import type { Url } from "./url.js";

export interface Header {
  readonly name: string;
  readonly value: string;
  /** The file it was read from (`-H @file`). */
  readonly file: string | undefined;
}

/** `-H 'Name: value'` and the lines of `-H @file`; headers that cannot be foreseen are told apart. */
export function readHeaders(
  transfer: Transfer,
  inputs: Inputs,
): { readonly headers: readonly Header[]; readonly hidden: readonly Unknown[] } {
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

/** All that would authenticate the request. */
export function readCredentials(
  transfer: Transfer,
  headers: readonly Header[],
  url: Url,
  call: Call,
  world: World,
): readonly Credential[] {
  const found = headers
    .filter(({ name, value }) => isCredentialHeader(name) && !/^(bearer|basic|token)?$/i.test(value))
    .map(({ name, value, file }) => credential(call, world, name.toLowerCase(), value, file));
  const user = lastOf(transfer, "user") ?? url.user;
  if (isKnown(user) && user !== "")
    found.push(credential(call, world, `user ${user.split(":")[0]}`, secretOf(user)));
  const bearer = lastOf(transfer, "oauth2-bearer");
  if (bearer !== undefined && isKnown(bearer)) found.push(credential(call, world, "bearer token", bearer));
  const cookie = lastOf(transfer, "cookie");
  if (cookie !== undefined && isKnown(cookie)) {
    const file = cookie.includes("=") ? undefined : cookie;
    found.push(credential(call, world, "cookie", cookie, file));
  }
  const key = lastOf(transfer, "key") ?? lastOf(transfer, "cert");
  if (key !== undefined && isKnown(key)) found.push(credential(call, world, "client certificate", key, key));
  return [...found, ...readNetrc(transfer, url, call, world)];
}

function secretOf(user: string): string {
  const colon = user.indexOf(":");
  return colon < 0 ? user : user.slice(colon + 1);
}

/** ~/.netrc: words in pairs, `machine HOST login USER password SECRET`. */
function readNetrc(transfer: Transfer, url: Url, call: Call, world: World): readonly Credential[] {
  const named = lastOf(transfer, "netrc-file");
  if (named === undefined && !isOn(transfer, "netrc", "netrc-optional")) return [];
  const home = envGet(call.env, "HOME");
  const path = resolvePath(
    call,
    world,
    named ?? `${home !== undefined && isKnown(home) ? home : world.user.home}/.netrc`,
  );
  if (path === undefined || !isKnown(path)) return [];
  const content = world.readFile(path, 1 << 20);
  if (!content.ok) return [];
  const words = decodeBytes(content.bytes).split(/\s+/);
  const start = words.findIndex((word, at) => word === url.host && words[at - 1] === "machine");
  const from = start < 0 ? words.indexOf("default") : start;
  if (from < 0) return [];
  const end = words.indexOf("machine", from);
  const entry = words.slice(from, end < 0 ? undefined : end);
  const password = entry[entry.indexOf("password") + 1];
  if (password === undefined || !entry.includes("password")) return [];
  return [credential(call, world, `netrc ${url.host}`, password, path)];
}
