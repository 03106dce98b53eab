import { sourcesIn, stdinSources } from "../../expand/secret-origin.js";
import type { Arg } from "../../model/arg.js";
import { secretsOf } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type HttpEffect, plainEffect } from "../../model/effect.js";
import { environment, findSecret, isPrivateKey } from "../../model/secret-file.js";
import type { World } from "../../model/world.js";
import { stdinFile } from "../inputs.js";
import { isLoopback } from "./url.js";

export interface Target {
  readonly host: string;
  readonly path: string;
  readonly method: string;
}

/** Each local file whose content leaves the machine. */
export function sentFiles(
  tool: string,
  files: Iterable<string>,
  world: World,
  { host, path, method }: Target,
): readonly HttpEffect[] {
  if (isLoopback(host)) return [];
  return [...files].map((file) => ({
    ...plainEffect(tool, "send", file),
    resource: "http",
    method,
    host,
    path,
    ...(file === environment || findSecret(file, world) !== undefined ? { operation: "send secret" } : {}),
    extent: { kind: "exact", count: 1, unit: "files" },
    because: `sends the file's content to ${host}`,
  }));
}

/** What of a call goes to a host. */
export interface Sent {
  readonly host: string;
  /** Of files and folders that are named, only the secret ones are told of. */
  readonly files?: readonly Arg[];
  /** Folders go with all that is in them. */
  readonly isWhole?: boolean;
  readonly stdin?: boolean;
  /** Words that go out as they are. */
  readonly texts?: readonly Arg[];
  /** Words where a token is in its place: `Authorization: Bearer $(cat token)`. */
  readonly credentials?: readonly Arg[];
}

/** The files of secrets that a call sends away, whether it names them, is given what they say, or reads it from a pipe. */
export function sentSecrets(call: Call, world: World, tool: string, sent: Sent): readonly HttpEffect[] {
  const { host, files = [], texts = [], credentials = [] } = sent;
  if (isLoopback(host.replace(/:\d+$/, ""))) return [];
  const found = new Set([
    ...files.flatMap((word) => sourcesIn(word, call.cwd, world, sent.isWhole ?? false)),
    ...texts.flatMap(spelledIn),
    ...credentials.flatMap(spelledIn).filter(isPrivateKey),
    ...(sent.stdin === true ? pipedSecrets(call, world) : []),
  ]);
  return [...found].map((file) => ({
    ...plainEffect(tool, "send", file),
    resource: "http",
    method: tool.toUpperCase(),
    host,
    path: "",
    operation: "send secret",
    extent: { kind: "exact", count: 1, unit: "files" },
    because: file === environment ? `sends the variables to ${host}` : `sends what ${file} holds to ${host}`,
  }));
}

/** Files of secrets whose content a call reads on stdin. */
export function pipedSecrets(
  call: Pick<Call, "cwd" | "stdin" | "redirects">,
  world: World,
): readonly string[] {
  const file = stdinFile(call);
  const named = file === "" ? [] : sourcesIn(file, call.cwd, world, false);
  return [...new Set([...named, ...stdinSources(call.stdin, call.cwd, "", world)])];
}

function spelledIn(word: Arg): readonly string[] {
  return typeof word === "string" ? [] : secretsOf(word.reason);
}
