import type { CredentialKind } from "../model/credential-kind.js";
import { type SecretLook, secretLooks } from "../model/secret-looks.js";
import { kindByName } from "./kind-by-name.js";
import { isFromManual, isLookAlike } from "./look-alike.js";
import { entropy, wordiness } from "./randomness.js";
import { type Candidate, lineAround, nameBefore, type Source } from "./source.js";
import { readWebToken } from "./web-token.js";

/** What is told by its look alone, wherever it stands: `ghp_…`, `AKIA…`. */
export function findByLook(source: Source): readonly Candidate[] {
  const { text, landmarks } = source;
  const { near } = landmarks;
  if (near === "" || !anyLook.test(near)) return [];
  return secretLooks.flatMap((look) =>
    look.hint.test(near)
      ? [...text.matchAll(look.pattern)].flatMap((match) => read(match, look, source) ?? [])
      : [],
  );
}

/** Looks that are not sought by themselves: they lie beside a telling name, and are recognised there. */
export const besideNames: ReadonlySet<CredentialKind> = new Set([
  "aws-session",
  "bitbucket",
  "crates",
  "twilio",
  "mailchimp",
  "stripe-webhook",
  "sentry",
  "gcp-oauth",
  "databricks",
]);

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
