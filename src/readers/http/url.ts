export interface Url {
  /** Lower case, no colon. */
  readonly scheme: string;
  /** Lower case, in ASCII, no port, no trailing dot, IPv6 without brackets. */
  readonly host: string;
  /** As written, "" for the scheme's own. */
  readonly port: string;
  /** Begins with `/`; without query and fragment. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** `user:password`, decoded; "" without. */
  readonly user: string;
}

/**
 * Reads a URL as curl does, who guesses a missing scheme. Not `new URL`: that takes a backslash for a slash, so that
 * `https://localhost\@api.example.com/` would be judged as localhost and sent to the API.
 */
export function parseUrl(text: string, defaultScheme = "http"): Url | undefined {
  const trimmed = text.replace(/^[\s\0]+|[\s\0]+$/g, "");
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/{1,3})?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/s.exec(
    trimmed,
  );
  if (match === null) return undefined;
  const [, given, authority = "", path = "", query = ""] = match;
  const scheme = given?.toLowerCase() ?? guessScheme(authority, defaultScheme);
  if (scheme === "file") {
    const [, rest = ""] = /^file:(?:\/\/)?(.*)$/is.exec(trimmed) ?? [];
    const local = rest.replace(/^(localhost|127\.0\.0\.1)(?=\/)/i, "").replace(/[?#].*$/s, "");
    return { scheme, host: "", port: "", path: decode(local), query: "", user: "" };
  }
  const at = authority.lastIndexOf("@");
  const server = authority.slice(at + 1);
  const [, bracketed, name = "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(server) ?? [];
  const host = bracketed?.toLowerCase() ?? asciiHost(name);
  if (host === "") return undefined;
  return {
    scheme,
    host,
    port,
    path: path === "" ? "/" : path,
    query,
    user: at < 0 ? "" : decode(authority.slice(0, at)),
  };
}

/** For people, rules and grants: no password, no fragment. */
export function showUrl(url: Url): string {
  const host = /^[0-9a-f:.]*:[0-9a-f:.%]*$/.test(url.host) ? `[${url.host}]` : url.host;
  const port = url.port === "" ? "" : `:${url.port}`;
  const query = url.query === "" ? "" : `?${url.query}`;
  return `${url.scheme}://${host}${port}${url.path}${query}`;
}

/** This machine itself, by name or address; `.localhost` never leaves it (RFC 6761). */
export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1|0\.0\.0\.0|\[::1\])$/.test(host);
}

function guessScheme(authority: string, defaultScheme: string): string {
  const [, known] = /^(ftp|dict|ldap|imap|smtp|pop3)\./i.exec(authority) ?? [];
  return known?.toLowerCase() ?? defaultScheme;
}

/** Percent-decoded, IDNA and numeric forms (127.1, 0x7f000001) resolved, as curl and getaddrinfo(3) would. */
function asciiHost(name: string): string {
  const bare = decode(name).replace(/\.$/, "");
  if (/^[a-z0-9_.-]+$/.test(bare) && !/^[0-9x.]+$/.test(bare)) return bare;
  try {
    return new URL(`http://${bare}/`).hostname.replace(/\.$/, "");
  } catch {
    return bare.toLowerCase();
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
