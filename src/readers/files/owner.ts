import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";

/** The account in `user:group`, "" where only a group is named; undefined when it cannot be foreseen. */
export function readOwner(word: Arg): string | undefined {
  if (isKnown(word)) return word.split(/[:.]/)[0] ?? "";
  // `$(id -u):$(id -g)`, `$USER:$USER`: whoever it is, it is the one who asks.
  return /^"?(\$\{?(USER|LOGNAME|UID|EUID|SUDO_USER|SUDO_UID)\b|[$`]\(?(whoami|id -u\w*|logname)\b)/.test(
    word.source,
  )
    ? self
    : undefined;
}

/** Stands for the account of the session. */
const self = "$USER";

/** The session's own account, or the one that the file belongs to already. */
export function isOwnName(name: string, path: string, call: Call, world: World): boolean {
  if (name === self || name === String(world.user.uid)) return true;
  const stat = world.lstat(path);
  if (stat.exists && String(stat.uid) === name) return true;
  const named = ["USER", "LOGNAME"].some((variable) => envGet(call.env, variable) === name);
  return named || world.user.homeOf(name) === world.user.home;
}
