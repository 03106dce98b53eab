import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Host } from "../../model/call.js";
import { type Effect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { overwriting, readPaths } from "../file-effects.js";
import { sentSecrets } from "../http/sent-files.js";
import { openInputs } from "../inputs.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions, switches } from "../options.js";
import { isDirectory, joinPath, lastName, resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight, ownWords, wrap } from "../sight.js";
import { placeOfHost } from "./far.js";
import { signedHost } from "./ssh-credentials.js";
import { hostOf, programOf } from "./ssh-host.js";
import { machineOf } from "./ssh-names.js";

const scpOptions = declareOptions("anywhere", [
  ...switches("346ABCOpqRrsTv"),
  ..."cDFiJloPSX".split("").map((letter) => `-${letter}:`),
]);

/** Folders of a system, where a file that is put there takes another's place. */
const systemFolder =
  /^\/(etc|usr|bin|sbin|boot|lib|lib64|root\/\.ssh|var\/lib|var\/spool)?(\/|$)(?!(usr\/local\/share|var\/www)\b)/;

/** scp and sftp: what they put where a system keeps its own, what they write over here; the orders of a batch. */
const scp: Reader = {
  names: ["scp"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), scpOptions);
    const started = readStarted(given, call, world);
    const target = given.operands.at(-1);
    if (target === undefined || given.operands.length < 2) return started;
    const [host = "", path = ""] = farPath(target) ?? [];
    const settings = { settings: optionValues(given, "o"), files: optionValues(given, "F") };
    const keys = optionValues(given, "i");
    const machineAt = (name: string) =>
      signedHost(machineOf(name, call, world, settings), keys, settings.settings, call, world);
    const fetched = given.operands.slice(0, -1).flatMap((word) => {
      const [from, file] = farPath(word) ?? [];
      return from === undefined || file === undefined ? [] : [fetchedFrom("scp", machineAt(from), file)];
    });
    if (host === "")
      return join(
        started,
        effects(...fetched, ...readArrivals("scp", given.operands.slice(0, -1), target, call, world)),
      );
    const files = given.operands.slice(0, -1).filter((word) => !isFar(word));
    const machine = machineAt(host);
    const sent = { host, files, isWhole: hasOption(given, "r") };
    const leaves = effects(...fetched, ...sentSecrets(call, world, "scp", sent));
    return isPlacedInSystem(path)
      ? join(started, leaves, effects(placed("scp", machine, path)))
      : join(started, leaves, effects(sentTo("scp", machine, path)));
  },
};

/** `host:path`, `user@host:path`, `scp://host:path`. */
function farPath(word: Arg): readonly [host: string, path: string] | undefined {
  const [, host, path] = (isKnown(word) && /^(?:scp:\/\/)?(?:[^@/:]*@)?([^/:]+):(.*)$/.exec(word)) || [];
  return host === undefined || path === undefined ? undefined : [host, path];
}

/** `host:path`, `scp://host/path`. */
function isFar(word: Arg): boolean {
  return /^[^/]*:/.test(isKnown(word) ? word : word.prefix);
}

/** `-o ProxyCommand=…`, and `-S PROGRAM`, which stands in for ssh. */
function readStarted(given: ReturnType<typeof readOptions>, call: Call, world: World): Reading {
  const programs = optionValues(given, "S")
    .filter((program) => !/(^|\/)(ssh|sshpass|dbclient)$/.test(String(program)))
    .flatMap((program) => wrap(call, world, [program, ownWords("scp")], "scp"));
  return inner(...optionValues(given, "o").flatMap((word) => programOf(word, call, world)), ...programs);
}

/** A file that comes takes the place of one of its name here. */
function readArrivals(
  tool: string,
  sources: readonly Arg[],
  target: Arg,
  call: Call,
  world: World,
): readonly Effect[] {
  const into = resolvePath(call, world, target);
  const isFolder = into !== undefined && isKnown(into) && isDirectory(into, world);
  const files = isFolder
    ? sources.flatMap((source) => {
        const name = isKnown(source) ? lastName(source.replace(/^[^/]*:/, "")) : undefined;
        return name === undefined ? [] : [joinPath(into, name)];
      })
    : [target];
  return readPaths(call, world, files, "overwrite", (path) =>
    isDirectory(path, world) ? [] : overwriting(tool, path, world),
  );
}

function isPlacedInSystem(path: string): boolean {
  return systemFolder.test(path) || /(^|\/)\.ssh\/authorized_keys2?$/.test(path);
}

/** A copy over there. Whether it takes another's place nobody here knows; in folders of one's own it is daily work. */
export function sentTo(tool: string, machine: Host, path: string): Effect {
  const because = `puts a copy on ${machine.name}`;
  return { ...placed(tool, machine, path), action: "create", recovery: "needless", because };
}

/** A copy from over there. */
export function fetchedFrom(tool: string, machine: Host, path: string): Effect {
  const because = `takes a copy from ${machine.name}`;
  return { ...placed(tool, machine, path), action: "read", recovery: "needless", because };
}

function placed(tool: string, machine: Host, path: string): Effect {
  const host = machine.name;
  return {
    ...plainEffect(tool, "modify", `${host}:${path}`),
    ...placeOfHost(machine),
    resource: "file",
    place: "remote",
    host,
    recursive: false,
    aspect: "content",
    because: `what stands there on ${host} is replaced`,
  };
}

const sftpOptions = declareOptions("anywhere", [
  ...switches("46AaCfNpqrv"),
  ..."BbcDFiJloPRSsX".split("").map((letter) => `-${letter}:`),
]);

const sftp: Reader = {
  names: ["sftp"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), sftpOptions);
    const [target] = given.operands;
    if (target === undefined) return nothing;
    const host = hostOf(
      isKnown(target) ? target.replace(/(?<!^s?ftp|^ssh):(?!\/\/).*$/, "") : target,
      undefined,
    );
    const inputs = openInputs(call, world);
    const text = inputs.readText(optionValue(given, "b") ?? "-");
    const started = readStarted(given, call, world);
    // `sftp host:file .` fetches that file, and takes no orders.
    if (!isKnown(text)) return { ...started, wantsStdin: inputs.wantsStdin() };
    const orders = text.split("\n").map((order) => order.trim().replace(/^[-@]+/, ""));
    return join(started, ...orders.map((order) => readOrder(order, host, call, world)));
  },
};

/** `rm`, `rename`, `put`, `get` and the like of sftp(1); what stands behind `!` runs here. */
function readOrder(order: string, host: string, call: Call, world: World): Reading {
  if (order.startsWith("!"))
    return inner({ kind: "line", text: order.slice(1), shell: "sh", via: "sftp", ...lineSight(call, world) });
  const [verb = "", ...words] = order.split(/\s+/);
  const [first = "", second] = words.filter((word) => !word.startsWith("-"));
  if (/^(rm|rmdir|rename)$/i.test(verb))
    return effects({
      ...placed("sftp", machineOf(host, call, world), first),
      action: verb === "rename" ? "modify" : "delete",
    });
  if (/^(put|mput|reput)$/i.test(verb)) {
    const isMany = /^mput$/i.test(verb);
    const files = words.filter(
      (word, at) => !word.startsWith("-") && (isMany || at === words.indexOf(first)),
    );
    const isWhole = words.some((word) => /^-\w*[rR]/.test(word));
    const leaves = sentSecrets(call, world, "sftp", { host, files, isWhole });
    const machine = machineOf(host, call, world);
    const isPlaced = second !== undefined && isPlacedInSystem(second);
    const there = isPlaced ? placed("sftp", machine, second) : sentTo("sftp", machine, second ?? first);
    return effects(...leaves, there);
  }
  if (/^(get|mget|reget)$/i.test(verb) && first !== "")
    return effects(
      fetchedFrom("sftp", machineOf(host, call, world), first),
      ...readArrivals("sftp", [`${host}:${first}`], second ?? ".", call, world),
    );
  return nothing;
}

export const transfers: readonly Reader[] = [scp, sftp];
