import type { CredentialKind } from "../model/credential-kind.js";
import { type SecretLook, secretLooks } from "../model/secret-looks.js";
import { kindByName } from "./kind-by-name.js";
import { isFromManual, isLookAlike } from "./look-alike.js";
import { entropy, wordiness } from "./randomness.js";
import { type Candidate, lineAround, nameBefore, type Source } from "./source.js";
import { readWebToken } from "./web-token.js";

/** What is told by its look alone, wherever it stands: `ghp_…`, `AKIA…`. */
export function findByLook(source: Source): readonly Candidate[] {
  const { text } = source;
  if (!(mayLook(text) || rarer.test(text)) || !anyLook.test(longWords(text))) return [];
  return secretLooks.flatMap((look) =>
    look.hint.test(text)
      ? [...text.matchAll(look.pattern)].flatMap((match) => read(match, look, source) ?? [])
      : [],
  );
}

/** Whether anything may have one of the looks that stand without a telling name, at a tenth of what their own hints cost. */
export function mayLook(text: string): boolean {
  return beginnings.some((one) => one.test(text));
}

/** Nearly all are a long word behind a dash or a dot. Each of these takes a nanosecond for a character; more in one take ten. */
const beginnings: readonly RegExp[] = [
  /[_.~-][A-Za-z0-9_-]{16}/,
  /A[KS]IA[A-Z0-9]|AIza|ATATT|eyJ[A-Za-z0-9]|-----BEGIN/,
  /hooks\.slack/,
  /:AA[\w-]{8}/,
];

/** The rest lies beside a name that tells, in all but a text of no form at all. */
const rarer =
  /Key=[\w+/]{16}|dapi[a-f0-9]{8}|\bSK[a-f0-9]{8}|F[wQ]oGZXIv|IQoJb3Jp|\bATBB|\bcio[A-Za-z0-9]{32}|[a-f0-9]-us\d|1\/\/0/;

/** What a value that stands by itself looks like, as in a variable; whether it is in use is another question. */
export function lookOf(value: string): CredentialKind | undefined {
  return alone.find(({ pattern, whole }) => pattern.test(value) && (whole?.test(value) ?? true))?.kind;
}

const alone = secretLooks.map(({ kind, pattern, whole }) => ({
  kind,
  pattern: new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace("g", "")),
  whole,
}));

const anyLook = new RegExp(secretLooks.map(({ hint }) => hint.source).join("|"), "i");

/** Every look has a long word in it; few texts have many, and the hints of all looks at once are slow to try. */
function longWords(text: string): string {
  const words: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (isWordCode[text.charCodeAt(at)] === 1) continue;
    if (at - start >= shortestLook) words.push(text.slice(start, at));
    start = at + 1;
  }
  return words.join("\n");
}

const shortestLook = 16;
const isWordCode = new Uint8Array(1 << 16);
for (const one of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/=:")
  isWordCode[one.charCodeAt(0)] = 1;

function read(match: RegExpMatchArray, look: SecretLook, source: Source): Candidate | undefined {
  const { text, file } = source;
  const value = match.groups?.["s"] ?? match[0];
  const start = (match.index ?? 0) + match[0].lastIndexOf(value);
  const candidate = { value, start, end: start + value.length, key: nameBefore(text, start) };
  if (look.whole !== undefined && !look.whole.test(value)) return undefined;
  if (look.kind === "jwt") return readWebToken(candidate, source);
  if (!isDrawn(value) || isWithin(text, start, look.kind)) return undefined;
  // Manuals are full of these, and they open nothing.
  if (look.kind === "stripe-test" && file.role === "prose") return undefined;
  if (look.kind === "gcp-api-key" && isFirebase(source)) return undefined;
  const named = vague.has(look.kind) ? kindByName(candidate.key ?? "", lineAround(text, start)) : undefined;
  return { kind: named ?? look.kind, ...candidate };
}

/** Looks that several services share. */
const vague: ReadonlySet<CredentialKind> = new Set(["openai", "generic", "stripe"]);

/** Whether what follows the look's own beginning was drawn by chance. The look itself says enough to be lenient. */
function isDrawn(value: string): boolean {
  const body = value.replace(
    /^(?:https:\/\/[^/]*\/[a-z/]*|(?:[A-Za-z]{2,12}\d?[_.-]){1,3}|A[KS]IA|AIza)/,
    "",
  );
  return !isFromManual(value) && !isLookAlike(body) && entropy(body) >= 2.6 && wordiness(body) <= 0.6;
}

/** `sk-` also begins names of styles, `.sk-spinner-…`; and any look may stand in the middle of a picture in base64. */
function isWithin(text: string, start: number, kind: CredentialKind): boolean {
  const before = text[start - 1] ?? "";
  if (kind === "openai" && /[-./]/.test(before)) return true;
  return /[A-Za-z0-9+/]{60}$/.test(text.slice(Math.max(0, start - 60), start));
}

/** The key of a web app's Firebase is in every page that it serves, and keeps nobody out. */
function isFirebase({ text, path }: Source): boolean {
  return (
    /authDomain|\.firebaseapp\.com|messagingSenderId/.test(text) ||
    /google-services\.json$|GoogleService-Info\.plist$/.test(path)
  );
}
