import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { writers } from "../files/outputs.js";
import { join, nothing, type Reader, type Reading } from "../reader.js";
import type { ApiTable } from "./api-table.js";
import { type Destination, readRawStdin } from "./raw-text.js";

/** openssl: the files that it writes over (a private key, say), and what `s_client` passes on. */
export function opensslReader(apis: ApiTable): Reader {
  return { names: ["openssl"], read: (call, world) => readOpenssl(call, world, apis) };
}

function readOpenssl(call: Call, world: World, apis: ApiTable): Reading {
  const words = call.argv.slice(2);
  if (words.some((word) => word === "-help" || word === "--help")) return nothing;
  const values = readWords(words);
  const files = writers.read(call, world);
  if (call.argv[1] !== "s_client") return files;
  const to = destinationOf(values);
  return to === undefined ? files : join(files, readRawStdin(call, world, to, apis));
}

/** One dash or two; a name and the word behind it, for whether a value follows differs by subcommand. */
function readWords(words: readonly Arg[]): ReadonlyMap<string, Arg> {
  const values = new Map<string, Arg>();
  words.forEach((word, at) => {
    const next = words[at + 1];
    if (isKnown(word) && word.startsWith("-") && next !== undefined)
      values.set(word.replace(/^--/, "-"), next);
  });
  return values;
}

function destinationOf(values: ReadonlyMap<string, Arg>): Destination | undefined {
  const path = values.get("-unix");
  if (path !== undefined && isKnown(path)) return { host: `unix:${path}`, port: "", isTls: true };
  const stated = values.get("-connect") ?? values.get("-host");
  if (stated === undefined || !isKnown(stated)) return undefined;
  const [, bracketed, name = "", port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(stated) ?? [];
  const other = values.get("-port");
  const own = other !== undefined && isKnown(other) ? other : "4433";
  return { host: (bracketed ?? name).toLowerCase(), port: port ?? own, isTls: true };
}
