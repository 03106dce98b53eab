import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, type Extent, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { overwriting } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { type Account, cloudEffect } from "./account.js";
import { type AwsInput, openAwsInput } from "./input.js";
import { type AwsOperation, findOperation } from "./operations.js";
import { readAwsSql } from "./sql.js";
import { findTargets } from "./target.js";
import { type AwsWords, isDryRun, type Parameters, parameter, readParameters } from "./words.js";

/** What one operation of the API, or one of the command line's own, does. */
export function readOperation(
  service: string,
  operation: string,
  words: AwsWords,
  account: Account,
  call: Call,
  world: World,
): readonly Effect[] {
  const parameters = readParameters(words.rest);
  if (words.rest.some((word) => word === "help" || word === "--help") && !takesText(parameters)) return [];
  if (parameters.values.has("generate-cli-skeleton")) return [];
  const entry = world.awsService?.(service);
  const dry = service === "ec2" || entry?.dryRun.includes(operation) === true;
  if (dry && isDryRun(words.rest)) return [];
  const input = openAwsInput(parameters, call, world);
  const name = `${service} ${operation}`;
  const sql = readAwsSql(name, input, account, call);
  if (sql !== undefined) return sql;
  const known = findOperation(service, operation, entry, input.holds);
  if (known === undefined) return [opaqueEffect("aws", name, "what this operation does is not known here")];
  const final = harden(operation, soften(name, known, parameters), input, call);
  const { action, recovery, type, because } = final;
  const extent = extentOf(name, input);
  const done = findTargets(type, parameters, input).map((target) =>
    cloudEffect({ action, recovery, service, type, operation: final.name, target, extent, because }, account),
  );
  return [...done, ...writeOutfile(name, parameters, call, world)];
}

/** A word `help` behind an option may be its value; alone, and first, it asks for the manual. */
function takesText({ words, values }: Parameters): boolean {
  return !words.includes("help") && !values.has("help");
}

/** Some deletions keep a copy when asked to, or for a while. */
function soften(operation: string, known: AwsOperation, parameters: Parameters): AwsOperation {
  const has = (name: string): boolean => parameter(parameters, name) !== undefined;
  const keepsSnapshot =
    has("final-db-snapshot-identifier") ||
    has("final-cluster-snapshot-identifier") ||
    has("final-snapshot-identifier");
  if (
    / delete-(db-)?(instance|cluster)| delete-cache-cluster| delete-replication-group/.test(operation) &&
    keepsSnapshot &&
    !has("skip-final-snapshot")
  )
    return { ...known, recovery: "backup", because: "keeps a last snapshot" };
  if (operation === "secretsmanager delete-secret" && !has("force-delete-without-recovery"))
    return { ...known, recovery: "backup", because: "can be restored for some days" };
  return known;
}

/** One request that may hold deletions among its changes. What nothing will look at counts as one. */
function harden(operation: string, known: AwsOperation, input: AwsInput, call: Call): AwsOperation {
  const name = lists[operation];
  if (name === undefined) return known;
  const text = input.text(name);
  if (text === undefined && call.sight === "later") return known;
  if (text !== undefined && !/"?(DeleteRequest|Delete|DELETE)"?/.test(text)) return known;
  const because = text === undefined ? "its changes cannot be read" : "deletes among its changes";
  return { ...known, action: "delete", recovery: "none", because };
}

const lists: Readonly<Record<string, string>> = {
  "batch-write-item": "request-items",
  "transact-write-items": "transact-items",
  "change-resource-record-sets": "change-batch",
};

/** `delete-objects` says which: one call may take a thousand. */
function extentOf(operation: string, input: AwsInput): Extent {
  if (operation !== "s3api delete-objects") return { kind: "exact", count: 1, unit: "objects" };
  const keys = input.text("delete")?.match(/\bKey"?\s*[:=]/g);
  return keys === undefined || keys === null
    ? { kind: "unknown" }
    : { kind: "exact", count: keys.length, unit: "objects" };
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
  if (path === undefined || !isKnown(path)) return [];
  const stat = world.lstat(path);
  // A folder cannot be written to: the call ends there.
  return stat.exists && stat.kind === "directory" ? [] : overwriting("aws", path, world);
}
