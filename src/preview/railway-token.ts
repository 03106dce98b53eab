import { type Arg, isKnown, originsOf, type Unknown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { CloudEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import { environment } from "../model/secret-file.js";
import { readHeaders } from "../readers/http/curl-credentials.js";
import { lastOf, type Transfer } from "../readers/http/curl-transfer.js";
import { openInputs } from "../readers/inputs.js";
import { storedToken } from "../readers/railway/link.js";
import type { PreviewInput } from "./previewer.js";
import { LookError } from "./railway-answers.js";

/** The header by which a call says who it is. */
export interface Token {
  readonly name: "authorization" | "project-access-token";
  readonly value: string;
  /** The value without `Bearer `: what must be said to nobody else. */
  readonly secret: string;
}

type Source = Pick<PreviewInput, "call" | "world">;

/** As this request of curl would send it. */
export function tokenOfCurl(transfer: Transfer, { call, world }: Source): Token {
  const { headers, hidden } = readHeaders(transfer, openInputs(call, world));
  const bearer = lastOf(transfer, "oauth2-bearer");
  if (bearer !== undefined) return bearerToken(secretIn(bearer, world));
  for (const { name, value } of headers) {
    const lower = name.toLowerCase();
    if (lower === "project-access-token") return plainToken(value);
    if (lower === "authorization" && /^bearer\s/i.test(value)) return bearerToken(value.slice(7).trim());
  }
  for (const word of hidden) {
    const [, name, scheme] = /^\s*([\w-]+)\s*:\s*(bearer\s+)?$/i.exec(word.prefix) ?? [];
    if (name?.toLowerCase() === "project-access-token") return plainToken(secretIn(word, world));
    if (name?.toLowerCase() === "authorization" && scheme !== undefined)
      return bearerToken(secretIn(word, world));
  }
  throw new LookError("no token is known that the call would send");
}

/** As the command line of Railway takes it: a project's token, an account's, the one of the last login. */
export function tokenOfCli({ call, world }: Source): Token {
  const project = envGet(call.env, "RAILWAY_TOKEN");
  if (project !== undefined && project !== "") return plainToken(secretIn(project, world));
  const account = envGet(call.env, "RAILWAY_API_TOKEN");
  if (account !== undefined && account !== "") return bearerToken(secretIn(account, world));
  const stored = storedToken(call, world);
  if (stored === undefined) throw new LookError("nobody is logged in, and no token is set");
  return bearerToken(stored);
}

/** Of other programs: what their readers found out of where the token is taken from. */
export function tokenOfOther({ credentials }: CloudEffect, { call, world }: Source): Token {
  for (const { name, from } of credentials) {
    const [, variable] = /^env:(\w+)$/.exec(from) ?? [];
    const [, file, key] = /^file:(\/[^#]*)#([\w.-]+)$/s.exec(from) ?? [];
    const value = variable === undefined ? undefined : envGet(call.env, variable);
    const secret =
      value !== undefined
        ? secretIn(value, world)
        : file !== undefined && key !== undefined
          ? valueIn(file, key, world)
          : undefined;
    if (secret !== undefined)
      return /^project-access-token$/i.test(name) ? plainToken(secret) : bearerToken(secret);
  }
  throw new LookError("no token is known that the call would send");
}

function bearerToken(secret: string): Token {
  return { name: "authorization", value: `Bearer ${checked(secret)}`, secret };
}

function plainToken(secret: string): Token {
  return { name: "project-access-token", value: checked(secret), secret };
}

/** What stands in a header must not become another one. */
function checked(secret: string): string {
  if (!/^[\w.~+/=:-]{1,4096}$/.test(secret)) throw new LookError("the token is not one that Railway makes");
  return secret;
}

function secretIn(word: Arg, world: PreviewInput["world"]): string {
  return isKnown(word) ? word : unforeseen(word, world);
}

/** `$(sed -n 's/^TOKEN=//p' .env)`: what one file calls so. The call would read it as well. */
function unforeseen({ reason, ending = "" }: Unknown, world: PreviewInput["world"]): string {
  const origins = originsOf(reason).filter(({ file }) => file !== environment);
  const [origin] = origins;
  if (origin?.key === undefined || origins.length > 1 || ending !== "")
    throw new LookError("the token is not known before the line runs");
  return valueIn(origin.file, origin.key, world);
}

/** Only what is Railway's by its name or its form: what else a file keeps is not sent anywhere before a human has said yes. */
function valueIn(file: string, key: string, world: PreviewInput["world"]): string {
  const content = world.readFile(file, 1 << 20);
  const lines = content.ok ? decodeBytes(content.bytes).split(/\r?\n/) : [];
  const values = lines.flatMap((line) => {
    const [, name, text = ""] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === key ? [text.replace(/^(["'])(.*)\1$/, "$2")] : [];
  });
  const [value = "", ...others] = new Set(values);
  const isRailways = /railway/i.test(key) || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
  if (others.length > 0 || !isRailways || !/^[\w.~+/=:-]{8,512}$/.test(value))
    throw new LookError("the token is not known before the line runs");
  return value;
}
