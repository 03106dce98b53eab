import { type Arg, isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";

/** Longer scripts are not foreseen: what they start meets the shims. */
const maxBytes = 256 * 1024;

/** Names of descriptor 0 in the file system. */
export function isStandardInput(word: Arg): boolean {
  return isKnown(word) && /^\/(dev\/stdin|(dev|proc\/self)\/fd\/0)$/.test(word);
}

/** The text of a file that a shell would take its orders from; undefined when it cannot be had, or is no text. */
export function readText(call: Pick<Call, "cwd">, world: World, word: Arg): string | undefined {
  const path = resolvePath(call, world, word);
  if (path === undefined || !isKnown(path)) return undefined;
  const content = world.readFile(path, maxBytes);
  if (!content.ok || !content.complete || content.bytes.subarray(0, 512).includes(0)) return undefined;
  return decodeBytes(content.bytes);
}
