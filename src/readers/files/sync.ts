import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { deletion, overwriting, readPaths } from "../file-effects.js";
import { sentSecrets } from "../http/sent-files.js";
import { hasOption, type Options, optionValue, optionValues, readOptions } from "../options.js";
import { isDirectory, joinPath, lastName, resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader } from "../reader.js";
import { placeOfHost } from "../remote/far.js";
import { hostOverShell } from "../remote/ssh-credentials.js";
import { fetchedFrom, sentTo } from "../remote/ssh-transfers.js";
import { lineSight } from "../sight.js";
import { copiedInto } from "./sync-copies.js";
import { findExtras } from "./sync-extras.js";
import { deletes, filters, options } from "./sync-options.js";

/**
 * What `--delete` takes away, and a file that is written over under another name. Copying over older copies of the same
 * files is what rsync is for.
 */
export const rsync: Reader = {
  names: ["rsync"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    if (hasOption(given, "dry-run", "help", "version")) return nothing;
    // `host:path` and `rsync://…` lie on another machine.
    const local = given.operands.filter((word) => !/^[^/]*:/.test(isKnown(word) ? word : word.prefix));
    const last = given.operands.at(-1);
    const removes = hasOption(given, ...deletes);
    const target = last !== undefined && local.includes(last) ? [last] : [];
    const far = last !== undefined && removes ? farDeletion(last, given, call, world) : [];
    const host = last === undefined ? undefined : hostOf(last);
    const isWhole = hasOption(given, "a", "r", "archive", "recursive");
    const sent = { files: local.filter((word) => word !== last), isWhole };
    const isMoved = hasOption(given, "remove-source-files", "remove-sent-files");
    const sources = isMoved ? local.filter((word) => word !== last) : [];
    const batches = ["write-batch", "only-write-batch"].flatMap((name) => optionValues(given, name));
    const files = given.operands.length === 2 && !removes ? target : [];
    return join(
      effects(
        ...far,
        ...readCopies(given, host, call, world),
        ...(host === undefined ? [] : sentSecrets(call, world, "rsync", { host, ...sent })),
        ...readPaths(call, world, removes ? target : [], "delete", (path) =>
          readExtras(call, world, given, path),
        ),
        ...readPaths(call, world, sources, "delete", (path) => [possible(path)]),
        ...readPaths(call, world, target, "overwrite", (path) =>
          copiedInto(given.operands.slice(0, -1), path, isWhole, call, world),
        ),
        ...readPaths(call, world, files, "overwrite", (path) => readFileCopy(call, world, given, path)),
        ...readPaths(call, world, batches, "overwrite", (path) => overwriting("rsync", path, world)),
      ),
      inner(...startedBy(call, world, given)),
    );
  },
};

function possible(path: string, recursive = true): Effect {
  return { ...deletion("rsync", path, recursive), certainty: "possible" };
}

/** With one plain folder as the source, what goes can be told by name; else it may be anything in the target. */
function readExtras(call: Call, world: World, given: Options, target: string): readonly Effect[] {
  const whole = [possible(target)];
  const [source, ...more] = given.operands.slice(0, -1);
  if (call.sight === "never" || source === undefined || more.length > 0 || !isKnown(source)) return whole;
  if (hasOption(given, ...filters, "delete-missing-args")) return whole;
  const model = resolvePath(call, world, source);
  if (model === undefined || !isKnown(model) || /^[^/]*:/.test(source)) return whole;
  // `src` makes `target/src`, `src/` fills `target`.
  const isInside = /(^|\/)\.{0,2}\/?$/.test(source) || source.endsWith("/");
  const folder = isInside ? target : joinPath(target, lastName(model) ?? "");
  if (!world.lstat(folder).exists) return [];
  const extras = findExtras(world.realpath(model), world.realpath(folder), world);
  if (extras === undefined || extras.length > maxExtras) return whole;
  return extras.map((path) => possible(path, isDirectory(path, world)));
}

const maxExtras = 200;

/** `rsync a.txt b.txt` is `cp a.txt b.txt`. */
function readFileCopy(call: Call, world: World, given: Options, target: string): readonly Effect[] {
  const [source] = given.operands;
  const path = source === undefined ? undefined : resolvePath(call, world, source);
  if (path === undefined || !isKnown(path) || hasOption(given, "ignore-existing", "backup", "b", "u"))
    return [];
  const isFile = world.lstat(path).exists && !isDirectory(path, world) && !isDirectory(target, world);
  return isFile && lastName(path) !== lastName(target) ? overwriting("rsync", target, world) : [];
}

/** The program that reaches the other machine, and the one that it is to start there. */
function startedBy(call: Call, world: World, given: Options): readonly Inner[] {
  const remote = given.operands.map((word) => hostOf(word)).find((host) => host !== undefined);
  if (remote === undefined) return [];
  const shell = shellOf(given, call);
  const path = optionValue(given, "rsync-path");
  return [
    ...(shell === undefined || !isKnown(shell)
      ? []
      : [
          {
            kind: "line",
            text: `${shell} ${remote} rsync`,
            shell: "sh",
            via: "rsync -e",
            ...lineSight(call, world),
          } as const,
        ]),
    ...(path === undefined || !isKnown(path)
      ? []
      : [
          {
            kind: "line",
            text: path,
            shell: "sh",
            via: `rsync to ${remote}`,
            host: hostOverShell(remote, shell, call, world),
          } as const,
        ]),
  ];
}

function shellOf(given: Options, call: Call): Arg | undefined {
  return optionValue(given, "rsh") ?? envGet(call.env, "RSYNC_RSH");
}

function hostOf(word: Arg): string | undefined {
  return /^(?:rsync:\/\/)?(?:[^@/:]*@)?([^/:]+)(?::|(?=\/)).*$/.exec(
    /^(rsync:\/\/|[^/]*:)/.test(showArg(word)) ? showArg(word) : "",
  )?.[1];
}

/** What is put on another machine, or taken from one. */
function readCopies(given: Options, to: string | undefined, call: Call, world: World): readonly Effect[] {
  const { operands } = given;
  const from = new Set(operands.slice(0, -1).flatMap((word) => hostOf(word) ?? []));
  const pathOf = (word: Arg | undefined) => showArg(word ?? "").replace(/^(rsync:\/\/)?[^/:]*[:/]:?/, "");
  return [
    ...(to === undefined
      ? []
      : [sentTo("rsync", hostOverShell(to, shellOf(given, call), call, world), pathOf(operands.at(-1)))]),
    ...[...from].map((host) =>
      fetchedFrom("rsync", hostOverShell(host, shellOf(given, call), call, world), pathOf(operands[0])),
    ),
  ];
}

/** `host:path`, `user@host:path`, `rsync://host/path`: what is not on this side goes on that machine. */
function farDeletion(target: Arg, given: Options, call: Call, world: World): readonly Effect[] {
  const [, host = "", path = ""] =
    (isKnown(target) && /^(?:rsync:\/\/)?(?:[^@/]*@)?([^/:]+)(?::{1,2}|(?=\/))(.*)$/.exec(target)) || [];
  if (host === "" || !isKnown(target) || !/^(rsync:\/\/|[^/]*:)/.test(target)) return [];
  const gone = deletion("rsync", `${host}:${path}`, true);
  const place = placeOfHost(hostOverShell(host, shellOf(given, call), call, world));
  return [{ ...gone, ...place, place: "remote", host, certainty: "possible", because: `on ${host}` }];
}
