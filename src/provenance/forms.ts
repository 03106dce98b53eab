/**
 * The texts that the same credential goes by in calls: itself; of a URL its password; of `user:password`, also in Base64 as
 * registries and basic authentication have it, the password alone; and what of it a URL or Base64 makes of it.
 */
export function formsOf(value: string): readonly string[] {
  const text = value.trim();
  const own = text.replace(/^(bearer|basic|token|apikey)\s+/i, "").trim();
  const inside = [...passwordsOf(own), ...passwordsOf(decoded(own))];
  const plain = [own, ...inside].filter((form) => form !== "");
  const hidden = [...plain.map(escaped), ...plain.map(base64)];
  return [...new Set([...plain, ...hidden])].slice(0, most);
}

const most = 8;

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function passwordsOf(text: string): readonly string[] {
  const [, url = ""] = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(text) ?? [];
  if (url !== "") return [url, unescaped(url)];
  const [, password = ""] = /^[^\s:/@]{1,100}:([^\s:/][^\s]{3,})$/.exec(text) ?? [];
  return password === "" ? [] : [text, password];
}

/** Half of a surrogate pair cannot be escaped. */
function escaped(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Base64 of something readable; else empty. */
function decoded(text: string): string {
  if (text.length < 8 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return "";
  const plain = Buffer.from(text, "base64").toString("latin1");
  return /^[\x21-\x7e]+$/.test(plain) ? plain : "";
}
