import type { Deed } from "../../model/knowledge.js";
import { readRestDeed } from "../http/rest-deed.js";
import type { Url } from "../http/url.js";
import { splitPath } from "../path-pattern.js";
import { textOf, type Value, valueAt } from "../value.js";
import { findOperation } from "./operations.js";

export interface AwsRequest {
  readonly method: string;
  readonly url: Url;
  readonly fields: Value;
  /** `X-Amz-Target`: `DynamoDB_20120810.DeleteTable`. */
  readonly target: string;
}

export interface AwsDeed extends Deed {
  readonly service: string;
  readonly type: string;
  readonly operation: string;
}

/** A request to an endpoint of AWS; undefined for hosts below amazonaws.com that are someone's own. */
export function readAwsRequest({ method, url, fields, target }: AwsRequest): AwsDeed | undefined {
  const service = serviceOf(url.host);
  if (service === undefined) return undefined;
  const named =
    target.split(".").at(-1) ||
    textOf(valueAt(fields, "Action")) ||
    new URLSearchParams(url.query).get("Action");
  if (named) return readNamed(service, named);
  if (service === "s3") return readS3(method, url);
  const { type, ...deed } = readRestDeed({
    method,
    path: url.path,
    query: url.query,
    fields,
    soapAction: "",
  });
  return { ...deed, service, type, operation: `${method} ${url.path}` };
}

/** `dynamodb.eu-west-1.amazonaws.com`, `s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`. */
function serviceOf(host: string): string | undefined {
  const labels = host.replace(/\.(amazonaws\.com(\.cn)?|api\.aws)$/, "").split(".");
  if (labels.slice(1).some((label) => foreign.has(label))) return undefined;
  if (labels.some((label) => /^s3([.-]|$)/.test(label))) return "s3";
  const label = labels.filter((part) => !/^([a-z]{2}(-[a-z]+)+-\d|dualstack)$/.test(part)).at(-1) ?? "";
  return services[label] ?? label.replace(/-fips$/, "");
}

/** Behind a name, what belongs to customers: gateways, load balancers, machines, databases. */
const foreign: ReadonlySet<string> = new Set([
  "appsync-api",
  "compute",
  "compute-1",
  "elb",
  "execute-api",
  "lambda-url",
  "rds",
  "cache",
]);

const services: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  email: "ses",
  elasticmapreduce: "emr",
  elasticloadbalancing: "elbv2",
  states: "stepfunctions",
  elasticfilesystem: "efs",
};

function readNamed(service: string, name: string): AwsDeed {
  const dashed = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
  const known = findOperation(service, dashed);
  const because = `calls ${service}:${name}`;
  if (known !== undefined)
    return {
      action: known.action,
      recovery: known.recovery,
      service,
      type: known.type,
      operation: `${service}:${name}`,
      because,
    };
  return {
    action: "modify",
    recovery: "unknown",
    service,
    type: "unlisted",
    operation: `${service}:${name}`,
    because,
  };
}

const gone = { action: "delete", recovery: "none", service: "s3" } as const;

/** S3 names its operations by the method, by whether a key is given, and by a bare word in the query string. */
function readS3(method: string, { host, path, query }: Url): AwsDeed {
  const inHost = !/^s3[.-]/.test(host);
  const depth = splitPath(path).length + (inHost ? 1 : 0);
  const words = [...new URLSearchParams(query).keys()].map((word) => word.toLowerCase());
  const part = words.find((word) => parts.has(word));
  const type = part ?? (depth > 1 ? "object" : "bucket");
  const said = (verb: string) => `s3:${verb}${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  if (method === "GET" || method === "HEAD" || method === "OPTIONS")
    return {
      action: "read",
      recovery: "needless",
      service: "s3",
      type,
      operation: said("Get"),
      because: "reads",
    };
  if (method === "POST" && words.includes("delete"))
    return {
      ...gone,
      type: "object",
      operation: "s3:DeleteObjects",
      because: "deletes many objects at once",
    };
  if (method === "DELETE" && words.includes("uploadid"))
    return {
      ...gone,
      recovery: "recreate",
      type: "upload",
      operation: "s3:AbortMultipartUpload",
      because: "",
    };
  if (method === "DELETE") return { ...gone, type, operation: said("Delete"), because: `deletes a ${type}` };
  if (part === "policy" || part === "acl" || part === "publicaccessblock")
    return {
      action: "grant",
      recovery: "unknown",
      service: "s3",
      type,
      operation: said("Put"),
      because: "changes who may reach it",
    };
  return {
    action: part === undefined ? "create" : "modify",
    recovery: part === "lifecycle" ? "none" : "needless",
    service: "s3",
    type,
    operation: said("Put"),
    because: "",
  };
}

const parts: ReadonlySet<string> = new Set([
  "policy",
  "acl",
  "publicaccessblock",
  "lifecycle",
  "versioning",
  "replication",
  "encryption",
  "tagging",
  "cors",
  "website",
]);
