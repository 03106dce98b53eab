import { isKnown } from "../../model/arg.js";
import type { JudgedCall } from "../../model/judgement.js";
import type { World } from "../../model/world.js";
import { hasOwnKeys, profileOf } from "../../readers/aws/account.js";
import { awsFiles, readSections } from "../../readers/aws/config.js";
import type { AwsWords } from "../../readers/aws/words.js";
import { isLoopback, parseUrl } from "../../readers/http/url.js";
import type { Recipients } from "../recipients.js";
import { isFromBefore, isWithinReach, proxiesRefusal } from "../way.js";

/** How to ask with the call's own keys, in its region, at its endpoint. */
export interface AwsAccess {
  readonly keeps: RegExp;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export interface AccessInput {
  readonly call: JudgedCall;
  readonly words: AwsWords;
  readonly env: ReadonlyMap<string, string>;
  readonly world: World;
  readonly recipients: Recipients;
}

/**
 * The client that asks is shown no file below ~/.aws. An agent may write there, and much of what stands there is code:
 * `credential_process`, plugins, aliases, models. The region and the keys are read here and handed over as variables; a
 * profile whose keys come from anything but plain lines is not looked up. Throws then, with the reason.
 */
export async function openAccess(input: AccessInput): Promise<AwsAccess> {
  const { call, words, env, world } = input;
  const { globals } = words;
  for (const [name, value] of globals)
    if (!isKnown(value)) throw new Error(`--${name} is known only when the call runs`);
  for (const path of awsFiles(call, world)) checkPlace(path, world);
  const profile = profileOf(call, words);
  const find = openProfile(profile, input);
  const settings = {
    ...keysFor(profile, input, find),
    ...regionFor(input, find),
    ...endpointFor(input, find),
    ...bundleFor(input, find),
  };
  const endpoint = text(globals.get("endpoint-url"));
  await checkWay(input, endpoint, settings);
  const hasKeys =
    "AWS_ACCESS_KEY_ID" in settings || hasOwnKeys(call, words) || globals.has("no-sign-request");
  return {
    keeps: hasOwnKeys(call, words) ? own : hasKeys ? place : machine,
    env: { ...alone, ...(hasKeys || isOff(env) ? { AWS_EC2_METADATA_DISABLED: "true" } : {}), ...settings },
    args: [
      ...(endpoint === undefined ? [] : [`--endpoint-url=${endpoint}`]),
      ...["no-sign-request", "no-verify-ssl"].flatMap((flag) => (globals.has(flag) ? [`--${flag}`] : [])),
    ],
  };
}

/**
 * Requests are signed, so that no secret key is sent; but its id, a session's token and what it asks are, to whoever the call names.
 * Throws where that is nobody of the person's own, or cannot prove to be who it is.
 */
async function checkWay(
  { call, words, env, world, recipients }: AccessInput,
  endpoint: string | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const chosen = Object.entries({ ...Object.fromEntries(env), ...settings }).flatMap(([name, value]) =>
    name.startsWith("AWS_ENDPOINT_URL") && value !== "" ? [value] : [],
  );
  const secret = settings["AWS_SESSION_TOKEN"] ?? settings["AWS_SECRET_ACCESS_KEY"];
  const own = env.get("AWS_SESSION_TOKEN") ?? env.get("AWS_SECRET_ACCESS_KEY");
  const secrets = [secret ?? own].filter((one) => one !== undefined);
  // The profile's own, where its file is as it was.
  const [config] = awsFiles(call, world);
  const isKept = config !== undefined && isFromBefore(config, world);
  for (const address of [...(endpoint === undefined ? [] : [endpoint]), ...chosen]) {
    if (isKept && !env.has("AWS_ENDPOINT_URL") && address === settings["AWS_ENDPOINT_URL"]) continue;
    const url = /^https?:\/\/[^\s/]/.test(address) ? parseUrl(address) : undefined;
    if (url === undefined) throw new Error("its endpoint is no address");
    if (recipients.stood(address) || (url.scheme === "https" && isAws(url.host))) continue;
    const reason = await recipients.refusal({
      place: url.port === "" ? url.host : `${url.host}:${url.port}`,
      secrets,
    });
    if (reason !== undefined) throw new Error(reason);
  }
  const region = settings["AWS_REGION"] ?? env.get("AWS_REGION") ?? env.get("AWS_DEFAULT_REGION") ?? "";
  if (!/^[\w-]*$/.test(region)) throw new Error("its region is none");
  const proxy = await proxiesRefusal(env, recipients);
  if (proxy !== undefined) throw new Error(proxy);
  // A token of any file's is sent there: AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.
  const maker = env.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (maker !== undefined && !recipients.stood(maker))
    throw new Error("its keys come from where AWS_CONTAINER_CREDENTIALS_FULL_URI says");
  const isHere = endpoint !== undefined && isLoopback(parseUrl(endpoint)?.host ?? "");
  if (isHere) return;
  if (words.globals.has("no-verify-ssl")) throw new Error("it would not check who answers (--no-verify-ssl)");
  const bundle = settings["AWS_CA_BUNDLE"] ?? env.get("AWS_CA_BUNDLE");
  if (bundle !== undefined && bundle !== "" && (!isFromBefore(bundle, world) || isWithinReach(bundle, world)))
    throw new Error(`it trusts "${bundle}", which the session may have made`);
}

/** AWS's own servers for what is asked here; others below amazonaws.com are its customers': `ec2-1-2-3-4.compute-1.amazonaws.com`. */
function isAws(host: string): boolean {
  return /^((s3|s3-fips|rds|rds-fips|ec2|ec2-fips|dynamodb|dynamodb-fips|cloudformation|cloudformation-fips)(\.dualstack)?(\.[a-z]{2}(-[a-z]+)+-\d)?)\.amazonaws\.com(\.cn)?$/.test(
    host,
  );
}

/** Which of a call's variables the client is given: where to ask; with what keys; or what a machine has its role from. */
const where =
  "AWS_ENDPOINT_URL\\w*|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS|AWS_(DEFAULT_)?REGION|AWS_CA_BUNDLE|AWS_USE_\\w+_ENDPOINT|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY";
const place = new RegExp(`^(${where})$`);
const own = new RegExp(
  `^(${where}|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_SECURITY_TOKEN)$`,
);
const machine = new RegExp(
  `^(${where}|AWS_CONTAINER_(CREDENTIALS|AUTHORIZATION)_\\w+|AWS_EC2_METADATA_DISABLED)$`,
);

/** No home: neither ~/.aws/cli/alias and ~/.aws/models, nor what Python loads from ~/.local. One try, no pager. */
const alone = {
  HOME: "/nonexistent",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_PAGER: "",
  AWS_MAX_ATTEMPTS: "1",
  AWS_METADATA_SERVICE_TIMEOUT: "1",
  AWS_METADATA_SERVICE_NUM_ATTEMPTS: "1",
  PYTHONNOUSERSITE: "1",
  PYTHONDONTWRITEBYTECODE: "1",
} as const;

function checkPlace(path: string | undefined, world: World): void {
  if (path === undefined) throw new Error("which files the keys come from is known only when the call runs");
  if (world.lstat(world.realpath(path)).exists && isWithinReach(path, world))
    throw new Error(`keys and settings come from "${path}", which lies where the session works`);
}

/** A setting of the profile; the keys' own file is asked first. Undefined where neither has it. */
type Find = (key: string) => string | undefined;

function openProfile(profile: string, { call, world }: AccessInput): Find {
  const [config, keys] = awsFiles(call, world).map((path) => readSections(path, world));
  const sections = [
    keys?.get(profile),
    config?.get(`profile ${profile}`) ?? (profile === "default" ? config?.get("default") : undefined),
  ];
  if (profile !== "default" && sections.every((section) => section === undefined))
    throw new Error(`there is no profile "${profile}"`);
  // Keys stand together: half of them from one file and half from another is no one's key.
  const whole = sections.find((section) => section?.has("aws_access_key_id"));
  return (key) =>
    key.startsWith("aws_")
      ? whole?.get(key)
      : sections.map((section) => section?.get(key)).find((value) => value !== undefined && value !== "");
}

function keysFor(profile: string, { call, words, env }: AccessInput, find: Find): Record<string, string> {
  if (words.globals.has("no-sign-request")) return {};
  if (hasOwnKeys(call, words)) {
    if (env.has("AWS_ACCESS_KEY_ID") && env.has("AWS_SECRET_ACCESS_KEY")) return {};
    throw new Error("its keys are known only when the call runs");
  }
  // In the order in which the client itself would take them.
  for (const [key, why] of made)
    if (find(key) !== undefined)
      throw new Error(`the keys of profile "${profile}" come from ${why} (${key})`);
  const [id, secret, token] = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"].map(find);
  if (id !== undefined && secret !== undefined)
    return {
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      ...(token === undefined ? {} : { AWS_SESSION_TOKEN: token }),
    };
  for (const name of ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_EC2_METADATA_SERVICE_ENDPOINT"])
    if (env.has(name)) throw new Error(`its keys come from where ${name} says`);
  return {};
}

/** What is not started, or done, only to look. */
const made = [
  ["role_arn", "a role that it takes on"],
  ["credential_source", "a role that it takes on"],
  ["web_identity_token_file", "a role that it takes on"],
  ["sso_session", "a sign-on"],
  ["sso_start_url", "a sign-on"],
  ["login_session", "a sign-on"],
  ["credential_process", "a program, which is not started for a look"],
] as const;

function regionFor({ words, env }: AccessInput, find: Find): Record<string, string> {
  const given = text(words.globals.get("region"));
  const region =
    given ?? (env.has("AWS_REGION") || env.has("AWS_DEFAULT_REGION") ? undefined : find("region"));
  return region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

function endpointFor({ words, env }: AccessInput, find: Find): Record<string, string> {
  if (
    words.globals.has("endpoint-url") ||
    /^true$/i.test(env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? "")
  )
    return {};
  if (find("services") !== undefined) throw new Error("its profile sends services to endpoints of their own");
  const endpoint = env.has("AWS_ENDPOINT_URL") ? undefined : find("endpoint_url");
  return endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint };
}

function bundleFor({ words, env }: AccessInput, find: Find): Record<string, string> {
  const bundle =
    text(words.globals.get("ca-bundle")) ?? (env.has("AWS_CA_BUNDLE") ? undefined : find("ca_bundle"));
  return bundle?.startsWith("/") ? { AWS_CA_BUNDLE: bundle } : {};
}

function isOff(env: ReadonlyMap<string, string>): boolean {
  return /^true$/i.test(env.get("AWS_EC2_METADATA_DISABLED") ?? "");
}

function text(word: unknown): string | undefined {
  return typeof word === "string" && word !== "" ? word : undefined;
}
