import { secretOrigin } from "../../expand/secret-origin.js";
import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { deletion, overwriting, readPaths } from "../file-effects.js";
import { declareOptions, hasOption, readOptions, switches } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, join, nothing, type Reader, type Reading } from "../reader.js";
import { handOver } from "../shell/hand-over.js";
import type { ApiTable } from "./api-table.js";
import { type Destination, readRawStdin } from "./raw-text.js";
import { sentSecrets } from "./sent-files.js";

/** socat: two addresses, tied together. */
export function socatReader(apis: ApiTable): Reader {
  return { names: ["socat"], read: (call, world) => readSocat(call, world, apis) };
}

const socatOptions = declareOptions("first", [
  "-V",
  "-h",
  "-?",
  ...switches("0123456789Dduvxg46SsU"),
  ...["-b:", "-t:", "-T:", "-L:", "-W:", "-r:", "-R:"],
]);

function readSocat(call: Call, world: World, apis: ApiTable): Reading {
  const words = call.argv.slice(1).filter((word, at, all) => !isLog(word) && !takesValue(all[at - 1]));
  const given = readOptions(words, socatOptions);
  if (hasOption(given, "h", "V", "?")) return nothing;
  const hidden = given.operands.find((word) => !isKnown(word));
  const addresses = given.operands.filter(isKnown).flatMap((word) => word.split("!!").map(parseAddress));
  const doubts =
    hidden === undefined || isKnown(hidden) || call.sight === "later"
      ? []
      : [opaqueEffect("socat", hidden.source, `it may name a program: ${hidden.reason}`)];
  const isNetwork = addresses.some(({ type }) => networks.test(type));
  const talks = addresses.some(({ type }) => /^(-|stdio|stdin)$/i.test(type));
  const to = addresses.flatMap((address) => destinationOf(address, call, world) ?? [])[0];
  const files = hasOption(given, "U")
    ? []
    : addresses.filter(({ type }) => /^(open|file|gopen|create|creat)$/.test(type)).map(({ value }) => value);
  // `EXEC:"tar -c key.pem"`: what it prints is what goes out.
  const printed = addresses
    .filter(({ type }) => /^(exec|system|shell)$/.test(type))
    .flatMap(({ value }) => {
      const argv = value.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
      const origin = secretOrigin({ argv, stdin: { kind: "none" }, cwd: call.cwd }, world);
      return origin === undefined ? [] : [unknown(value, origin)];
    });
  const leaves =
    to === undefined || to.host.startsWith("unix:")
      ? []
      : sentSecrets(call, world, "socat", { host: to.host, files, texts: printed });
  return join(
    effects(...doubts, ...leaves),
    ...addresses.map((address, at) =>
      readAddress(address, at, hasOption(given, "u"), isNetwork, call, world),
    ),
    to !== undefined && talks && !hasOption(given, "U") ? readRawStdin(call, world, to, apis) : nothing,
  );
}

/** `-lf FILE`, `-ly`, `-lmlocal2`: what it logs is its own. */
function isLog(word: Arg): boolean {
  return isKnown(word) && word.startsWith("-l");
}

function takesValue(word: Arg | undefined): boolean {
  return word === "-lf" || word === "-lp";
}

interface Address {
  readonly type: string;
  /** Behind the first colon. */
  readonly value: string;
  /** Lower case: `fork`, `unlink-early`. */
  readonly options: readonly string[];
}

/** `TCP:host:80,crnl`; what is quoted may hold a comma. */
function parseAddress(word: string): Address {
  const [, type = "", sign = "", rest = ""] = /^([A-Za-z0-9_-]*)([:,]?)(.*)$/s.exec(word) ?? [];
  if (type === "" && sign === "") return { type: "open", value: word, options: [] };
  const parts = rest.match(/(?:"[^"]*"|'[^']*'|\\.|[^,\\"'])+/gs) ?? [];
  const [value = "", ...options] = sign === ":" ? parts : ["", ...parts];
  const bare = value.replace(/^(["'])(.*)\1$/s, "$2").replace(/\\(.)/g, "$1");
  return { type: type.toLowerCase(), value: bare, options: options.map((one) => one.toLowerCase()) };
}

const networks = /^(tcp|udp|sctp|dccp|ssl|openssl|vsock|socks|proxy|ip|unix-l|unix-connect|abstract)/;

function readAddress(
  { type, value, options }: Address,
  at: number,
  isOneWay: boolean,
  isNetwork: boolean,
  call: Call,
  world: World,
): Reading {
  const is = (name: string) => options.some((one) => one === name || one.startsWith(`${name}=1`));
  switch (type) {
    case "exec":
    case "system":
    case "shell":
      // `SHELL` by itself is the caller's own.
      return isNetwork ? handOver(call, world, value || "sh") : tied(call, world, value || "sh");
    case "create":
    case "creat":
      return replaced(call, world, value);
    case "open":
    case "file":
    case "gopen": {
      const cuts = is("trunc") || is("o-trunc");
      const goes = isOneWay && at === 1 && type !== "gopen" && !is("append") && !is("o-append");
      const gone = is("unlink") || is("unlink-early") || is("unlink-late");
      return join(
        cuts || goes ? replaced(call, world, value) : nothing,
        gone
          ? effects(...readPaths(call, world, [value], "delete", (path) => [deletion("socat", path)]))
          : nothing,
      );
    }
    default:
      return nothing;
  }
}

/** Between two places of this machine: a program like any other. */
function tied(call: Call, world: World, command: string): Reading {
  const words = command.trim().split(/\s+/);
  return words.length === 1 && /^([\w/.-]*\/)?(ba|da|z)?sh$/.test(command.trim())
    ? nothing
    : handOver(call, world, command);
}

function replaced(call: Call, world: World, file: string): Reading {
  return effects(...readPaths(call, world, [file], "overwrite", (path) => overwriting("socat", path, world)));
}

/** Where what is read from stdin goes. */
function destinationOf({ type, value }: Address, call: Call, world: World): Destination | undefined {
  if (/^(open|gopen|file)$/.test(type)) return isSocket(value, call, world) ? unixSocket(value) : undefined;
  if (/^(unix|unix-connect|unix-client|unix-sendto)$/.test(type)) return unixSocket(value);
  const isTls = /^(ssl|openssl)(-connect)?$/.test(type);
  if (!isTls && !/^(tcp|udp)[46]?(-connect|-sendto|-datagram)?$/.test(type)) return undefined;
  const [, bracketed, name = "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*)):(.*)$/.exec(value) ?? [];
  return { host: (bracketed ?? name).toLowerCase(), port, isTls };
}

function unixSocket(path: string): Destination {
  return { host: `unix:${path}`, port: "", isTls: false };
}

/** A path by itself is connected to where it is a socket. */
function isSocket(path: string, call: Call, world: World): boolean {
  const place = resolvePath(call, world, path);
  const stat = place !== undefined && isKnown(place) ? world.lstat(place) : undefined;
  return (stat?.exists === true && stat.kind === "socket") || /\.sock(et)?$/.test(path);
}
