import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Action, Effect, Extent, Recovery } from "../../model/effect.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { deletion, overwriting } from "../file-effects.js";
import { declareOptions, hasOption, type Options, optionValue, readOptions } from "../options.js";
import { resolvePath } from "../path.js";

/** One thing done to S3; aws.ts makes it an effect of the account. */
interface S3Deed {
  readonly action: Action;
  readonly recovery: Recovery;
  readonly type: "bucket" | "object";
  readonly name: string;
  readonly target: string;
  readonly extent: Extent;
  readonly because: string;
}

export interface S3Reading {
  readonly deeds: readonly S3Deed[];
  readonly effects: readonly Effect[];
}

/** The high-level commands: `aws s3 rm|rb|mv|cp|sync|mb|ls|website|presign`. */
export function readS3(command: string, rest: readonly Arg[], call: Call, world: World): S3Reading {
  const options = readOptions(rest, table);
  // `rb` has no --dryrun: it would be refused, not simulated.
  if (hasOption(options, "dryrun") && command !== "rb") return { deeds: [], effects: [] };
  const [first, second] = options.operands;
  const isWide = hasOption(options, "recursive");
  const extent: Extent = isWide ? { kind: "all" } : { kind: "exact", count: 1, unit: "objects" };
  const opened = openTo(options, second, extent);
  switch (command) {
    case "rm":
      return only(lose("s3:DeleteObject", first, extent, isWide ? "everything below it" : ""));
    case "rb": {
      const all = hasOption(options, "force");
      return only({
        ...lose(
          "s3:DeleteBucket",
          first,
          all ? { kind: "all" } : { kind: "exact", count: 1, unit: "objects" },
          all ? "with every object in it" : "fails unless it is empty",
        ),
        type: "bucket",
        recovery: all ? "none" : "recreate",
      });
    }
    case "mv":
      return {
        deeds: [
          ...(isRemote(first) ? [moveAway(first, extent, second)] : []),
          ...(isRemote(second) ? [put("s3:PutObject", second, extent), ...opened] : []),
        ],
        effects: [...removeLocal(first, isWide, call, world), ...writeLocal(second, isWide, call, world)],
      };
    case "cp":
      return {
        deeds: isRemote(second) ? [put("s3:PutObject", second, extent), ...opened] : [get(first)],
        effects: writeLocal(second, isWide, call, world),
      };
    case "sync": {
      const deletes = hasOption(options, "delete");
      if (!deletes)
        return only(
          ...(isRemote(second)
            ? [put("s3:PutObject", second, { kind: "unknown" }), ...opened]
            : [get(first)]),
        );
      if (isRemote(second))
        return only(
          lose(
            "s3:DeleteObject",
            second,
            { kind: "unknown" },
            "sync --delete removes what the source does not have",
          ),
          ...opened,
        );
      return { deeds: [get(first)], effects: removeLocal(second, true, call, world) };
    }
    case "mb":
      return only({ ...put("s3:CreateBucket", first, extent), type: "bucket" });
    case "ls":
    case "presign":
      return only(get(first));
    case "website":
      return only({ ...put("s3:PutBucketWebsite", first, extent), type: "bucket", action: "modify" });
    default:
      return {
        deeds: [],
        effects: [opaqueEffect("aws", `s3 ${command}`, "a command of s3 that is not known here")],
      };
  }
}

const table = declareOptions("anywhere", [
  "--recursive",
  "--force",
  "--delete",
  "--dryrun",
  "--quiet",
  "--only-show-errors",
  "--no-progress",
  "--exact-timestamps",
  "--size-only",
  "--follow-symlinks",
  "--no-follow-symlinks",
  "--no-guess-mime-type",
  "--force-glacier-transfer",
  "--ignore-glacier-warnings",
  "--human-readable",
  "--summarize",
  "--include:",
  "--exclude:",
  "--acl:",
  "--grants:",
  "--storage-class:",
  "--sse::",
  "--sse-kms-key-id:",
  "--sse-c::",
  "--sse-c-key:",
  "--content-type:",
  "--content-encoding:",
  "--content-disposition:",
  "--content-language:",
  "--cache-control:",
  "--expires:",
  "--expires-in:",
  "--metadata:",
  "--metadata-directive:",
  "--source-region:",
  "--request-payer::",
  "--expected-size:",
  "--page-size:",
  "--index-document:",
  "--error-document:",
  "--website-redirect:",
  "--copy-props:",
]);

function only(...deeds: readonly S3Deed[]): S3Reading {
  return { deeds, effects: [] };
}

/** `--acl public-read`, `--grants read=uri=…AllUsers`: anybody, or somebody named, may read what is uploaded. */
function openTo(options: Options, target: Arg | undefined, extent: Extent): readonly S3Deed[] {
  const acl = optionValue(options, "acl");
  const isOpen = hasOption(options, "grants") || (acl !== undefined && !(isKnown(acl) && quiet.test(acl)));
  if (!isOpen) return [];
  const because = `the access list ${acl === undefined ? "names others" : showArg(acl)}`;
  return [{ ...put("s3:PutObjectAcl", target, extent), action: "grant", recovery: "unknown", because }];
}

const quiet = /^(private|bucket-owner-full-control|bucket-owner-read|aws-exec-read|log-delivery-write)$/;

function lose(name: string, target: Arg | undefined, extent: Extent, because: string): S3Deed {
  return { action: "delete", recovery: "none", type: "object", name, target: show(target), extent, because };
}

/** Its content is kept where it goes: `aws s3 mv s3://b/x /dev/null` keeps nothing. */
function moveAway(source: Arg | undefined, extent: Extent, destination: Arg | undefined): S3Deed {
  const because = `moved to ${show(destination)}`;
  const isKept = destination !== undefined && isKnown(destination) && !/^(\/dev\/|-$)/.test(destination);
  return { ...lose("s3:DeleteObject", source, extent, because), recovery: isKept ? "backup" : "none" };
}

function put(name: string, target: Arg | undefined, extent: Extent): S3Deed {
  return {
    action: "create",
    recovery: "needless",
    type: "object",
    name,
    target: show(target),
    extent,
    because: "",
  };
}

function get(target: Arg | undefined): S3Deed {
  const extent: Extent = { kind: "unknown" };
  return { ...put("s3:GetObject", target, extent), action: "read" };
}

function show(word: Arg | undefined): string {
  return word === undefined ? "s3" : showArg(word);
}

function isRemote(word: Arg | undefined): boolean {
  return word !== undefined && (isKnown(word) ? word : word.source).startsWith("s3:");
}

function removeLocal(word: Arg | undefined, recursive: boolean, call: Call, world: World): readonly Effect[] {
  const path = localPath(word, call, world);
  return path === undefined ? [] : [deletion("aws", path, recursive)];
}

function writeLocal(word: Arg | undefined, recursive: boolean, call: Call, world: World): readonly Effect[] {
  const path = localPath(word, call, world);
  const stat = path === undefined ? undefined : world.lstat(path);
  // Into a folder: its names are the bucket's, and known only there.
  if (path === undefined || recursive || (stat?.exists === true && stat.kind === "directory")) return [];
  return overwriting("aws", path, world);
}

function localPath(word: Arg | undefined, call: Call, world: World): string | undefined {
  if (word === undefined || word === "-" || isRemote(word)) return undefined;
  const path = resolvePath(call, world, word);
  return path !== undefined && isKnown(path) ? path : undefined;
}
