import { basename } from "node:path";
import { promptNet } from "../model/prompt-net.js";

/** How an interactive bash is to start, so that the session's own start-up file arms it: other arguments, more environment. */
export interface Start {
  /** With argv[0]; undefined: the caller's own. */
  readonly argv: readonly string[] | undefined;
  readonly env: readonly string[];
}

/**
 * Undefined for a bash that is not interactive. bash(1): interactive is `-i`, or no text and no file with a terminal on
 * descriptors 0 and 2 (of 2 the shim says nothing; a shell that is not interactive passes over --init-file).
 */
export function interactiveStart(
  argv: readonly string[],
  isOnTerminal: boolean,
  env: ReadonlyMap<string, string>,
  rc: string,
): Start | undefined {
  const words = readWords(argv);
  if (words === undefined || !(words.flags.includes("i") || (isOnTerminal && words.isBare))) return undefined;
  // The reader of shells takes such a text for one that no shim sees: nothing is gained, and the shell stays what it is.
  if (words.isLogin && words.flags.includes("c")) return undefined;
  const isPosix = words.flags.includes("P") || env.has("POSIXLY_CORRECT") || basename(argv[0] ?? "") === "sh";
  const net = { argv: undefined, env: [`PROMPT_COMMAND=${promptNet(rc)}`] };
  // Nothing is read that could take the net away, but ENV, which is put in front of it.
  if (isPosix) {
    const file = env.get("ENV") ?? "";
    return { argv: undefined, env: [...net.env, `ENV=${rc}/interactive.bash`, `HOLDPOINT_START=env${file}`] };
  }
  if (words.isLogin ? words.noProfile : words.noRc) return net;
  const start = words.isLogin ? `login${argv[0] ?? ""}` : `rc${words.file ?? ""}`;
  return {
    argv: ["bash", "--init-file", `${rc}/interactive.bash`, ...words.long, ...words.rest],
    env: [`HOLDPOINT_START=${start}`, ...net.env],
  };
}

interface Words {
  readonly flags: string;
  readonly isLogin: boolean;
  readonly noProfile: boolean;
  readonly noRc: boolean;
  /** Of `--init-file` or `--rcfile`. */
  readonly file: string | undefined;
  /** Long options that stay. */
  readonly long: readonly string[];
  /** All from the first short option or operand on, without what makes it a login shell. */
  readonly rest: readonly string[];
  /** Neither text nor file. */
  readonly isBare: boolean;
}

/** Long options come first; the letters after them take words of their own for `o` and `O`. Undefined: only information is wanted. */
function readWords(argv: readonly string[]): Words | undefined {
  const long: string[] = [];
  const rest: string[] = [];
  let flags = "";
  let file: string | undefined;
  let isLogin = argv[0]?.startsWith("-") ?? false;
  let [noProfile, noRc] = [false, false];
  let at = 1;
  for (; /^--?[a-z]{2}/.test(argv[at] ?? "") && longOptions.has((argv[at] ?? "").replace(/^--?/, "")); at++) {
    const option = (argv[at] ?? "").replace(/^--?/, "");
    if (option === "help" || option === "version") return undefined;
    if (option === "init-file" || option === "rcfile") file = argv[++at];
    else if (option === "login") isLogin = true;
    else {
      noProfile ||= option === "noprofile";
      noRc ||= option === "norc";
      if (option === "posix") flags += "P";
      long.push(`--${option}`);
    }
  }
  for (; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--" || word === "-" || !/^[-+]./.test(word)) break;
    const letters = word.slice(1);
    if (word.startsWith("-")) flags += letters;
    if (word.startsWith("-") && letters.includes("l")) isLogin = true;
    const kept = word.startsWith("-") ? letters.replaceAll("l", "") : letters;
    if (kept !== "") rest.push(word.charAt(0) + kept);
    for (const _ of letters.replace(/[^oO]/g, ""))
      if (argv[at + 1] !== undefined) rest.push(argv[++at] ?? "");
  }
  const operands = argv.slice(at);
  rest.push(...operands);
  const isBare =
    !flags.includes("c") && (flags.includes("s") || operands.every((word) => /^--?$/.test(word)));
  return { flags, isLogin, noProfile, noRc, file, long, rest, isBare };
}

const longOptions: ReadonlySet<string> = new Set(
  "debug debugger dump-po-strings dump-strings help init-file login noediting noprofile norc posix pretty-print rcfile restricted verbose version".split(
    " ",
  ),
);
