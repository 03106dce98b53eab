import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { FileEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import { operandPlaces } from "../../model/operands.js";
import type { World } from "../../model/world.js";
import { hasOption, type Options } from "../options.js";
import { isWithin, lastName } from "../path.js";

type Operand = Pick<FileEffect, "operand" | "prompts">;

export const none: Operand = {};

/** Those of rm's options that the guard keeps to when it moves a thing away in rm's place. */
const honoured: ReadonlySet<string> = new Set(["recursive", "force", "verbose", "dir"]);

/**
 * For the operands of a deletion that the guard could carry out itself: which word names it. Nothing where no shim stands
 * between this call and the act, or rm would do more than delete: ask, stay on one file system.
 */
export function findOperands(
  call: Call,
  options: Options,
  world: World,
): (at: number, word: Arg, path: string) => Operand {
  if (world.trash === undefined || call.sight === "never" || call.tool === "srm") return () => none;
  if (options.given.some(({ name }) => !honoured.has(name))) return () => none;
  // What is not known yet its shim will know.
  if (call.sight === "now" && options.doubts.length > 0) return () => none;
  // Then options end at the first operand, and taking that away would make others of the words behind it.
  if (envGet(call.env, "POSIXLY_CORRECT") !== undefined) return () => none;
  const places = operandPlaces(call.argv);
  const prompts = call.stdin.kind === "terminal" && !hasOption(options, "force");
  const isRecursive = hasOption(options, "recursive");
  return (at, word, path) => {
    const operand = places[at];
    if (operand === undefined || !isKnown(word) || lastName(word) === undefined) return none;
    if (isRecursive && isAround(path, call, world)) return none;
    return { operand, ...(prompts ? { prompts } : {}) };
  };
}

/** Whoever stands in a folder that is deleted can make nothing in it any longer; in the trash they could. */
function isAround(path: string, { cwd }: Call, world: World): boolean {
  return isKnown(cwd) && isWithin(world.realpath(cwd), world.realpath(path));
}
