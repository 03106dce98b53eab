import { type Arg, isKnown } from "../../model/arg.js";
import type { Inner } from "../../model/call.js";
import { type Effect, plainEffect } from "../../model/effect.js";
import { isDestructiveStart, splitWords } from "../verbs.js";
import { showJson } from "./json.js";
import { type CodeCall, type CodeValue, nameOf, oneText, plainText, showValue } from "./values.js";

/** What a call of a provider's own library does: of AWS as its command line's operation, of others by its name. */
export function readCloudCall(
  call: CodeCall,
  text: string,
  via: string,
): { readonly effects: readonly Effect[]; readonly inner: readonly Inner[] } {
  const last = call.name.slice(call.name.lastIndexOf(".") + 1);
  if (!isDestructive(last) && !isGone(last) && !/^(request|[A-Z]\w+Command)$/.test(last))
    return { effects: [], inner: [] };
  const aws = readAws(call);
  if (aws !== undefined) return { effects: [], inner: [{ kind: "call", argv: aws, via, sight: "never" }] };
  return { effects: readOther(call, text, via), inner: [] };
}

/** `boto3.client("s3").delete_bucket(Bucket="x")`, `new DeleteBucketCommand({Bucket: "x"})`, `new AWS.S3().deleteBucket(…)` */
function readAws(call: CodeCall): readonly Arg[] | undefined {
  const last = call.name.slice(call.name.lastIndexOf(".") + 1);
  const [, command] = /(?:^|\.)([A-Z]\w+)Command$/.exec(call.name) ?? [];
  if (command !== undefined) {
    const [, service] = /^@aws-sdk\/client-([\w-]+)\./.exec(call.name) ?? [];
    return isDestructiveStart(command)
      ? operation(service ?? serviceByNoun(command), command, call)
      : undefined;
  }
  const client = rootOf(call, /(^|\.)client$/);
  if (
    client !== undefined &&
    /^(boto3|session|boto3\.Session\(\)|boto3\.session\.Session\(\))\./.test(client.name) &&
    isDestructive(last)
  )
    return operation(serviceOf(client), last, call);
  const resource = rootOf(call, /(^|\.)resource$/);
  if (resource !== undefined && isDestructive(last)) return readResource(call, serviceOf(resource), last);
  const [, old] = /^(?:AWS|aws-sdk)\.(\w+)\(\)\.\w+$/.exec(call.name) ?? [];
  return old !== undefined && isDestructive(last) ? operation(old.toLowerCase(), last, call) : undefined;
}

function isDestructive(name: string): boolean {
  return (
    isDestructiveStart(name) ||
    /^(batch|bulk|force|schedule|deregister|put_bucket_policy|modify|reboot|stop)_/.test(name)
  );
}

function serviceOf(client: CodeCall): string {
  return plainText(client.values[0] ?? client.named.get("service_name")) ?? "";
}

/** `boto3.resource("s3").Bucket("x").objects.all().delete()` */
function readResource(call: CodeCall, service: string, last: string): readonly Arg[] | undefined {
  const owner = rootOf(call, /\.resource\(\)\.[A-Z]\w*$/);
  const type = owner?.name.slice(owner.name.lastIndexOf(".") + 1) ?? "";
  const target = oneText(owner?.values[0]) ?? "";
  if (service === "s3" && type === "Bucket") {
    const bucket = `s3://${isKnown(target) ? target : "bucket"}`;
    return /\.(objects|object_versions)\b/.test(call.name)
      ? ["aws", "s3", "rm", bucket, "--recursive"]
      : ["aws", "s3", "rb", bucket];
  }
  if (type === "") return undefined;
  return [
    "aws",
    commandOf(service),
    `${dashed(last)}-${dashed(type)}${/^ec2$/.test(service) ? "s" : ""}`,
    ...(target === "" ? [] : [`--${dashed(type)}-name`, target]),
  ];
}

function operation(service: string, name: string, { values, named }: CodeCall): readonly Arg[] {
  const [first] = values;
  const fields = new Map([...(first?.kind === "fields" ? first.fields : []), ...named]);
  const words = [...fields].flatMap(([field, value]): readonly Arg[] => {
    if (value.kind === "name" && /^true$/i.test(value.name)) return [`--${dashed(field)}`];
    if (value.kind === "name" && /^false$/i.test(value.name)) return [`--no-${dashed(field)}`];
    return [`--${dashed(field)}`, ...wordsOf(value)];
  });
  return ["aws", commandOf(service), dashed(name), ...words];
}

function wordsOf(value: CodeValue): readonly Arg[] {
  if (value.kind === "text") return value.any.slice(0, 1);
  if (value.kind === "list" && value.items.every((item) => item.kind === "text"))
    return value.items.flatMap((item) => oneText(item) ?? []);
  return [showJson(value)];
}

function commandOf(service: string): string {
  return commands[service] ?? service;
}

const commands: Readonly<Record<string, string>> = {
  s3: "s3api",
  config: "configservice",
  codedeploy: "deploy",
  "elastic-load-balancing-v2": "elbv2",
  "cloudwatch-logs": "logs",
  cloudwatchlogs: "logs",
};

function serviceByNoun(command: string): string {
  if (/Bucket|Object/.test(command)) return "s3";
  if (/DB(Instance|Cluster|Snapshot)/.test(command)) return "rds";
  if (/Instances|Volume|SecurityGroup|Vpc|Subnet|Image|Snapshot/.test(command)) return "ec2";
  if (/Table|Item/.test(command)) return "dynamodb";
  if (/Stack/.test(command)) return "cloudformation";
  if (/Secret/.test(command)) return "secretsmanager";
  if (/Function/.test(command)) return "lambda";
  if (/Queue|Message/.test(command)) return "sqs";
  if (/Role|User|Policy|AccessKey/.test(command)) return "iam";
  return "s3";
}

/** `DeleteDBInstance` and `delete_db_instance` are `delete-db-instance`. */
function dashed(name: string): string {
  return splitWords(name).join("-");
}

/** The call among those that this one is a member of whose name fits. */
function rootOf(call: CodeCall, name: RegExp): CodeCall | undefined {
  let at: CodeCall = call;
  for (let depth = 0; depth < 30; depth += 1) {
    const owner: CodeValue | undefined = at.receiver?.kind === "name" ? at.receiver.of : at.receiver;
    if (owner?.kind !== "made") return undefined;
    at = owner.call;
    if (name.test(at.name)) return at;
  }
  return undefined;
}

/** Libraries of providers, by the names that they are loaded or made by. */
const providers: readonly (readonly [provider: string, name: RegExp])[] = [
  [
    "google-cloud",
    /google\.cloud|googleapiclient|@google-cloud\/|^storage\.Client|^bigquery\.Client|^firestore\.Client/,
  ],
  [
    "azure",
    /^azure\.|@azure\/|\w+ManagementClient|BlobServiceClient|SecretClient|CosmosClient|ResourceManagementClient/,
  ],
  ["stripe", /stripe/i],
  ["github", /octokit|PyGithub|^github\.Github|^Github\(\)|^gh\b/i],
  ["gitlab", /gitlab/i],
  ["algolia", /algolia/i],
  ["firebase", /firebase|^admin\.(auth|firestore|database|storage)/i],
  ["kubernetes", /kubernetes|^k8s|(Core|Apps|Batch)V1(Api)?\b|^v1\.(delete|create)/],
  ["docker", /^docker\.|^Docker|dockerode/],
  ["cloudflare", /cloudflare/i],
  ["digitalocean", /digitalocean|^pydo\b/i],
  ["heroku", /heroku/i],
  ["elasticsearch", /elasticsearch|opensearch|^Elastic/i],
  ["pinecone", /pinecone/i],
  ["qdrant", /qdrant/i],
  ["weaviate", /weaviate/i],
  ["chroma", /chromadb/i],
  ["milvus", /milvus/i],
  ["meilisearch", /meilisearch/i],
  ["typesense", /typesense/i],
  ["twilio", /twilio/i],
  ["sendgrid", /sendgrid|@sendgrid/i],
  ["openai", /openai/i],
  ["supabase", /supabase/i],
  ["contentful", /contentful/i],
  ["shopify", /shopify/i],
  ["hetzner", /hcloud/i],
  ["vercel", /vercel/i],
  ["netlify", /netlify/i],
  ["slack", /slack/i],
  ["notion", /notion/i],
  ["linear", /@linear/i],
  ["kafka", /kafka/i],
  ["minio", /minio/i],
  ["vault", /hvac/i],
  ["consul", /consul/i],
  ["openstack", /openstack|novaclient/i],
  ["linode", /linode/i],
  ["huggingface", /huggingface_hub|HfApi/],
];

/**
 * A method whose name begins with a word like `delete`, on what a provider's library made. `list.remove`, `map.delete` and
 * their kin are made by none.
 */
function readOther(call: CodeCall, text: string, tool: string): readonly Effect[] {
  const last = call.name.slice(call.name.lastIndexOf(".") + 1);
  const request = /^(DELETE) (\/\S+)/.exec(plainText(call.values[0]) ?? "");
  const isRequest = request !== null && /octokit|github/i.test(call.name + text.slice(0, 10_000));
  if (!isRequest && (call.name === last || !isGone(last))) return [];
  const root = call.name.replace(/\(\)/g, "");
  const provider = providers.find(([, name]) => name.test(root))?.[0];
  if (provider === undefined) return [];
  const operation = isRequest ? `${request[1]} ${request[2]}` : call.name.replace(/^.*\(\)\./, "");
  const words = splitWords(last).filter(
    (word) =>
      !/^(begin|delete|destroy|terminate|purge|drop|remove|del|clear|async|by|id|all|prune|namespaced)$/.test(
        word,
      ),
  );
  return [
    {
      ...plainEffect(tool, "delete", targetOf(call)),
      resource: "cloud",
      provider,
      service: "sdk",
      type: words.join("-") || nounBefore(call.name),
      operation,
      recovery: "none",
      because: `calls ${operation}`,
    },
  ];
}

function isGone(name: string): boolean {
  const plain = name.replace(/^(begin|batch|bulk|async|admin|force)_?(?=[A-Za-z])/, "");
  return (
    isDestructiveStart(plain) ||
    /^(clearObjects|clearIndex|clear_objects|prune|deleteMany|reset_index)$/.test(plain)
  );
}

/** `customers` of `stripe.customers.del`, singular. */
function nounBefore(name: string): string {
  const word = name.replace(/\(\)/g, "").split(".").at(-2) ?? "";
  return word
    .replace(/ies$/, "y")
    .replace(/(?<!s)s$/, "")
    .toLowerCase();
}

function targetOf(call: CodeCall): string {
  const [first] = [...call.values, ...call.named.values()];
  if (first !== undefined && first.kind !== "fields") return showValue(first).slice(0, 200);
  return first === undefined
    ? call.receiver === undefined
      ? call.name
      : nameOf(call.receiver)
    : call.source.slice(0, 200);
}
