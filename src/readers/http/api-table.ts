import type { Api, ApiMutation, ApiPath } from "../../model/knowledge.js";
import {
  comparePatterns,
  matchesPattern,
  matchStart,
  type PathPattern,
  parsePattern,
  splitPath,
} from "../path-pattern.js";
import { isLoopback, type Url } from "./url.js";

/** The APIs that are known. */
export interface ApiTable {
  /** By the host's name (`unix:PATH` for a socket) alone. */
  find(host: string): KnownApi | undefined;
  /** By the host's name, else by the shape of the path, else by the port where the table has that very path. */
  at(url: Pick<Url, "host" | "port" | "path">, method: string): KnownApi | undefined;
}

export interface KnownApi {
  readonly api: Api;
  readonly mutations: ReadonlyMap<string, ApiMutation>;
  /** What stands in the table for this method and these parts of a path; and where the path begins, behind a base. */
  route(method: string, parts: readonly string[]): Route;
  answersGraphql(parts: readonly string[]): boolean;
}

export interface Route {
  readonly entry: ApiPath | undefined;
  /** Number of parts that only say where the API begins. */
  readonly start: number;
}

/** Loaded, and its patterns taken apart, at the first request that needs them: most starts see none. */
export function apiTable(load: () => readonly Api[]): ApiTable {
  const table = lazy(() => indexApis(load()));
  return { find: (host) => table().find(host), at: (url, method) => table().at(url, method) };
}

function indexApis(apis: readonly Api[]): ApiTable {
  const byHost = new Map<string, KnownApi>();
  const sockets: (readonly [word: string, known: KnownApi])[] = [];
  const all = apis.map(knownApi);
  for (const known of all) {
    for (const host of [...known.api.hosts, ...known.api.sandboxes]) {
      if (host.startsWith("unix:")) sockets.push([host.slice(5), known]);
      else byHost.set(host, known);
    }
  }
  const shapes = lazy(() =>
    all.flatMap((known) => known.api.shapes.map((shape) => ({ pattern: parsePattern(shape), known }))),
  );
  const find = (host: string): KnownApi | undefined =>
    host.startsWith("unix:")
      ? sockets.find(([word]) => (host.split("/").at(-1) ?? "").includes(word))?.[1]
      : (byHost.get(host) ?? findBelow(byHost, host));
  return {
    find,
    at: ({ host, port, path }, method) => {
      const named = find(host);
      if (named !== undefined || host.startsWith("unix:")) return named;
      const parts = splitPath(path);
      const isListed = (known: KnownApi) => known.route(method, parts).entry !== undefined;
      const shaped = shapes().find(({ pattern }) => matchesPattern(pattern, parts))?.known;
      // A development server may have a path like it, or just the same port.
      if (shaped !== undefined && (!isDevelopment(host) || isListed(shaped))) return shaped;
      const ported = byHost.get(`*:${port}`);
      return ported !== undefined && isListed(ported) ? ported : undefined;
    },
  };
}

function isDevelopment(host: string): boolean {
  return isLoopback(host) || host.endsWith(".test");
}

/** `*.example.com`, the longest first; then `vault.*`, which a bare `vault` is too. */
function findBelow(byHost: ReadonlyMap<string, KnownApi>, host: string): KnownApi | undefined {
  if (isDevelopment(host) || !/[a-z]/.test(host) || host.includes(":")) return undefined;
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
    const known = byHost.get(`*${host.slice(dot)}`);
    if (known !== undefined) return known;
  }
  return byHost.get(`${host.split(".")[0] ?? ""}.*`);
}

function knownApi(api: Api): KnownApi {
  const mutations = lazy(() => new Map(api.mutations.map((one) => [one.field, one])));
  const graphql = lazy(() => api.graphql.map(parsePattern));
  const bases = lazy(() => api.bases.map(parsePattern));
  const routes = lazy(() =>
    api.paths
      .map((entry) => {
        const [path = "", methods] = entry.request.split(" ").reverse();
        return { entry, methods: methods?.split("|"), pattern: parsePattern(path) };
      })
      .toSorted((a, b) => comparePatterns(a.pattern, b.pattern)),
  );
  return {
    api,
    get mutations() {
      return mutations();
    },
    route: (method, parts) => {
      const start = startOf(bases(), parts);
      const found = routes().find(
        ({ methods, pattern }) =>
          (methods === undefined || methods.includes(method)) && matchesPattern(pattern, parts, start),
      );
      return { entry: found?.entry, start };
    },
    answersGraphql: (parts) => graphql().some((pattern) => matchesPattern(pattern, parts)),
  };
}

function startOf(bases: readonly PathPattern[], parts: readonly string[]): number {
  return Math.max(0, ...bases.map((base) => matchStart(base, parts) ?? 0));
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
