import { isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { credential, isCredentialHeader, netrcCredentials } from "../credentials.js";
import type { Inputs } from "../inputs.js";
import { isOn, lastOf, type Transfer, valuesOf } from "./curl-transfer.js";
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

function readNetrc(transfer: Transfer, url: Url, call: Call, world: World): readonly Credential[] {
  const named = lastOf(transfer, "netrc-file");
  if (named === undefined && !isOn(transfer, "netrc", "netrc-optional")) return [];
  return netrcCredentials(call, world, url.host, named);
}
