import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { effects, inner, nothing, type Reader, type Reading } from "../reader.js";
import { type Account, cloudEffect, findAccount, hasOwnKeys, profileOf } from "./account.js";
import { findAlias } from "./alias.js";
import { readOperation } from "./call.js";
import { readAwsConfig } from "./config.js";
import { readSetting } from "./configure.js";
import { readS3 } from "./s3.js";
import { type AwsWords, readAwsWords } from "./words.js";

/** The AWS command line: the operation decides, the parameters say to what. */
export const aws: Reader = {
  names: ["aws"],
  read: (call, world) => readAws(call, world, 0),
};

function readAws(call: Call, world: World, depth: number): Reading {
  const words = readAwsWords(call.argv);
  const { service, operation } = words;
  if (service === undefined) return nothing;
  if (!isKnown(service)) return unforeseen(call, service);
  const alias = depth < 8 ? findAlias(service, "toplevel", call, world) : undefined;
  if (alias !== undefined) return readAlias(alias, call, world, depth);
  if (operation === undefined || service === "help" || operation === "help") return nothing;
  if (!isKnown(operation)) return unforeseen(call, operation);
  const own = depth < 8 ? findAlias(operation, `command ${service}`, call, world) : undefined;
  if (own?.startsWith("!")) return readAlias(own, call, world, depth);
  if (service === "configure") return readSetting(operation, words.rest);
  if (service === "history" || service === "login" || service === "logout") return nothing;
  const config = readAwsConfig(profileOf(call, words), call, world);
  const account = findAccount(call, world, words, config);
  const done = readEffects(service, operation, words, account, call, world);
  // A grant is for this very call: the same machine with another command, profile or region is another thing.
  const scope = world.fingerprint([account.place, ...words.rest.map(showArg)].join("\u0000"));
  const scoped = done.map((effect): Effect => (effect.resource === "cloud" ? { ...effect, scope } : effect));
  const { process } = config;
  if (process === undefined || hasOwnKeys(call, words) || call.via.includes(viaProcess))
    return effects(...scoped);
  return { ...effects(...scoped), inner: [{ kind: "line", text: process, shell: "sh", via: viaProcess }] };
}

/** The profile has its keys made by a program, which is judged like any other. */
const viaProcess = "aws credential_process";

function readEffects(
  service: string,
  operation: string,
  words: AwsWords,
  account: Account,
  call: Call,
  world: World,
): readonly Effect[] {
  if (service !== "s3") return readOperation(service, operation, words, account, call, world);
  const reading = readS3(operation, words.rest, call, world);
  const deeds = reading.deeds.map(
    ({ name, ...deed }): Effect => cloudEffect({ ...deed, service, operation: name }, account),
  );
  return [...deeds, ...reading.effects];
}

function unforeseen(call: Call, word: Exclude<Arg, string>): Reading {
  return call.sight === "later" ? nothing : effects(opaqueEffect("aws", word.source, word.reason));
}

/** `x = !program` is given to a shell with the words behind it; anything else stands in the alias' place. */
function readAlias(alias: string, call: Call, world: World, depth: number): Reading {
  const { service, operation, rest } = readAwsWords(call.argv);
  if (alias.startsWith("!")) {
    // aws hands the words on quoted; `f() { …; }; f "$@"` is the usual form.
    const args = [operation, ...rest].filter((word) => word !== undefined);
    return inner({
      kind: "line",
      text: `${alias.slice(1)} "$@"`,
      shell: "sh",
      via: "aws alias",
      args: ["sh", ...args],
    });
  }
  const at = call.argv.findIndex((word, index) => index > 0 && word === service);
  const argv = [...call.argv.slice(0, at), ...alias.split(/\s+/), ...call.argv.slice(at + 1)];
  // An alias may name itself: `s3 = s3 --profile x` is the built-in.
  const isOwn = alias.split(/\s+/)[0] === service;
  return readAws({ ...call, argv }, world, isOwn ? 8 : depth + 1);
}
