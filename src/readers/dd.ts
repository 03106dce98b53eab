import { type Arg, isKnown } from "../model/arg.js";
import { appending, overwriting, readPaths, toolName } from "./file-effects.js";
import { effects, type Reader } from "./reader.js";

export const dd: Reader = {
  names: ["dd", "gdd"],
  read(call, world) {
    const tool = toolName(call);
    const words = call.argv.slice(1);
    const keeps = words.some((word) => isKnown(word) && /^conv=(.*,)?notrunc\b/.test(word));
    const appends = keeps && words.some((word) => isKnown(word) && /^oflag=(.*,)?append\b/.test(word));
    const write = appends ? appending : overwriting;
    return effects(
      ...readPaths(call, world, words.flatMap(outputOf), "overwrite", (path) => write(tool, path, world)),
    );
  },
};

function outputOf(word: Arg): readonly Arg[] {
  if (isKnown(word)) return word.startsWith("of=") ? [word.slice(3)] : [];
  if (word.prefix.startsWith("of=")) return [{ ...word, prefix: word.prefix.slice(3) }];
  return word.prefix === "" ? [word] : [];
}
