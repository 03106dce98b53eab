import { isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type OtherEffect, plainEffect } from "../../model/effect.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { openInputs } from "../inputs.js";
import { declareOptions, hasOption, optionValue, readOptions, switches } from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";

const keygenOptions = declareOptions("anywhere", [
  ...switches("ABceghHiKLlpQqUuvXyk"),
  ..."abCDEFfGIJjMmNnOPRrSsTtVWwYZz".split("").map((letter) => `-${letter}:`),
]);

/** A new key in an old one's place; at a terminal ssh-keygen asks its user itself. */
const keygen: Reader = {
  names: ["ssh-keygen"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), keygenOptions);
    const file = optionValue(given, "f");
    const makesNone = hasOption(given, ..."BceFgHiKLlpQRrUuVWYXykIsMDG".split(""));
    if (file === undefined || makesNone || call.stdin.kind === "terminal" || call.stdin.kind === "none")
      return nothing;
    const answer = openInputs(call, world).readText("-");
    if (isKnown(answer) && !/^\s*y/i.test(answer)) return nothing;
    return effects(
      ...readPaths(call, world, [file], "overwrite", (path) => overwriting("ssh-keygen", path, world)),
    );
  },
};

const addOptions = declareOptions("anywhere", [
  ...switches("AcCDdKkLlqvXx"),
  ..."EHhSstTP".split("").map((letter) => `-${letter}:`),
]);

const add: Reader = {
  names: ["ssh-add"],
  read(call) {
    const given = readOptions(call.argv.slice(1), addOptions);
    if (!hasOption(given, "D", "x")) return nothing;
    const because = hasOption(given, "x")
      ? "locks the agent that holds the keys"
      : "takes every key out of the agent, and each passphrase is asked for again";
    return effects(keyEffect(call, { action: "modify", recovery: "recreate", because }));
  },
};

const copyId: Reader = {
  names: ["ssh-copy-id"],
  read(call) {
    const words = call.argv.slice(1).map(showArg);
    if (words.some((word) => /^-(n|h|\?)$/.test(word)) || words.length === 0) return nothing;
    return effects(
      keyEffect(call, {
        action: "grant",
        recovery: "unknown",
        because: "lets a key sign in on another machine",
      }),
    );
  },
};

function keyEffect(call: Call, deed: Pick<OtherEffect, "action" | "recovery" | "because">): OtherEffect {
  const tool = toolName(call);
  const words = call.argv.slice(1).map(showArg).join(" ");
  return { ...plainEffect(tool, deed.action, words || tool), ...deed, resource: "process", operation: tool };
}

export const sshKeys: readonly Reader[] = [keygen, add, copyId];
