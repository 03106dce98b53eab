import { userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { manifestName } from "../model/manifest-name.js";
import type { HeldScope } from "../model/record.js";
import type { Manifest } from "../model/scope.js";
import { showUntrusted } from "../prompt/visible.js";
import { lstat, realpath } from "../world/file-system.js";
import { withValues } from "./manifest-credentials.js";
import { findTrust, hasTrust, keptContent, sha256, type Trust } from "./manifest-store.js";
import { readOwnText } from "./own-text.js";
import type { Places } from "./places.js";
import { UsageError } from "./usage-error.js";

export interface ManifestSearch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One more, that `--scope` names. */
  readonly named: string | undefined;
}

/** A manifest that holds, and the text that it was made of. */
export interface Held {
  readonly manifest: Manifest;
  readonly text: string;
  readonly sha256: string;
  /** `remembered`: it was trusted there last, and the file is another now, or gone. */
  readonly from: "file" | "remembered";
}

/**
 * Each `holdpoint.yaml` of this folder and those above it, the one that was named, and for each of these places what was
 * trusted there last, where that is another: an agent that replaces or deletes the file has gained nothing. Rejects with
 * UsageError when one cannot be used.
 */
export async function findManifests(search: ManifestSearch, places: Places): Promise<readonly Held[]> {
  const found = foldersAround(search.cwd, accountHome()).map((folder) => join(folder, manifestName));
  const named = search.named === undefined ? [] : [manifestPath(search.named)];
  const files = [...new Set([...found, ...named])];
  const remembers = hasTrust(places);
  const sources = files.flatMap((file): readonly Source[] => {
    const text = readManifest(file, named.includes(file));
    const trust = remembers ? findTrust(places, file) : undefined;
    const hash = text === undefined ? undefined : sha256(text);
    const isTrusted = hash !== undefined && trust?.sha256 === hash;
    return [
      ...(text === undefined || hash === undefined
        ? []
        : [{ file, text, sha256: hash, isTrusted, evidence: trust?.evidence, from: "file" } as const]),
      ...(trust === undefined || isTrusted ? [] : [rememberedSource(trust, places)]),
    ];
  });
  return parseAll(sources, search.env, places);
}

/**
 * What held when somebody's work began, by what the first record of its log says. A content that a person trusted in one of
 * these places since then takes the place of the former one. Rejects with UsageError when that cannot be had any longer.
 */
export async function recallManifests(
  began: { readonly time: number; readonly scope: readonly HeldScope[] },
  env: ManifestSearch["env"],
  places: Places,
): Promise<readonly Held[]> {
  const sources = began.scope.map(({ file, sha256: hash, trusted }): Source => {
    const trust = findTrust(places, file);
    const isSince = trust !== undefined && Date.parse(trust.time) > began.time;
    const used = isSince ? trust.sha256 : hash;
    const text = keptContent(places, used, file);
    return {
      file,
      text,
      sha256: used,
      isTrusted: isSince || trusted,
      evidence: trust?.evidence,
      from: "file",
    };
  });
  return parseAll(sources, env, places);
}

/** For the log: what holds, without its text. */
export function heldScope(held: readonly Held[]): readonly HeldScope[] {
  return held.map(({ manifest, sha256: hash }) => ({
    file: manifest.file,
    sha256: hash,
    trusted: manifest.isTrusted,
  }));
}

/**
 * The folder and those above it, up to the account's home, or to the root where it is not below that. `$HOME` does not count
 * here: set to a folder within the workspace, it would hide the manifests above.
 */
export function foldersAround(cwd: string, home: string): readonly string[] {
  const top = realpath(home);
  const folders: string[] = [];
  for (let folder = realpath(cwd); ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === top || folder === "/") return folders;
  }
}

/**
 * A manifest's own name: its folder by its real path, and the name as it is. Of a link, the name counts and not what it
 * points to: its globs start where the name lies, and what is read through it holds like any other text.
 */
export function manifestPath(path: string): string {
  const absolute = resolve(path);
  return join(realpath(dirname(absolute)), basename(absolute));
}

/** Undefined where there is none. Throws UsageError for one that cannot be read, or that has the wrong name. */
export function readManifest(file: string, isWanted: boolean): string | undefined {
  if (!isWanted && !isThere(file)) {
    const misnamed = join(dirname(file), "holdpoint.yml");
    if (!isThere(misnamed)) return undefined;
    throw new UsageError([
      `${misnamed}: a scope manifest is called ${manifestName}, and nothing of this one would hold: rename it`,
    ]);
  }
  const read = readOwnText(file);
  if (read.ok) return read.text;
  throw new UsageError([`${file}: ${read.reason}`]);
}

/** A container may run an account that nobody has heard of. */
function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return "/";
  }
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly sha256: string;
  readonly isTrusted: boolean;
  /** What a person trusted along with it. */
  readonly evidence: Trust["evidence"] | undefined;
  readonly from: Held["from"];
}

/** It goes on holding; what it allows was for the file as it was. */
function rememberedSource({ file, sha256: hash }: Trust, places: Places): Source {
  return {
    file,
    text: keptContent(places, hash, file),
    sha256: hash,
    isTrusted: false,
    evidence: undefined,
    from: "remembered",
  };
}

async function parseAll(
  sources: readonly Source[],
  env: ManifestSearch["env"],
  places: Places,
): Promise<readonly Held[]> {
  if (sources.length === 0) return [];
  // YAML and its checks are a third of all code: loaded where there is a manifest.
  const { parseManifest } = await import("../scope/manifest.js");
  const { home } = places;
  const parsed = sources.map((source) => ({
    source,
    result: parseManifest(source.text, source.file, { home, realpath }),
  }));
  const problems = parsed.flatMap(({ source, result }) =>
    result.ok ? [] : result.problems.map((problem) => showUntrusted(sayProblem(problem, source))),
  );
  if (problems.length > 0) throw new UsageError(problems);
  return parsed.flatMap(({ source: { text, sha256: hash, isTrusted, evidence, from }, result }) =>
    result.ok
      ? [
          {
            manifest: { ...withEvidence(withValues(result.manifest, env, home), evidence), isTrusted },
            text,
            sha256: hash,
            from,
          },
        ]
      : [],
  );
}

function withEvidence(manifest: Manifest, trusted: Trust["evidence"] | undefined): Manifest {
  if (trusted === undefined || manifest.backups.length === 0) return manifest;
  return { ...manifest, backups: manifest.backups.map((one) => ({ ...one, trusted })) };
}

function sayProblem(problem: string, { file, from }: Source): string {
  if (from === "file") return problem;
  return `${problem} (in what was trusted there last, which the file no longer is; a person mends that by: holdpoint trust ${file})`;
}

/** A link that leads nowhere is there, too: something was meant to hold. */
function isThere(path: string): boolean {
  const stat = lstat(path);
  return stat.exists || stat.reason === "unreadable";
}
