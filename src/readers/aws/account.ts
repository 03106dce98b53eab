import { isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type CloudEffect, type Credential, plainEffect } from "../../model/effect.js";
import { type Env, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { credentials, environmentCredentials } from "../credentials/credential.js";
import { proxyFor } from "../http/proxies.js";
import { isLoopback, parseUrl } from "../http/url.js";
import type { AwsConfig } from "./config.js";
import type { AwsWords } from "./words.js";

export interface Account {
  readonly credentials: readonly Credential[];
  /** Profile, region and endpoint, as far as they are given. */
  readonly place: string;
  /** `local` where the endpoint is a stand-in on this machine, else `unknown`. */
  readonly environment: string;
  /** Twelve digits, where the profile's settings tell. */
  readonly account: string | undefined;
}

/** The profile that a call takes its settings and keys from. */
export function profileOf(call: Call, { globals }: AwsWords): string {
  const words = [
    globals.get("profile"),
    ...["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => envGet(call.env, name)),
  ];
  const found = words.find((word) => word !== undefined && word !== "");
  return found === undefined ? "default" : showArg(found);
}

/** Whether keys in the environment are used, so that no profile is asked for any: a --profile wins over them. */
export function hasOwnKeys(call: Call, { globals }: AwsWords): boolean {
  const key = envGet(call.env, "AWS_ACCESS_KEY_ID");
  return !globals.has("profile") && key !== undefined && key !== "";
}

export function findAccount(call: Call, world: World, words: AwsWords, config: AwsConfig): Account {
  const profile = profileOf(call, words);
  const region = pick(call, words, "region", "AWS_REGION", "AWS_DEFAULT_REGION");
  const endpoint = pick(call, words, "endpoint-url", "AWS_ENDPOINT_URL");
  const place = [
    profile === "default" ? "" : `profile ${profile}`,
    region === undefined ? "" : `region ${region}`,
    endpoint === undefined ? "" : `endpoint ${endpoint}`,
    config.plugins.length === 0 ? "" : `loads the plugins ${config.plugins.join(", ")}`,
  ];
  return {
    credentials: hasOwnKeys(call, words) ? ownKeys(call, world) : profileKeys(profile, config, call, world),
    place: place.filter((part) => part !== "").join(", "),
    environment: isStandIn(call, words) ? "local" : "unknown",
    account: hasOwnKeys(call, words) ? undefined : config.account,
  };
}

/** The key's id, and the secret that goes with it. */
function ownKeys(call: Call, world: World): readonly Credential[] {
  const found = environmentCredentials(call, world, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
  return found.map((one, at) => (at === 0 ? one : { ...one, isPair: true }));
}

/** What the profile's settings keep; where a program or a sign-on gives the keys, that is known by name alone. */
function profileKeys(profile: string, { keys }: AwsConfig, call: Call, world: World): readonly Credential[] {
  const from = `profile:${profile}`;
  const found = credentials(
    call,
    world,
    [keys.secret, keys.id].map((secret, at) => ({
      name: profile,
      secret,
      ...(at === 1 && { isPair: true as const }),
    })),
    from,
  );
  return found.length > 0 ? found : [{ name: profile, from, fingerprint: "" }];
}

export type CloudDeed = Pick<
  CloudEffect,
  "action" | "recovery" | "service" | "type" | "operation" | "target" | "extent" | "because"
>;

export function cloudEffect(
  deed: CloudDeed,
  { credentials, place, environment, account }: Account,
): CloudEffect {
  const because = [deed.because, place].filter((part) => part !== "").join(", ");
  return {
    ...plainEffect("aws", deed.action, deed.target),
    resource: "cloud",
    provider: "aws",
    ...deed,
    because,
    credentials,
    environment,
    ...(account === undefined ? {} : { account }),
  };
}

function pick(
  call: Call,
  { globals }: AwsWords,
  option: string,
  ...variables: readonly string[]
): string | undefined {
  const words = [globals.get(option), ...variables.map((name) => envGet(call.env, name))];
  const found = words.find((word) => word !== undefined && word !== "");
  return found === undefined ? undefined : showArg(found);
}

/** LocalStack, DynamoDB local, MinIO: an endpoint on this machine that answers in place of AWS. */
function isStandIn(call: Call, { globals }: AwsWords): boolean {
  const given = globals.get("endpoint-url");
  if (given !== undefined) return isKnown(given) && isLocal(call, given);
  const ignored = envGet(call.env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (ignored !== undefined && ignored !== "" && ignored !== "false") return false;
  // A service's own variable wins over the common one, and its name is not always the service's: any that leads elsewhere counts.
  const own = [...endpointVariables(call.env)].map((name) => envGet(call.env, name) ?? "");
  const set = own.filter((value) => value !== "");
  return (
    envGet(call.env, "AWS_ENDPOINT_URL") !== undefined &&
    set.length > 0 &&
    set.every((value) => isKnown(value) && isLocal(call, value))
  );
}

function isLocal(call: Call, text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && isLoopback(url.host) && proxyFor(call, url, undefined) === undefined;
}

function endpointVariables(env: Env): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at: Env | undefined = env; at !== undefined; at = at.outer)
    for (const name of at.layer.keys()) if (/^AWS_ENDPOINT_URL(_|$)/.test(name)) names.add(name);
  return names;
}
