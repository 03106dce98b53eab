import { credentialName, originFile } from "../model/credential-origin.js";
import type { Credential } from "../model/effect.js";
import type { Manifest, ScopeEnvironment } from "../model/scope.js";
import { aroundOf, showPath } from "../model/shown-path.js";
import type { World } from "../model/world.js";
import { isWithin } from "./globs.js";
import { placesOf } from "./labels.js";
import { isNamedFile } from "./named-files.js";
import { hasAll, namesProduction, tellingWords, wordsOf } from "./purpose-words.js";
import { isHomeStore, isOwnStore } from "./usual-stores.js";

/**
 * `RAILWAY_TOKEN was found in infra/domains/.env, which has nothing to do with "fix the login of staging"`, where that is so of
 * all files that hold it; undefined where one is of the purpose, nobody knows any, or the manifest has no purpose.
 */
export function strayWords(credential: Credential, manifest: Manifest, world: World): string | undefined {
  const purpose = purposeOf(manifest);
  if (purpose === undefined) return undefined;
  // A copy that was made just now says nothing: `cp infra/domains/.env .env.staging`, nor does what the session got by itself.
  const spots = spotsOf(credential, world).filter(({ isNew }) => !isNew);
  if (spots.length === 0 || spots.some((spot) => isRelated(spot, purpose, manifest, world))) return undefined;
  const have = new Set(spots.map(({ file }) => file)).size === 1 ? "has" : "have";
  return `${credentialName(credential)} was found in ${filesShown(spots, world)}, which ${have} nothing to do with ${purpose.shown}`;
}

/** `; it lies in infra/domains/.env`; "" where nobody knows. */
export function placeWords(credential: Credential, world: World): string {
  const spots = spotsOf(credential, world);
  return spots.length === 0 ? "" : `; it lies in ${filesShown(spots, world)}`;
}

interface Purpose {
  /** In quotes, or the environments that it is about. */
  readonly shown: string;
  readonly words: ReadonlySet<string>;
  /** By environment that something may be changed in: the words of its name. */
  readonly open: readonly ReadonlySet<string>[];
  readonly closed: readonly ReadonlySet<string>[];
}

const purposes = new WeakMap<Manifest, { readonly purpose: Purpose | undefined }>();

function purposeOf(manifest: Manifest): Purpose | undefined {
  let known = purposes.get(manifest);
  if (known === undefined) {
    known = { purpose: readPurpose(manifest) };
    purposes.set(manifest, known);
  }
  return known.purpose;
}

function readPurpose({ purpose, environments }: Manifest): Purpose | undefined {
  const open = environments.filter(isOpen).map(({ name }) => name);
  const closed = environments.filter((one) => !isOpen(one)).map(({ name }) => name);
  if (purpose === undefined && open.length === 0) return undefined;
  const own = open.map(wordsOf);
  return {
    shown: purpose === undefined ? open.join(", ") : `"${cut(purpose)}"`,
    words: new Set([...tellingWords(purpose ?? ""), ...own.flatMap((words) => [...words])]),
    open: own,
    closed: closed.map(wordsOf),
  };
}

/** Whether more may be done there than to look: to look, no credential of its own is asked about. */
function isOpen({ allow }: ScopeEnvironment): boolean {
  return allow.some((action) => action !== "read");
}

/** A place that a credential lies in, or is taken from. */
interface Spot {
  readonly file: string;
  readonly key: string | undefined;
  /** It came to stand there in this session. */
  readonly isNew: boolean;
}

function spotsOf(credential: Credential, world: World): readonly Spot[] {
  const { fingerprint, places = [] } = credential;
  const named = originFile(credential, world.user.home);
  const file = named === undefined ? undefined : world.realpath(named);
  // Which of those in the file it is, only the call will show: what else one of them lies in says nothing of another.
  const isOneOfSeveral = fingerprint === "" && new Set(places.map(({ key }) => key)).size > 1;
  const spots = places
    .filter((place) => !isOneOfSeveral || place.file === file)
    .map((place) => ({ file: place.file, key: place.key, isNew: place.change === "new" }));
  if (file === undefined || spots.some((spot) => spot.file === file)) return spots;
  return [{ file, key: undefined, isNew: isBorn(file, world) }, ...spots];
}

function isRelated(spot: Spot, purpose: Purpose, manifest: Manifest, world: World): boolean {
  const { file, key } = spot;
  if (isNamedFile(spot, manifest, world) || isHomeStore(file, world.user.home)) return true;
  const labels = placesOf({ is: "path", path: file, recursive: false }, manifest);
  if (labels.length > 0) return labels.every(({ environment }) => isOpen(environment));
  const path = wordsOf(pathShown(file, manifest, world));
  const called = wordsOf(key ?? "");
  const both = new Set([...path, ...called]);
  const isForeign =
    purpose.closed.some((name) => hasAll(both, name)) ||
    (namesProduction(both) && !allowsProduction(purpose));
  if (isForeign) return false;
  if (isOwnStore(file, [manifest.folder, world.session.workspace])) return true;
  return (
    [...path].some((word) => purpose.words.has(word)) || purpose.open.some((name) => hasAll(called, name))
  );
}

/** A purpose may speak of production to keep it out: where the manifest has such an environment, that one decides. */
function allowsProduction({ words, open, closed }: Purpose): boolean {
  return open.some(namesProduction) || (namesProduction(words) && !closed.some(namesProduction));
}

/** From the nearest of the folders that it lies in: what these are called themselves says nothing of one file. */
function pathShown(file: string, { folder }: Manifest, { session, user }: World): string {
  const around = [folder, session.workspace, user.home].filter((one) => isWithin(file, one));
  const nearest = around.toSorted((a, b) => b.length - a.length)[0];
  return nearest === undefined ? file : file.slice(nearest.length);
}

/** Made in this session, or not there yet. */
function isBorn(file: string, { lstat, session }: World): boolean {
  const stat = lstat(file);
  if (!stat.exists && stat.reason === "missing") return true;
  return stat.exists && stat.born > 0 && stat.born >= session.startedAt;
}

/** The first of them, and how many more. */
function filesShown(spots: readonly Pick<Spot, "file">[], world: World): string {
  const [first = "", ...more] = new Set(spots.map(({ file }) => file));
  const shown = showPath(first, aroundOf(world));
  if (more.length === 0) return shown;
  return `${shown} and ${more.length === 1 ? "another file" : `${more.length} other files`}`;
}

function cut(purpose: string): string {
  return purpose.length <= longest ? purpose : `${purpose.slice(0, longest).trimEnd()}…`;
}

const longest = 100;
