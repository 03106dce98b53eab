import { type Arg, isKnown } from "../model/arg.js";
import type { Effect } from "../model/effect.js";
import { deletion, readPaths } from "./file-effects.js";
import { declareOptions, hasOption, readOptions } from "./options.js";
import { effects, nothing, type Reader } from "./reader.js";

const deletes = [
  "delete",
  "delete-before",
  "delete-during",
  "delete-delay",
  "delete-after",
  "delete-excluded",
  "del",
];

const options = declareOptions("anywhere", [
  ...deletes.map((name) => `--${name}`),
  ..."avzrhPnqcubdlLkKHpgEAXotSWxmCFDOJNUsi48"
    .split("")
    .filter((letter) => letter !== "n")
    .map((letter) => `-${letter}`),
  "-n --dry-run",
  "-e --rsh:",
  "-f --filter:",
  "-B --block-size:",
  "-M --remote-option:",
  "-T --temp-dir:",
  ...[
    "exclude",
    "include",
    "exclude-from",
    "include-from",
    "files-from",
    "rsync-path",
    "log-file",
    "out-format",
  ].map((name) => `--${name}:`),
  ...[
    "bwlimit",
    "port",
    "password-file",
    "backup-dir",
    "suffix",
    "chmod",
    "chown",
    "max-delete",
    "link-dest",
  ].map((name) => `--${name}:`),
  "--remove-source-files",
]);

/** Only what `--delete` takes away: copying over older copies of the same files is what rsync is for. */
export const rsync: Reader = {
  names: ["rsync"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    if (hasOption(given, "dry-run")) return nothing;
    // `host:path` and `rsync://…` lie on another machine.
    const local = given.operands.filter((word) => !/^[^/]*:/.test(isKnown(word) ? word : word.prefix));
    const last = given.operands.at(-1);
    const target = last !== undefined && local.includes(last) && hasOption(given, ...deletes) ? [last] : [];
    const far = last !== undefined && hasOption(given, ...deletes) ? farDeletion(last) : [];
    const sources = hasOption(given, "remove-source-files") ? local.filter((word) => word !== last) : [];
    return effects(
      ...far,
      ...readPaths(call, world, [...target, ...sources], "delete", (path) => [
        { ...deletion("rsync", path, true), certainty: "possible" },
      ]),
    );
  },
};

/** `host:path`, `user@host:path`, `rsync://host/path`: what is not on this side goes on that machine. */
function farDeletion(target: Arg): readonly Effect[] {
  const [, host = "", path = ""] =
    (isKnown(target) && /^(?:rsync:\/\/)?(?:[^@/]*@)?([^/:]+)(?::{1,2}|(?=\/))(.*)$/.exec(target)) || [];
  if (host === "" || !isKnown(target) || !/^(rsync:\/\/|[^/]*:)/.test(target)) return [];
  const gone = deletion("rsync", `${host}:${path}`, true);
  return [{ ...gone, place: "remote", host, certainty: "possible", because: `on ${host}` }];
}
