import { type Arg, isKnown } from "../../model/arg.js";
import { appending, overwriting, readPaths, toolName } from "../file-effects.js";
import { effects, type Reader } from "../reader.js";

export const dd: Reader = {
  names: ["dd", "gdd", "dcfldd", "dc3dd"],
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
  const [option = ""] = /^(of|hof|wipe|hwipe)=/.exec(isKnown(word) ? word : word.prefix) ?? [];
  if (isKnown(word)) return option === "" ? [] : [word.slice(option.length)];
  if (option !== "") return [{ ...word, prefix: word.prefix.slice(option.length) }];
  return word.prefix === "" ? [word] : [];
}
