import { readFishCall } from "../model/fish-call.js";
import { readShellWork } from "./shell-call.js";

/** With argv[0]. */
export interface HeldStart {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

/**
 * Other words for a zsh or fish that would read no start-up file, and so not the session's either, which holds its lines: it
 * reads that one alone. Undefined where nothing has to change, and for a text or script, which was judged as a whole.
 */
export function holdStart(name: string, argv: readonly string[], rc: string): HeldStart | undefined {
  if (readShellWork(name, argv).kind !== "stdin") return undefined;
  if (name === "zsh") return holdZsh(argv);
  return name === "fish" ? holdFish(argv, rc) : undefined;
}

/** `-f` becomes `-d`, without the system's files; the session's leave out the user's then, and end with `unsetopt rcs`. */
function holdZsh(argv: readonly string[]): HeldStart | undefined {
  const [name = "zsh", ...words] = argv;
  const kept: string[] = [];
  let isBare = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const option = (words[at + 1] ?? "").toLowerCase().replaceAll("_", "");
    if (word === "--" || word === "-" || !/^[-+]./.test(word)) return finish(words.slice(at));
    if (/^--no-?rcs$/i.test(word)) isBare = true;
    else if ((word === "-o" && option === "norcs") || (word === "+o" && option === "rcs")) {
      isBare = true;
      at++;
    } else if (/^-[A-Za-z0-9]+$/.test(word)) {
      if (word.includes("f")) isBare = true;
      const letters = word.replaceAll("f", "");
      if (letters !== "-") kept.push(letters);
      if (word.endsWith("o")) kept.push(words[++at] ?? "");
    } else kept.push(word);
  }
  return finish([]);

  function finish(rest: readonly string[]): HeldStart | undefined {
    return isBare ? { argv: [name, "-d", ...kept, ...rest], env: ["HOLDPOINT_BARE=1"] } : undefined;
  }
}

/** `-N`, or another place for its files: what it reads by itself it reads once. */
function holdFish(argv: readonly string[], rc: string): HeldStart | undefined {
  const [name = "fish", ...words] = argv;
  if (/[nvh]/.test(readFishCall(words, (word, from) => word.slice(from)).flags)) return undefined;
  const file = `${rc}/data/fish/vendor_conf.d/holdpoint.fish`;
  return { argv: [name, "-C", `source '${file.replaceAll("'", "\\'")}'`, ...words], env: [] };
}
