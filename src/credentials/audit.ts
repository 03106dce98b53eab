import type {
  AuditedCredential,
  AuditedPlace,
  CredentialAudit,
  OnlineReach,
  Reach,
} from "../model/credential-audit.js";
import type { Manifest } from "../model/scope.js";
import type { GitStream } from "../world/git-stream.js";
import { adviceFor } from "./advice.js";
import { askGit, type GitAnswer } from "./audit-git.js";
import { see } from "./audit-sources.js";
import { belongingOf } from "./belonging.js";
import type { Facts } from "./facts.js";
import { hideValues } from "./hidden-values.js";
import { isOpenToOthers } from "./open-file.js";
import { factsOf } from "./reach.js";
import type { Second } from "./second-thread.js";
import { askServices, type Services } from "./services.js";
import { severities, severityOf } from "./severity.js";
import type { Sighting } from "./sighting.js";

export interface AuditOptions {
  /** Absolute real path of a folder or a file. */
  readonly root: string;
  /** Undefined: the usual stores in the home are left out. */
  readonly home: string | undefined;
  /** What an agent would inherit; undefined: left out. */
  readonly inherited: Readonly<Record<string, string | undefined>> | undefined;
  readonly manifests: readonly Manifest[];
  /** Whether a manifest lets nobody read this file. */
  readonly isForbidden: (file: string) => boolean;
  readonly git: GitStream;
  readonly history: boolean;
  /** Undefined: no service is asked. */
  readonly online: Services | undefined;
  readonly all: boolean;
  /** Milliseconds for all of it. */
  readonly budget: number;
  readonly signal: AbortSignal;
  /** See `ScanOptions`. */
  readonly second: () => Second;
  /** Salted, one audit long. */
  readonly fingerprint: (value: string) => string;
  /** As people would write a path. */
  readonly shown: (path: string) => string;
  /** What is being done now. */
  readonly onProgress: (words: string) => void;
}

/** Every credential within an agent's reach. Values stay within this call. */
export async function audit(options: AuditOptions): Promise<CredentialAudit> {
  const until = Date.now() + options.budget;
  const { root, home, inherited, all, budget, second, online, onProgress } = options;
  onProgress("looking through files");
  const seen = await see({ root, home, env: inherited, all, budget, second });
  const left = () => Math.max(until - Date.now(), 0);
  onProgress("asking git");
  const answer = await askGit({
    ...options,
    sightings: seen.sightings,
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(left())]),
    onContent: (done, of) =>
      onProgress(`looking through git's history: ${count(done)} of ${count(of)} contents`),
  });
  const now = Date.now();
  const groups = groupByValue([...seen.sightings, ...answer.past])
    .map((places) => ({ places, facts: widest(places.map((one) => factsOf(one, now))) }))
    .filter(({ facts }) => facts.isPart !== true);
  const answers =
    online === undefined
      ? undefined
      : await askServices({
          ...online,
          credentials: groups.map(({ places }) => places),
          all: seen.sightings,
          onDone: (done) => onProgress(`asking services: ${done} of ${groups.length}`),
        });
  const refused = online !== undefined && answers === undefined;
  const credentials = groups.map(({ places, facts }, at) =>
    assess(places, facts, answers?.[at], answer, options),
  );
  return hideValues(
    {
      credentials: credentials.toSorted(byGravity),
      files: seen.files,
      commits: answer.commits,
      complete: seen.complete && answer.complete,
      notes: [...answer.notes, ...(refused ? ["No service was asked: nobody agreed to it."] : [])],
    },
    seen.sightings.concat(answer.past).flatMap(({ value, forms = [] }) => [value, ...forms]),
  );
}

function assess(
  sightings: readonly Sighting[],
  facts: Facts,
  online: OnlineReach | undefined,
  git: GitAnswer,
  { manifests, root, isForbidden, fingerprint, shown }: AuditOptions,
): AuditedCredential {
  const places = sightings.map((one): AuditedPlace => {
    const { file, line, key, modified } = one;
    return {
      file,
      line,
      key,
      modified,
      ...git.standingOf(one),
      isOpen: file !== undefined && isOpenToOthers(file),
      isForbidden: file !== undefined && isForbidden(file),
    };
  });
  const belonging = belongingOf(sightings, facts, manifests, root);
  const reach: Reach =
    online?.kind === "alive"
      ? { width: online.width, words: online.words }
      : { width: facts.width, words: facts.words };
  const [first] = sightings;
  const isDoubtful = sightings.every(({ confidence }) => confidence === "low") && online?.kind !== "alive";
  const base = {
    kind: sightings.find(({ kind }) => kind !== "generic")?.kind ?? first?.kind ?? "generic",
    fingerprint: fingerprint(first?.value ?? ""),
    places,
    ...belonging,
    reach,
    ...(online === undefined ? {} : { online }),
    isDoubtful,
    severity: isDoubtful ? ("low" as const) : severityOf(places, reach, belonging, online),
  };
  return { ...base, advice: adviceFor(base, { isUnsure: facts.isUnsure === true, shown }) };
}

function groupByValue(sightings: readonly Sighting[]): readonly (readonly Sighting[])[] {
  const groups = new Map<string, Sighting[]>();
  for (const one of sightings) groups.set(one.value, [...(groups.get(one.value) ?? []), one]);
  return [...groups.values()].map((group) => group.toSorted((a, b) => compare(placeOf(a), placeOf(b))));
}

/** The same value may say more in one place than in another; the widest counts, with all that labels may know it by. */
function widest(all: readonly Facts[]): Facts {
  const [first, ...rest] = all.toSorted((a, b) => widths.indexOf(a.width) - widths.indexOf(b.width));
  if (first === undefined) throw new Error("a credential lies at one place at least");
  return { ...first, things: [first, ...rest].flatMap((one) => one.things) };
}

const widths: readonly Reach["width"][] = [
  "account",
  "workspace",
  "project",
  "resource",
  "unknown",
  "read",
  "nothing",
];

function byGravity(a: AuditedCredential, b: AuditedCredential): number {
  const grave = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  if (grave !== 0) return grave;
  if (a.isProduction !== b.isProduction) return a.isProduction ? -1 : 1;
  return compare(placeOf(a.places[0]), placeOf(b.places[0]));
}

/** Variables come behind all files. */
function placeOf(place: { readonly file: string | undefined; readonly line: number } | undefined): string {
  return `${place?.file ?? "~"}\0${String(place?.line ?? 0).padStart(7)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
