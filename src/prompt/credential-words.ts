import { assertNever } from "../model/assert-never.js";
import { credentialName, originFile } from "../model/credential-origin.js";
import type { Credential, CredentialPlace } from "../model/effect.js";
import { manifestName } from "../model/manifest-name.js";
import { type Around, showPath } from "../model/shown-path.js";
import { ageWords, dayWords } from "./time-words.js";

/** From where, and when, somebody looks. */
export interface CredentialView {
  /** Left out: paths stay absolute. */
  readonly around?: Around | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Of what it is used on; left out or `unknown`: not said. */
  readonly environment?: string | undefined;
  /** All files that hold it, and its fingerprint. */
  readonly isWhole?: boolean;
}

/**
 * Where a credential came from, where else it lies, and what the manifest says of it: `RAILWAY_TOKEN from variable TOKEN; the same
 * lies in infra/.env:3, last changed in March, first read 2 minutes ago; not named in holdpoint.yaml for production`. Raw.
 */
export function credentialWords(credential: Credential, view: CredentialView): string {
  const { fingerprint, places = [], standing, unsearched } = credential;
  const file = originFile(credential, homeOf(view));
  const own = places.filter((place) => place.file === file);
  const others = places.filter((place) => place.file !== file);
  const origin =
    own.length > 0 ? `from ${placesWords(own.slice(0, 1), view)}` : originWords(credential, view);
  const isPrinted = fingerprint !== "" && (places.length === 0 || view.isWhole === true);
  const parts = [
    `${credentialName(credential)} ${origin}${isPrinted ? `, fingerprint ${fingerprint}` : ""}`,
    others.length === 0 ? "" : `the same lies in ${placesWords(others, view)}`,
    unsearched === true ? "not all files were looked through" : "",
    standingWords(standing, view),
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** The same as one text, where no line of its own warns. */
export function credentialText(credential: Credential, view: CredentialView): string {
  const words = credentialWords(credential, view);
  return credential.standing === "unrelated" ? `${words}; unrelated to the purpose` : words;
}

/** The same in a few words: `RAILWAY_TOKEN from infra/.env:3 (unrelated to the purpose)`. */
export function briefCredential(credential: Credential, view: CredentialView): string {
  const [place] = credential.places ?? [];
  const where = place === undefined ? originWords(credential, view) : `from ${spotWords(place, view)}`;
  const stands =
    credential.standing === "unrelated"
      ? "unrelated to the purpose"
      : standingWords(credential.standing, view);
  const isFine = stands === "" || credential.standing === "named";
  return `${credentialName(credential)} ${where}${isFine ? "" : ` (${stands})`}`;
}

/** A line of its own for a credential that the work has nothing to do with; undefined for any other. */
export function warningWords(credential: Credential, view: CredentialView): string | undefined {
  if (credential.standing !== "unrelated") return undefined;
  const origin = originFile(credential, homeOf(view));
  const found = new Set((credential.places ?? []).map(({ file }) => file));
  const [first, ...more] = found.size === 0 && origin !== undefined ? [origin] : found;
  const where = first === undefined ? "" : ` comes from ${show(first, view)}${moreFiles(more.length)},`;
  return `${credentialName(credential)}${where === "" ? " is" : where} unrelated to the purpose`;
}

function moreFiles(count: number): string {
  if (count === 0) return "";
  return count === 1 ? " and another file" : ` and ${count} other files`;
}

function standingWords(
  standing: Credential["standing"],
  { environment = "unknown" }: CredentialView,
): string {
  const here = environment === "unknown" ? "" : ` for ${environment}`;
  switch (standing) {
    case "named":
      return `named in ${manifestName}${here}`;
    case "other":
      return environment === "unknown"
        ? `named in ${manifestName} for something else`
        : `named in ${manifestName}, but not${here}`;
    case "unnamed":
      return `not named in ${manifestName}${here}`;
    // A line of its own says so.
    case "unrelated":
    case undefined:
      return "";
    default:
      return assertNever(standing);
  }
}

function originWords({ from }: Credential, view: CredentialView): string {
  const [, kind, place = ""] = /^(env|file|config|profile):(.*)$/s.exec(from) ?? [];
  switch (kind) {
    case "env":
      return `from variable ${place}`;
    case "profile":
      return `from profile ${place}`;
    case "file":
    case "config":
      return `from ${show(place, view)}`;
    default:
      return from === "literal" ? "written in the command" : `from ${from}`;
  }
}

/** The likeliest with what is known of it, and the others: by their number, or each. */
function placesWords([first, ...more]: readonly CredentialPlace[], view: CredentialView): string {
  if (first === undefined) return "";
  const isWhole = view.isWhole === true;
  const { modified, readAt } = first;
  const parts = [
    `${spotWords(first, view)}${more.length === 0 || isWhole ? "" : ` and ${more.length} more`}`,
    `last changed ${dayWords(modified, view.now)}`,
    ...(readAt === undefined ? [] : [`first read ${ageWords(readAt, view.now)}`]),
    ...(isWhole && more.length > 0
      ? [`and in ${more.map((place) => spotWords(place, view)).join(", ")}`]
      : []),
  ];
  return parts.join(", ");
}

function spotWords({ file, line, change }: CredentialPlace, view: CredentialView): string {
  const spot = line > 0 ? `${show(file, view)}:${line}` : show(file, view);
  if (change === undefined) return spot;
  return `${spot} (${change === "new" ? "written in this session" : "no longer there"})`;
}

function homeOf({ around }: CredentialView): string {
  return around?.home ?? "~";
}

function show(path: string, { around }: CredentialView): string {
  return around === undefined ? path : showPath(path, around);
}
