import { type Arg, isKnown, showArg } from "../model/arg.js";
import type { Call } from "../model/call.js";
import {
  type CloudEffect,
  type Credential,
  type Effect,
  type Extent,
  opaqueEffect,
  plainEffect,
} from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { findAlias } from "./aws-alias.js";
import { type AwsOperation, findOperation } from "./aws-operations.js";
import { readS3 } from "./aws-s3.js";
import { findTargets, readValue } from "./aws-target.js";
import {
  type AwsWords,
  isDryRun,
  type Parameters,
  parameter,
  readAwsWords,
  readParameters,
} from "./aws-words.js";
import { overwriting } from "./file-effects.js";
import { resolvePath } from "./path.js";
import { effects, inner, nothing, type Reader, type Reading } from "./reader.js";

/** The AWS command line: the operation decides, the parameters say to what. */
export const aws: Reader = {
  names: ["aws"],
  read: (call, world) => readAws(call, world, 0),
};

function readAws(call: Call, world: World, depth: number): Reading {
  const words = readAwsWords(call.argv);
  const { service, operation } = words;
  if (service === undefined) return nothing;
  if (!isKnown(service)) return unforeseen(call, service);
  const alias = depth < 8 ? findAlias(service, "toplevel", call, world) : undefined;
  if (alias !== undefined) return readAlias(alias, call, world, depth);
  if (operation === undefined || service === "help" || operation === "help") return nothing;
  if (!isKnown(operation)) return unforeseen(call, operation);
  const own = depth < 8 ? findAlias(operation, `command ${service}`, call, world) : undefined;
  if (own?.startsWith("!")) return readAlias(own, call, world, depth);
  const account = findAccount(call, world, words);
  if (service === "s3") {
    const reading = readS3(operation, words.rest, call, world);
    const deeds = reading.deeds.map(
      ({ name, ...deed }): Effect => cloudEffect({ ...deed, service, operation: name }, account),
    );
    return effects(...deeds, ...reading.effects);
  }
  return effects(...readOperation(service, operation, words, account, call, world));
}

function unforeseen(call: Call, word: Exclude<Arg, string>): Reading {
  return call.sight === "later" ? nothing : effects(opaqueEffect("aws", word.source, word.reason));
}

/** `x = !program` is given to a shell with the words behind it; anything else stands in the alias' place. */
function readAlias(alias: string, call: Call, world: World, depth: number): Reading {
  const { service, operation, rest } = readAwsWords(call.argv);
  if (alias.startsWith("!")) {
    // aws hands the words on quoted; `f() { …; }; f "$@"` is the usual form.
    const args = [operation, ...rest].filter((word) => word !== undefined);
    return inner({
      kind: "line",
      text: `${alias.slice(1)} "$@"`,
      shell: "sh",
      via: "aws alias",
      args: ["sh", ...args],
    });
  }
  const at = call.argv.findIndex((word, index) => index > 0 && word === service);
  const argv = [...call.argv.slice(0, at), ...alias.split(/\s+/), ...call.argv.slice(at + 1)];
  // An alias may name itself: `s3 = s3 --profile x` is the built-in.
  const isOwn = alias.split(/\s+/)[0] === service;
  return readAws({ ...call, argv }, world, isOwn ? 8 : depth + 1);
}

function readOperation(
  service: string,
  operation: string,
  words: AwsWords,
  account: Account,
  call: Call,
  world: World,
): readonly Effect[] {
  const parameters = readParameters(words.rest);
  if (words.rest[0] === "help" || parameters.values.has("generate-cli-skeleton")) return [];
  if (local.has(service)) return [];
  const known = custom[`${service} ${operation}`] ?? findOperation(service, operation);
  if (known === undefined)
    return [opaqueEffect("aws", `${service} ${operation}`, "what this operation does is not known here")];
  if (service === "ec2" && isDryRun(words.rest)) return [];
  const final = harden(operation, soften(service, operation, known, parameters), parameters, call, world);
  const { action, recovery, type, name } = final;
  const extent: Extent = { kind: "exact", count: 1, unit: "objects" };
  const done = findTargets(type, parameters, call, world).map((target) =>
    cloudEffect({ action, recovery, service, type, operation: name, target, extent, because: "" }, account),
  );
  return [...done, ...writeOutfile(`${service} ${operation}`, parameters, call, world)];
}

/** Commands that only change or show the machine's own settings. */
const local: ReadonlySet<string> = new Set(["configure", "history", "login", "logout", "sso"]);

const execute = { action: "execute", recovery: "unknown" } as const;
const read = { action: "read", recovery: "needless" } as const;

/** Not API operations, or more than their name says. */
const custom: Readonly<Record<string, AwsOperation>> = {
  "cloudformation deploy": { ...execute, type: "stack", name: "cloudformation:ExecuteChangeSet" },
  "cloudformation package": { ...read, action: "create", type: "object", name: "s3:PutObject" },
  "ecs execute-command": { ...execute, type: "task", name: "ecs:ExecuteCommand" },
  "ecs deploy": { ...execute, type: "service", name: "ecs:UpdateService" },
  "ssm start-session": { ...execute, type: "instance", name: "ssm:StartSession" },
  "lambda invoke": { ...execute, type: "function", name: "lambda:InvokeFunction" },
  "eks update-kubeconfig": { ...read, type: "cluster", name: "eks:DescribeCluster" },
  "emr put": { ...execute, type: "cluster", name: "emr:put" },
  "rds generate-db-auth-token": { ...read, type: "db-instance", name: "rds-db:connect" },
};

/** Some deletions keep a copy when asked to, or for a while. */
function soften(
  service: string,
  operation: string,
  known: AwsOperation,
  parameters: Parameters,
): AwsOperation {
  const has = (name: string): boolean => parameter(parameters, name) !== undefined;
  const keepsSnapshot =
    has("final-db-snapshot-identifier") ||
    has("final-cluster-snapshot-identifier") ||
    has("final-snapshot-identifier");
  if (
    /^delete-(db-)?(instance|cluster)|^delete-cache-cluster/.test(operation) &&
    keepsSnapshot &&
    !has("skip-final-snapshot")
  )
    return { ...known, recovery: "backup" };
  if (service === "secretsmanager" && operation === "delete-secret" && !has("force-delete-without-recovery"))
    return { ...known, recovery: "backup" };
  return known;
}

/** One request that may hold deletions among its changes. What cannot be looked at counts as one. */
function harden(
  operation: string,
  known: AwsOperation,
  parameters: Parameters,
  call: Call,
  world: World,
): AwsOperation {
  if (!/^(batch-write-item|transact-write-items|change-resource-record-sets)$/.test(operation)) return known;
  const texts = [...parameters.values.values()].flat().map((value) => readValue(value, call, world));
  const deletes = texts.some((text) => text === undefined || /"?(DeleteRequest|Delete|DELETE)"?/.test(text));
  return deletes ? { ...known, action: "delete", recovery: "none" } : known;
}

/** Operations with a streamed answer write it to a file named without an option. */
function writeOutfile(
  operation: string,
  parameters: Parameters,
  call: Call,
  world: World,
): readonly Effect[] {
  if (!/^(s3api get-object|lambda invoke|glacier get-job-output)$/.test(operation)) return [];
  const file = parameters.words.at(-1);
  const path = file === undefined ? undefined : resolvePath(call, world, file);
  return path === undefined || !isKnown(path) ? [] : overwriting("aws", path, world);
}

interface Account {
  readonly credentials: readonly Credential[];
  /** Profile, region and endpoint, as far as they are given. */
  readonly place: string;
}

function findAccount(call: Call, world: World, { globals }: AwsWords): Account {
  const pick = (option: string, ...variables: readonly string[]): string | undefined => {
    const words = [globals.get(option), ...variables.map((name) => envGet(call.env, name))];
    const found = words.find((word) => word !== undefined && word !== "");
    return found === undefined ? undefined : showArg(found);
  };
  const key = envGet(call.env, "AWS_ACCESS_KEY_ID");
  const given = globals.get("profile");
  const profile = pick("profile", "AWS_PROFILE", "AWS_DEFAULT_PROFILE");
  const region = pick("region", "AWS_REGION", "AWS_DEFAULT_REGION");
  const endpoint = pick("endpoint-url", "AWS_ENDPOINT_URL");
  // Keys of the environment win over AWS_PROFILE, a --profile wins over both.
  const credential: Credential =
    given === undefined && key !== undefined && isKnown(key)
      ? { name: "AWS_ACCESS_KEY_ID", from: "env:AWS_ACCESS_KEY_ID", fingerprint: world.fingerprint(key) }
      : {
          name: profile ?? "default",
          from: `profile:${profile ?? "default"}`,
          fingerprint: world.fingerprint(profile ?? "default"),
        };
  const place = [
    profile === undefined ? "" : `profile ${profile}`,
    region === undefined ? "" : `region ${region}`,
    endpoint === undefined ? "" : `endpoint ${endpoint}`,
  ];
  return { credentials: [credential], place: place.filter((part) => part !== "").join(", ") };
}

type CloudDeed = Pick<
  CloudEffect,
  "action" | "recovery" | "service" | "type" | "operation" | "target" | "extent" | "because"
>;

function cloudEffect(deed: CloudDeed, { credentials, place }: Account): CloudEffect {
  const because = [deed.because, place].filter((part) => part !== "").join(", ");
  return {
    ...plainEffect("aws", deed.action, deed.target),
    resource: "cloud",
    provider: "aws",
    ...deed,
    because,
    credentials,
  };
}
