import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { find } from "./find-runs.js";
import { git } from "./git-files.js";
import { hidden, type Whole, type WholeReader } from "./given.js";
import { build, copy, diff, tar, upload, zip } from "./packs.js";
import { grep, search } from "./searches.js";

/** By tool and options. */
export function readWholes(call: Call, world: World): readonly Whole[] {
  const name = toolName(call);
  const read = readers.get(name);
  return read === undefined
    ? []
    : read({ call, world, name, words: call.argv.map((word) => (isKnown(word) ? word : hidden)) });
}

const readers: ReadonlyMap<string, WholeReader> = new Map<string, WholeReader>([
  ...["grep", "egrep", "fgrep", "zgrep", "rgrep", "ugrep", "ggrep", "ack"].map(
    (name) => [name, grep] as const,
  ),
  ["rg", search],
  ["ag", search],
  ...["tar", "gtar", "bsdtar"].map((name) => [name, tar] as const),
  ...["zip", "7z", "7za", "7zz"].map((name) => [name, zip] as const),
  ...["cp", "gcp", "rsync", "scp"].map((name) => [name, copy] as const),
  ...["aws", "gsutil", "gcloud", "rclone", "s3cmd"].map((name) => [name, upload] as const),
  ...["docker", "podman", "nerdctl"].map((name) => [name, build] as const),
  ["diff", diff],
  ["git", git],
  ...["find", "gfind", "bfs"].map((name) => [name, find] as const),
]);
