import { assertNever } from "../model/assert-never.js";
import type { LabelKind, Manifest, ScopeEnvironment, ScopeLabel } from "../model/scope.js";
import { compilePathGlob } from "./path-glob.js";
import { asGlob, compileExact, compilePattern, type Pattern, type Rank } from "./pattern.js";
import type { Thing } from "./reach.js";
import type { Server } from "./server.js";

/** Where a thing belongs: an environment, and the label that says so. */
export interface Place {
  readonly environment: ScopeEnvironment;
  readonly label: ScopeLabel;
  /** Not the thing as a whole, or not for certain: such a place forbids, and lets nothing through. */
  readonly isPart: boolean;
}

/** The environments that know a thing by their most specific label; equal ones all count. None: nothing knows it. */
export function placesOf(thing: Thing, manifest: Manifest): readonly Place[] {
  const found = labelsOf(manifest).flatMap((compiled) => fitsOf(compiled, thing));
  const best = Math.max(...found.map(({ rank, place }) => (place.isPart ? -1 : rank)));
  return found.filter(({ rank, place }) => place.isPart || rank === best).map(({ place }) => place);
}

/** Whether any environment speaks of git. */
export function speaksOfGit(manifest: Manifest): boolean {
  return labelsOf(manifest).some(({ remotes, branches }) => remotes.length + branches.length > 0);
}

interface Fit {
  readonly rank: Rank;
  readonly place: Place;
}

interface Compiled {
  readonly environment: ScopeEnvironment;
  readonly servers: readonly ServerLabel[];
  readonly words: readonly Matcher[];
  readonly paths: readonly PathLabel[];
  readonly remotes: readonly Matcher[];
  readonly branches: readonly Matcher[];
}

interface Matcher {
  readonly label: ScopeLabel;
  readonly fits: Pattern;
}

interface ServerLabel {
  readonly label: ScopeLabel;
  readonly host: Pattern | undefined;
  readonly port: string;
  readonly database: Pattern | undefined;
}

interface PathLabel {
  readonly label: ScopeLabel;
  readonly glob: ReturnType<typeof compilePathGlob>;
}

const cache = new WeakMap<Manifest, readonly Compiled[]>();

function labelsOf(manifest: Manifest): readonly Compiled[] {
  const known = cache.get(manifest);
  if (known !== undefined) return known;
  const compiled = manifest.environments.map(compile);
  cache.set(manifest, compiled);
  return compiled;
}

function compile(environment: ScopeEnvironment): Compiled {
  const of = (...kinds: readonly LabelKind[]) =>
    environment.labels.filter(({ kind }) => kinds.includes(kind));
  const plain = (label: ScopeLabel): Matcher => ({ label, fits: compilePattern(label.value) });
  return {
    environment,
    servers: of("host", "ssh", "database").map(serverLabel),
    words: of("railway", "aws-profile", "aws-account", "kube-context", "id").map((label) => ({
      label,
      fits: compileExact(label.value),
    })),
    paths: of("file").map((label) => ({ label, glob: compilePathGlob(label.value) })),
    remotes: of("git-remote").map(plain),
    branches: of("git-branch").map(plain),
  };
}

/** `host[:port][/database]`; a host or an ssh name has no database. IPv6 with a port stands in brackets. */
function serverLabel(label: ScopeLabel): ServerLabel {
  const isDatabase = label.kind === "database";
  const [, authority = label.value, database] =
    (isDatabase ? /^([^/]*)(?:\/(.*))?$/s.exec(label.value) : null) ?? [];
  const [, bracketed, bare, port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(authority) ?? [];
  const host = (bracketed ?? bare ?? authority).toLowerCase().replace(/\.$/, "");
  return {
    label,
    host: host === "" ? undefined : compilePattern(host),
    port,
    database: database === undefined || database === "" ? undefined : compilePattern(database),
  };
}

function fitsOf(compiled: Compiled, thing: Thing): readonly Fit[] {
  const { environment } = compiled;
  const made = (label: ScopeLabel, rank: Rank | undefined, isPart = false): readonly Fit[] =>
    rank === undefined ? [] : [{ rank, place: { environment, label, isPart } }];
  switch (thing.is) {
    case "server":
      return compiled.servers.flatMap((one) => made(one.label, serverRank(one, thing)));
    case "word":
      return compiled.words.flatMap(({ label, fits }) =>
        thing.kinds.includes(label.kind) ? made(label, fits(thing.text)) : [],
      );
    case "path":
      return compiled.paths.flatMap(({ label, glob }) => {
        const rank = glob.rank(thing.path);
        if (rank !== undefined) return made(label, rank);
        return thing.recursive && glob.isBelow(thing.path) ? made(label, 0, true) : [];
      });
    case "remote":
      return fitRemote(compiled, thing, made);
    default:
      return assertNever(thing);
  }
}

function serverRank(label: ServerLabel, thing: Server): Rank | undefined {
  const { kind } = label.label;
  if ((kind === "ssh" && !thing.ssh) || (kind === "database" && thing.database === undefined))
    return undefined;
  const host = label.host === undefined ? 0 : label.host(thing.host);
  if (host === undefined || !isPort(label.port, thing) || !isEngine(label.label.engine, thing))
    return undefined;
  const database = label.database === undefined ? 0 : label.database(thing.database?.name ?? "");
  if (database === undefined) return undefined;
  const isOpen = label.host === undefined || (label.database !== undefined && asGlob(database) === database);
  const rank = host + asGlob(database) + label.port.length;
  return isOpen ? asGlob(rank) : rank;
}

/** A label's port is the one that is meant, or the engine's own where none is said. */
function isPort(port: string, { port: given, database }: Server): boolean {
  if (port === "" || port === given) return true;
  return given === "" && database !== undefined && usualPorts.get(port)?.test(database.engine) === true;
}

/** `postgres:` is of PostgreSQL and what speaks as it does. */
function isEngine(engine: string | undefined, { database }: Server): boolean {
  return (
    engine === undefined || (families.get(engine) ?? new RegExp(`^${engine}`)).test(database?.engine ?? "")
  );
}

const families: ReadonlyMap<string, RegExp> = new Map([
  ["postgres", /^(postgres|cockroach)/],
  ["mysql", /^(mysql|mariadb)/],
  ["redis", /^(redis|valkey|keydb)/],
  ["mongodb", /^mongo/],
]);

const usualPorts: ReadonlyMap<string, RegExp> = new Map([
  ["5432", /^(postgres|postgresql|cockroach)/],
  ["26257", /^cockroach/],
  ["3306", /^(mysql|mariadb)/],
  ["27017", /^mongo/],
  ["1433", /^(sqlserver|mssql|sqlcmd)/],
  ["6379", /^(redis|valkey|keydb)/],
  ["1521", /^oracle/],
  ["9000", /^clickhouse/],
]);

type Make = (label: ScopeLabel, rank: Rank | undefined, isPart?: boolean) => readonly Fit[];

/** An environment that names remotes and branches means these branches of these remotes. A branch says more than a remote. */
function fitRemote(
  { remotes, branches }: Compiled,
  thing: Thing & { readonly is: "remote" },
  made: Make,
): readonly Fit[] {
  if (remotes.length + branches.length === 0) return [];
  const remote = bestOf(remotes, thing.names);
  if (remotes.length > 0 && remote === undefined) return [];
  const low = remote === undefined ? 0 : remote.rank / weight;
  if (branches.length === 0) return remote === undefined ? [] : made(remote.label, low);
  const [first] = branches;
  // `push --mirror`: this branch among others.
  if (thing.branch === undefined) return first === undefined ? [] : made(first.label, 0, true);
  const branch = bestOf(branches, [thing.branch]);
  return branch === undefined ? [] : made(branch.label, branch.rank + low);
}

/** Larger than any rank. */
const weight = 1e9;

function bestOf(
  matchers: readonly Matcher[],
  names: readonly string[],
): { readonly label: ScopeLabel; readonly rank: Rank } | undefined {
  const found = matchers.flatMap(({ label, fits }) =>
    names.flatMap((name) => {
      const rank = fits(name);
      return rank === undefined ? [] : [{ label, rank }];
    }),
  );
  return found.toSorted((a, b) => b.rank - a.rank)[0];
}
