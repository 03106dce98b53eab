import { shapes } from "./secret-shapes.js";

/** What stands in place of a secret. It keeps nothing of the value, not even its length. */
const mask = "‹redacted›";

/** Takes secrets out of texts; each of them becomes the same mask. */
export interface Redactor {
  /** The text without its secrets. */
  (text: string): string;
  /** False only where none of these texts, nor a few of them as one argv, holds anything to hide. Cheap. */
  readonly suspects: (texts: readonly string[]) => boolean;
}

/**
 * Removes secrets from texts before anything is written or shown. Values named here are removed wherever they stand, and what
 * `find` says of a text: it knows secrets again without keeping them.
 */
export function createRedactor(
  secrets: Iterable<string> = [],
  find: (text: string) => readonly string[] = () => [],
): Redactor {
  const values = [...new Set(secrets)]
    .filter((value) => value.length >= 8)
    .sort((a, b) => b.length - a.length);
  const plain = new PlainTexts();
  const suspects = (texts: readonly string[]): boolean => {
    const all = texts.join("\n");
    return plain.hasHint(texts) || values.some((value) => all.includes(value)) || find(all).length > 0;
  };
  const redact = (text: string): string => {
    if (text.length < 8 || !suspects([text])) return text;
    let out = text;
    for (const value of values) if (out.includes(value)) out = out.replaceAll(value, mask);
    for (const value of find(out)) out = out.replaceAll(value, mask);
    for (const { pattern } of shapes) out = out.replace(pattern, hide);
    return out;
  };
  return Object.assign(redact, { suspects });
}

/** All strings of a value, however deep. */
export function gatherTexts(value: unknown, into: string[] = []): readonly string[] {
  if (typeof value === "string") into.push(value);
  else if (Array.isArray(value)) for (const item of value) gatherTexts(item, into);
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) gatherTexts(item, into);
  return into;
}

/** All hints. In three: V8 takes three times as long over one of so many alternatives, and a session's first record waits for it. */
const hints = ((): readonly RegExp[] => {
  const sources = [...new Set(shapes.map(({ hint }) => hint.source))];
  const words = sources.filter((source) => /^\\b[\w-]+$/.test(source));
  const starts = sources.filter((source) => source.startsWith("\\b") && !words.includes(source));
  const others = sources.filter((source) => !source.startsWith("\\b"));
  const plain = `\\b(?:${words.map((source) => source.slice("\\b".length)).join("|")})`;
  return [plain, starts.join("|"), others.join("|")].map((source) => new RegExp(source, "i"));
})();

/**
 * Texts without a hint, so that those that stand in every record are looked at once. Only what the shapes say is remembered:
 * that does not change, as what is found in files does.
 */
class PlainTexts {
  private readonly known = new Set<string>();

  hasHint(texts: readonly string[]): boolean {
    // A hint knows no line break, so that what is in none of the texts is not in all of them.
    const fresh = texts.filter((text) => !this.known.has(text));
    if (fresh.length === 0) return false;
    const all = fresh.join("\n");
    if (hints.some((hint) => hint.test(all))) return true;
    if (this.known.size > mostPlain) this.known.clear();
    for (const text of fresh) if (text.length <= longestPlain) this.known.add(text);
    return false;
  }
}

const mostPlain = 1000;
/** Characters. */
const longestPlain = 200;

/** The values of variables that by their name hold secrets: known at the session's start, so no shape is needed for them. */
export function secretValues(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && /pass|secret|token|api_?key|private_?key|access_?key|credential/i.test(name)
      ? [value]
      : [],
  );
}

/**
 * All strings of a value, however deep. The words of an argv are also read as one text: `sshpass -p WORD` and `mysql -pWORD`
 * show only together what is secret in them.
 */
export function redactDeep<T>(value: T, redact: (text: string) => string): T;
export function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return redactList(value, redact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, redactDeep(item, redact)]),
  );
}

function redactList(list: readonly unknown[], redact: (text: string) => string): readonly unknown[] {
  const words = list.filter((item) => typeof item === "string");
  const secrets = words.length > 1 ? secretsIn(words.join(" ")) : [];
  return list.map((item, index) => {
    if (typeof item !== "string") return redactDeep(item, redact);
    const before = list[index - 1];
    const bare = secrets.reduce((text, secret) => text.replaceAll(secret, mask), item);
    return redact(typeof before === "string" ? hideOperand(bare, before) : bare);
  });
}

function secretsIn(text: string): readonly string[] {
  const found: string[] = [];
  for (const { pattern } of shapes) {
    for (const match of text.matchAll(pattern)) {
      const secret = Object.values(match.groups ?? {}).find((group) => typeof group === "string") ?? match[0];
      // Shorter ones would blot out half of the argv, and protect nothing.
      if (secret.length >= 4 && !secret.startsWith("$")) found.push(secret);
    }
  }
  return found;
}

/** Options whose next argument is a secret; of the others here, only what follows the colon is. */
const secretOption =
  /^--?[a-z-]*(?:password|passwd|passphrase|token|secret|api-?key|access-key|bearer|pass)$/i;
const userOption = /^(?:-u|--user|--proxy-user|-U)$/;

function hideOperand(word: string, option: string): string {
  if (word.startsWith("$")) return word;
  if (secretOption.test(option)) return mask;
  const colon = userOption.test(option) ? word.indexOf(":") : -1;
  // `docker run -u 1000:1000`: a user and a group, not a user and a password.
  return colon > 0 && colon < word.length - 1 && !/^\d+:\d+$/.test(word)
    ? `${word.slice(0, colon + 1)}${mask}`
    : word;
}

function hide(match: string, ...rest: unknown[]): string {
  const groups = rest.at(-1);
  if (typeof groups !== "object" || groups === null) return mask;
  const secret = Object.values(groups).find((group): group is string => typeof group === "string");
  if (secret === undefined) return mask;
  // A variable's name is not its value, and worth reading.
  if (/^\$\{?\w+\}?$/.test(secret)) return match;
  // `sed -n 's/^TOKEN=//p' .env`: the end of a pattern.
  if (/^\/{1,2}[a-zA-Z]{0,3}$/.test(secret)) return match;
  const whole = rest.at(-2);
  const start = rest.at(-3);
  if (typeof whole === "string" && typeof start === "number" && isLine(match, secret, whole.slice(0, start)))
    return match;
  const at = match.lastIndexOf(secret);
  return `${match.slice(0, at)}${mask}${match.slice(at + secret.length)}`;
}

/** `~/.vault-token:1`: where a secret lies, by file and line. */
function isLine(match: string, secret: string, before: string): boolean {
  if (!/^\d{1,6}(?![\w.-])/.test(secret) || !match.endsWith(`:${secret}`)) return false;
  const path = /[^\s"'()]*$/.exec(before.slice(-400))?.[0] ?? "";
  return /\/[.\w-]*$/.test(path) && !/[=?&]|:\/\//.test(path);
}
