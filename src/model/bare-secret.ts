/**
 * What of a text is the secret itself, as it is known by wherever it stands: of a URL its password
 * (`DATABASE_URL=postgres://app:p%40ss@host/db`), else the whole text.
 */
export function bareSecret(text: string): string {
  const [, password] = /^[a-z][\w+.-]*:\/\/[^/@:?#]*:([^@/?#]+)@/i.exec(text) ?? [];
  return password === undefined ? text.trim() : percentDecoded(password);
}

/** The text itself where it is no percent-encoding. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
