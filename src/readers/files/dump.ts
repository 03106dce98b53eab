import { type Arg, isKnown } from "../../model/arg.js";
import { overwriting, readPaths } from "../file-effects.js";
import { effects, type Reader } from "../reader.js";

/** dump(8): `dump -0uf /dev/st0 /home`, `dump 0f FILE /`: what `f` names is written over, a disk too. */
export const dump: Reader = {
  names: ["dump", "ufsdump"],
  read(call, world) {
    const files = namedBy(call.argv.slice(1)).filter((word) => word !== "-");
    return effects(...readPaths(call, world, files, "overwrite", (path) => overwriting("dump", path, world)));
  },
};

/** Letters that take a word, in turn: the old style has them in one cluster without a dash. */
const valued = "aABbCcDdefhILQsTM";

function namedBy(words: readonly Arg[]): readonly Arg[] {
  const [first, ...rest] = words;
  if (first !== undefined && isKnown(first) && /^[0-9a-zA-Z]+$/.test(first)) return inTurn(first, rest);
  return words.flatMap((word, at) => {
    if (!isKnown(word)) return [];
    const [, letters = "", attached = ""] = /^-([0-9a-zA-Z]*?)f(.*)$/.exec(word) ?? [];
    if (
      !/^-[0-9a-zA-Z]*?f/.test(word) ||
      [...letters].some((letter) => valued.includes(letter) && letter !== "a")
    )
      return [];
    return attached === "" ? words.slice(at + 1, at + 2) : [attached];
  });
}

function inTurn(letters: string, rest: readonly Arg[]): readonly Arg[] {
  const takers = [...letters].filter((letter) => "bBCdefhIQsT".includes(letter));
  return takers.flatMap((letter, at) => (letter === "f" ? rest.slice(at, at + 1) : []));
}
