import type * as v from "valibot";
import type { OnlineReach } from "../../model/credential-audit.js";
import type { Found } from "../scan.js";
import { type Answer, type Asking, ask, readJson } from "./ask.js";
import { addressOf, below, type Endpoint, toldAt } from "./endpoint.js";
import { dead, failed, unasked } from "./reach.js";
import { hostsBeside, isAmong } from "./whereabouts.js";

export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly beside: readonly Found[];
  /** Ends all that is under way for this credential. */
  readonly signal: AbortSignal;
  /** Milliseconds, for programs that want to be told. */
  readonly timeout: number;
}

/** How one kind of credential is looked up. */
export type Inquiry = (one: Found, context: Context) => Promise<OnlineReach>;

/** A service behind an HTTP API. */
export interface Service {
  readonly endpoint: Endpoint;
  /** What carries the value in each request. */
  readonly headers: (value: string) => Readonly<Record<string, string>>;
  readonly inquire: (api: Api, value: string) => Promise<OnlineReach>;
}

export interface Api {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

export const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

export function serviceInquiry({ endpoint, headers, inquire }: Service): Inquiry {
  return async (one, { env, signal }) => {
    // Nothing else can stand in a header; half a file may have been taken for a value.
    if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)?$/.test(one.value)) return unasked("not of the shape of a token");
    const address = addressOf(endpoint, env);
    if (address.kind === "none") return failed(address.words);
    const beside = await hostsBeside(one);
    if (beside.length > 0 && !isAmong(beside, address.url.hostname))
      return unasked(elsewhere(beside[0] ?? "", address.url.host, endpoint));
    const send = (path: string, { headers: more = headers(one.value), ...asking }: Asking) =>
      ask(below(address.url, path), { ...asking, headers: more }, signal);
    const api: Api = {
      get: (path, more) => send(path, more === undefined ? {} : { headers: more }),
      post: (path, body, more = headers(one.value)) =>
        send(path, {
          method: "POST",
          headers: { "content-type": "application/json", ...more },
          body: JSON.stringify(body),
        }),
    };
    return toldAt(address, await inquire(api, one.value));
  };
}

function elsewhere(host: string, service: string, { variables: [variable] }: Endpoint): string {
  const how = variable === undefined ? "" : `; ${variable.name} names another address`;
  return `it stands beside ${host}, so ${service} was not shown it${how}`;
}

export interface Plain<T> {
  readonly path: string;
  readonly schema: v.BaseSchema<unknown, T, v.BaseIssue<unknown>>;
  readonly tell: (said: T, answer: Extract<Answer, { kind: "answer" }>, value: string) => OnlineReach;
  /** What 403 means; without it, nothing is known then. */
  readonly forbidden?: (answer: Answer, value: string) => OnlineReach;
}

/** One GET: 401 is a dead credential, 200 says what it is. */
export function plain<T>({ path, schema, tell, forbidden }: Plain<T>): Service["inquire"] {
  return async (api, value) => {
    const answer = await api.get(path);
    if (answer.kind === "silence") return failed(answer.words);
    if (answer.status === 401) return dead();
    if (answer.status === 403 && forbidden !== undefined) return forbidden(answer, value);
    const said = answer.status < 300 ? readJson(schema, answer) : undefined;
    return said === undefined ? unread(answer) : tell(said, answer, value);
  };
}

/** What says neither yes nor no. */
export function unread(answer: Answer): OnlineReach {
  if (answer.kind === "silence") return failed(answer.words);
  return failed(answer.status < 300 ? "its answer could not be read" : `it answered ${answer.status}`);
}
