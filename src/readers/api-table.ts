import type { Api, ApiMutation } from "../model/knowledge.js";

/** The APIs that are known, by host. */
export interface ApiTable {
  find(host: string): KnownApi | undefined;
}

export interface KnownApi {
  readonly api: Api;
  readonly mutations: ReadonlyMap<string, ApiMutation>;
}

export function apiTable(apis: readonly Api[]): ApiTable {
  const byHost = new Map<string, KnownApi>();
  for (const api of apis) {
    const known = { api, mutations: new Map(api.mutations.map((one) => [one.field, one])) };
    for (const host of api.hosts) byHost.set(host, known);
  }
  return { find: (host) => byHost.get(host) };
}
