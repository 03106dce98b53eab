import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Env, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { lineSight } from "../sight.js";
import { dialectOf, nameOf } from "./dialect.js";

/**
 * Whether the session's own start-up file is read, which has commands from standard input held one by one, and puts the
 * shims back in front of PATH behind a login shell's profile. Interactive, privileged and POSIX shells read none.
 */
export function isHeld(call: Call, world: World, flags: string): boolean {
  switch (nameOf(call)) {
    case "bash":
    case "rbash": {
      const options = envGet(call.env, "SHELLOPTS") ?? "";
      const isPlain = isKnown(options) && !/posix|privileged/.test(options) && !/[ipP]/.test(flags);
      const isPosix = envGet(call.env, "POSIXLY_CORRECT") !== undefined;
      return isPlain && !isPosix && isSessions(call.env, "BASH_ENV", world);
    }
    case "zsh":
      return !flags.includes("f") && isSessions(call.env, "ZDOTDIR", world);
    default:
      return false;
  }
}

/** What only starts the shell on this terminal; `docker run -it`, `ssh` and `sudo` lead to another place or another user. */
export function isStarter(via: string): boolean {
  return /^(env|exec|command|builtin|nohup|setsid|nice|stdbuf|time|bash -c|sh -c)$/.test(via);
}

/** Whether each line is judged that somebody types into it. A bash that meets its shim is armed by the broker's answer. */
export function isArmed(call: Call, world: World, flags: string): boolean {
  const name = nameOf(call);
  // One that meets its shim is given other words for `-f`.
  if (dialectOf(name) === "zsh")
    return !isUnseen(call, world) && isHeld(call, world, call.sight === "never" ? flags : "");
  if (name !== "bash") return false;
  return call.sight !== "never" || isSessions(call.env, "PROMPT_COMMAND", world);
}

/** A variable that nobody ever spoke of is as the session would set it: `explain` has none. */
export function isSessions(env: Env, name: string, world: World): boolean {
  for (let at: Env | undefined = env; at !== undefined; at = at.outer) {
    if (!at.layer.has(name)) continue;
    const value = at.layer.get(name);
    return (
      value !== undefined &&
      isKnown(value) &&
      world.session.guardPaths.some(
        (path) => value.startsWith(`${path}/`) || value.includes(`'${path}/rc/interactive.bash'`),
      )
    );
  }
  return envGet(env, "HOLDPOINT_SESSION") === undefined;
}

/** A login shell's profile resets PATH, and nothing puts the shims back. */
export function loginSight(call: Call, world: World, flags: string): { readonly sight?: "never" } {
  return flags.includes("l") && !isHeld(call, world, flags) ? { sight: "never" } : {};
}

/** No shim, and with it no hook: the environment was wiped. */
export function isUnseen(call: Call, world: World): boolean {
  return lineSight(call, world).sight === "never";
}

/**
 * A line started it, so what it reads is that line's doing: `decode | sh`. One that the agent's own framework keeps on a
 * pipe is left to the shims: there would be nothing to ask about yet.
 */
export function isBelowShell(call: Call): boolean {
  return call.sight !== "now" || envGet(call.env, "HOLDPOINT_LINE") !== undefined;
}

/** One that imports functions from its environment. */
export function isBash(call: Call): boolean {
  return dialectOf(nameOf(call)) === "bash";
}
