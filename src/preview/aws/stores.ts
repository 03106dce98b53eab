import * as v from "valibot";
import { many, showAge, showBytes } from "../../model/amount.js";
import type { AwsTarget, Look } from "./aws.js";
import { need } from "./need.js";

/** `s3 rm`, `s3 mv`, `s3 sync --delete`: of the objects below the prefix, or of the one. */
export const lookAtObjects: Look = async (target) => {
  const { bucket, key } = readUrl(target.effect.target);
  if (/^(arn:|.*--x-s3$)/.test(bucket)) throw new Error("not an ordinary bucket");
  const isOne = target.effect.extent.kind === "exact";
  const [head, kept] = await Promise.all([
    isOne ? lookAtObject(bucket, key, target) : countBelow(bucket, key, target),
    keptRows(bucket, target),
  ]);
  return { rows: [...head, ...noteRows(target), ...kept] };
};

/** `s3 rb --force`, and a bucket's own deletion, which an object in it keeps from happening. */
export const lookAtBucket: Look = async (target) => {
  const { bucket } = readUrl(target.effect.target);
  const [head, kept] = await Promise.all([countBelow(bucket, "", target), keptRows(bucket, target)]);
  const isAll = target.effect.extent.kind === "all";
  return { rows: [...head, ...(isAll ? [] : ["AWS refuses to delete a bucket that is not empty"]), ...kept] };
};

function readUrl(url: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = "", key = ""] = /^(?:s3:\/\/)?([^/]+)\/?(.*)$/s.exec(url) ?? [];
  if (bucket === "") throw new Error("it names no bucket");
  return { bucket, key };
}

const countSchema = v.object({
  count: v.nullish(v.number(), 0),
  bytes: v.nullish(v.number(), 0),
  newest: v.nullish(v.string()),
  more: v.nullish(v.string()),
});

async function countBelow(
  bucket: string,
  prefix: string,
  { client, now }: AwsTarget,
): Promise<readonly string[]> {
  const query =
    "{count: length(Contents || `[]`), bytes: sum(Contents[].Size || `[]`), newest: max(Contents[].LastModified || `[]`), more: NextToken}";
  const input = { Bucket: bucket, ...(prefix === "" ? {} : { Prefix: prefix }) };
  const { count, bytes, newest, more } = need(
    await client.ask("s3api list-objects-v2", input, countSchema, { query, most: mostObjects }),
  );
  const place = prefix === "" ? `in ${bucket}` : `in ${bucket} below ${prefix}`;
  if (count === 0) return [`no objects ${place}`];
  const some = more === undefined || more === null ? "" : "at least ";
  const age = newest === undefined || newest === null ? "" : `, newest ${showAge(Date.parse(newest), now)}`;
  // Names are listed in their order: of some of them the newest says nothing.
  return [`${some}${many(count, "object")}, ${showBytes(bytes)}, ${place}${some === "" ? age : ""}`];
}

const mostObjects = 3000;

const headSchema = v.object({ ContentLength: v.number(), LastModified: v.optional(v.string()) });

async function lookAtObject(
  bucket: string,
  key: string,
  { client, now }: AwsTarget,
): Promise<readonly string[]> {
  const answer = await client.ask("s3api head-object", { Bucket: bucket, Key: key }, headSchema);
  if (!answer.ok && answer.code === "404") return [`there is no object ${key} in ${bucket}`];
  const { ContentLength: bytes, LastModified: modified } = need(answer);
  const age = modified === undefined ? "" : `, changed ${showAge(Date.parse(modified), now)}`;
  return [`${showBytes(bytes)} in ${bucket}${age}`];
}

function noteRows({ words, effect }: AwsTarget): readonly string[] {
  const filters = words.some((word) => /^--(include|exclude)/.test(word));
  return [
    ...(filters ? ["--include and --exclude take some of them out: all are counted here"] : []),
    ...(effect.extent.kind === "unknown" ? ["of these go those that the source does not have"] : []),
  ];
}

const versioningSchema = v.nullable(
  v.object({ Status: v.optional(v.string()), MFADelete: v.optional(v.string()) }),
);
const lockSchema = v.object({
  ObjectLockConfiguration: v.object({
    Rule: v.optional(
      v.object({
        DefaultRetention: v.object({
          Mode: v.optional(v.string()),
          Days: v.optional(v.number()),
          Years: v.optional(v.number()),
        }),
      }),
    ),
  }),
});

/** Whether older versions stay behind. A lock is only where versions are. */
async function keptRows(bucket: string, { client }: AwsTarget): Promise<readonly string[]> {
  const answer = await client.ask("s3api get-bucket-versioning", { Bucket: bucket }, versioningSchema);
  if (!answer.ok) return [`whether versions are kept is not known: ${answer.reason}`];
  const status = answer.value?.Status;
  if (status === undefined) return ["versioning is off: S3 has nothing to bring them back from"];
  if (status !== "Enabled")
    return ["versioning is suspended: only what was written before that has older versions"];
  const lock = await client.ask("s3api get-object-lock-configuration", { Bucket: bucket }, lockSchema);
  const held = lock.ok ? lock.value.ObjectLockConfiguration.Rule?.DefaultRetention : undefined;
  const time =
    held?.Days === undefined
      ? held?.Years === undefined
        ? ""
        : ` ${many(held.Years, "year")}`
      : ` ${many(held.Days, "day")}`;
  return [
    "versioning is on: what is deleted stays as an older version, until a lifecycle rule or somebody removes it",
    ...(lock.ok
      ? [held === undefined ? "object lock is on" : `object lock is on: ${held.Mode ?? "kept"}${time}`]
      : []),
  ];
}
