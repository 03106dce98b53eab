import { parseJson } from "../value.js";

/** One secret of what a call presents. */
export interface Presented {
  readonly name: string;
  readonly secret: string;
  /** It goes along with the one before: a user that is half of a login. */
  readonly isPair?: true;
}

/** `Authorization: Bearer X`, `Basic dXNlcjpw`, `Cookie: session=X`, `X-Api-Key: X`. */
export function presentedByHeader(header: string, value: string): readonly Presented[] {
  const name = header.toLowerCase();
  if (name === "cookie") return presentedByCookie(value);
  const [, scheme = "", rest = ""] = /^([A-Za-z][\w-]*)(?:\s+(.*))?$/s.exec(value.trim()) ?? [];
  if (/^basic$/i.test(scheme)) return presentedByLogin(decodeBase64(rest), name);
  // The answer to a challenge tells no secret.
  if (/^(digest|negotiate|ntlm)$/i.test(scheme)) return [];
  const key = /^aws4-/i.test(scheme) ? /Credential=([^/,\s]+)/.exec(rest)?.[1] : undefined;
  const secret = key ?? secretInHeader(value);
  return secret === "" ? [] : [{ name, secret }];
}

/** Without the scheme: `Bearer X`, `token X`, `Token token="X"`. */
export function secretInHeader(value: string): string {
  const [, rest] =
    /^(?:bearer|basic|token|apikey|bot|key|ssws|dpop|oauth|genie\w*|[A-Za-z][\w-]*(?=\s+\S+$))(?:\s+(.*))?$/is.exec(
      value.trim(),
    ) ?? [];
  const bare =
    rest === undefined ? (/^(bearer|basic|token|apikey)$/i.test(value.trim()) ? "" : value.trim()) : rest;
  return bare.replace(/^token=/i, "").replace(/^"(.*)"$/s, "$1");
}

/**
 * `user:password`. The password is the secret; where there is none, or one that says nothing, the user is: Stripe's keys,
 * `token:x-oauth-basic`.
 */
export function presentedByLogin(login: string, name?: string): readonly Presented[] {
  const colon = login.indexOf(":");
  const user = colon < 0 ? login : login.slice(0, colon);
  const password = colon < 0 ? "" : login.slice(colon + 1);
  if (login === "") return [];
  const isEmpty = password === "" || /^(x-oauth-basic|x|api_token|unused|nil)$/i.test(password);
  if (isEmpty) return user === "" ? [] : [{ name: name ?? `user ${shownUser(user)}`, secret: user }];
  const own: Presented = { name: name ?? `user ${shownUser(user)}`, secret: password };
  return isTokenLike(user) ? [own, { name: "user", secret: user, isPair: true }] : [own];
}

/** A user that is a token is no name to be shown; how it begins says what kind it is (`sk_test_`). */
function shownUser(user: string): string {
  return isTokenLike(user) ? `${/^(?:[A-Za-z]{2,}[_-])*/.exec(user)?.[0] ?? ""}…` : user;
}

/** Cookies with telling names; else those that are long enough; else all of it. */
export function presentedByCookie(text: string): readonly Presented[] {
  const pairs = text.split(";").flatMap((pair) => {
    const [, name, value] = /^\s*([^=\s]+)=(.*?)\s*$/s.exec(pair) ?? [];
    return name === undefined || value === undefined || value === ""
      ? []
      : [{ name, value: value.replace(/^"(.*)"$/s, "$1") }];
  });
  const telling = pairs.filter(({ name }) => /sess|token|auth|sid$|jwt|secret|key|login|csrf/i.test(name));
  const chosen = telling.length > 0 ? telling : pairs.filter(({ value }) => value.length >= 16);
  if (chosen.length === 0) return text.trim() === "" ? [] : [{ name: "cookie", secret: text }];
  return chosen.map(({ value }, at) => ({
    name: "cookie",
    secret: value,
    ...(at > 0 && { isPair: true as const }),
  }));
}

/** `?access_token=X`; a `key` or `token` that is no secret's shape is some other key. */
export function presentedByQuery(query: string): readonly Presented[] {
  if (query === "") return [];
  return [...new URLSearchParams(query)].flatMap(([name, secret]) => presentedByField(name, secret));
}

/** The fields of a JSON body or a form that authenticate who sends it. */
export function presentedByBody(body: string): readonly Presented[] {
  if (body.length > maxBody || !telling.test(body)) return [];
  const json = parseJson(body);
  if (json.ok)
    return json.value.kind !== "object"
      ? []
      : [...json.value.fields].flatMap(([name, value]) =>
          value.kind === "scalar" ? presentedByField(name, value.text) : [],
        );
  return /^[\w.[\]%-]{1,100}=/.test(body) && !body.includes("\n") ? presentedByQuery(body) : [];
}

function presentedByField(name: string, secret: string): readonly Presented[] {
  const plain = name.replace(/[_-]/g, "").toLowerCase();
  if (secret.length < 8) return [];
  if (certain.has(plain)) return [{ name, secret }];
  return /^(key|token|auth|secret)$/.test(plain) && isTokenLike(secret) ? [{ name, secret }] : [];
}

const certain: ReadonlySet<string> = new Set(
  "accesstoken apikey apitoken authtoken privatetoken clientsecret secretkey apisecret accesskey refreshtoken authkey".split(
    " ",
  ),
);
const telling = /token|key|auth|secret/i;
const maxBody = 65_536;

/** Long, without blanks or slashes, letters and digits mixed. */
function isTokenLike(text: string): boolean {
  return (
    /^[\w.~+=-]{16,}$/.test(text) &&
    /\d/.test(text) &&
    /[A-Za-z]/.test(text) &&
    !/^[\w+-]+\.[a-z]{2,}$/i.test(text)
  );
}

function decodeBase64(text: string): string {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, "base64").toString("utf8") : "";
}
