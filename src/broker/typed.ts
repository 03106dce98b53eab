import { isKnown } from "../model/arg.js";
import type { Judgement, Request } from "../model/judgement.js";
import { disarms } from "./disarm.js";

/**
 * A shell that takes its commands one by one is held by a DEBUG trap. `trap - DEBUG` would set it free, and so would a change to
 * the functions and variables that the trap uses, or a function in the place of a builtin. Told by what the words became:
 * `t=trap; $t - DEBUG`. Of a whole line (`typed`) bash's traps are left to the hook, which keeps the user's own behind it.
 */
export function reachesForHook(
  verb: string | undefined,
  { text, shell }: Request & { readonly door: "line" },
  { calls }: Judgement,
): boolean {
  if (verb === "typed" && (shell === "zsh" || shell === "fish")) return disarms(text);
  if (verb !== "command" && verb !== "typed") return false;
  if (text.includes("__hp_") || definesBuiltin.test(text)) return true;
  return calls.some(({ tool, argv }) => {
    const words = argv.slice(1);
    const has = (pattern: RegExp) => words.some((word) => !isKnown(word) || pattern.test(word));
    if (tool === "enable") return has(/^-\w*[ndf]/);
    if (verb === "typed") return false;
    if (tool === "trap" && words[0] === "-p") return false;
    if (tool === "trap")
      return words.length > 1 && words.slice(1).some((word) => !isKnown(word) || isDebug(word));
    if (tool === "set") return has(/^\+\w*T|^functrace$/);
    return tool === "shopt" && has(/^extdebug$/);
  });
}

/** The shell that made a token for a line of its own: what asks for it is a process of a moment. */
export function shellOfToken(token: string | undefined): number | undefined {
  const pid = /^stdin\.(\d{1,10})\./.exec(token ?? "")?.[1];
  return pid === undefined ? undefined : Number(pid);
}

function isDebug(word: string): boolean {
  return /^(SIG)?DEBUG$/i.test(word);
}

/** `return() { :; }`: the hook would call it instead. */
const definesBuiltin =
  /(?:^|[\s;&|({])(?:function\s+)?(?:builtin|return|local|shopt|declare|export|read|kill|history|eval|trap|set|exit|break|readonly|printf)\s*\(\s*\)|(?:^|[\s;&|({])function\s+(?:builtin|return|local|shopt|declare|export|read|kill|history|eval|trap|set|exit|break|readonly|printf)\s/;
