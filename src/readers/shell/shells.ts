import { type Arg, fromItself, isForeign, isKnown, showArg, type Unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { isStandardInput, readText } from "../files/text-file.js";
import { readForeign, readForeignFile } from "../http/fetched.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";
import { dialectOf, dialects, nameOf } from "./dialect.js";
import {
  isArmed,
  isBash,
  isBelowShell,
  isHeld,
  isSessions,
  isStarter,
  isUnseen,
  loginSight,
} from "./held-shell.js";
import { type Invocation, readInvocation, startEnv, startOptions } from "./invocation.js";

export const shells: Reader = {
  names: [...dialects.keys()].filter((name) => name !== "fish"),
  read(call, world) {
    const invocation = readInvocation(call.argv.slice(1));
    // `bash -n script` only checks the grammar.
    if (invocation.flags.includes("n")) return nothing;
    return join(
      readStartup(call, world, invocation),
      readGivenFunctions(call, world),
      readOrders(call, world, invocation),
    );
  },
};

/** Files that the shell reads before its orders, when the call chose them itself. */
function readStartup(call: Call, world: World, { startFiles, flags }: Invocation): Reading {
  // An editor's terminal starts `bash --init-file ITS-OWN`: no line chose that file.
  const isOwn = isBash(call) && !isBelowShell(call);
  const files = [...(isOwn ? [] : startFiles), ...chosenFiles(call, world, flags)];
  return join(
    ...files.map((file) => {
      const script = readScriptFile(call, world, file, [], "start-up file");
      return script === undefined && !isKnown(file) ? unreadable(call, file) : inner(...(script ?? []));
    }),
  );
}

/** `BASH_ENV=x bash -c …`, `HOME=x bash -l`, `ZDOTDIR=x zsh`: a user's own home and the session's files are no choice. */
function chosenFiles(call: Call, world: World, flags: string): readonly Arg[] {
  const isLogin = flags.includes("l");
  const isInteractive = flags.includes("i");
  const home = envGet(call.env, "HOME");
  const below = (folder: Arg | undefined, names: readonly string[]) =>
    folder !== undefined && isKnown(folder) ? names.map((name) => `${folder}/${name}`) : [];
  const foreign = home === world.user.home ? undefined : home;
  const profiles = below(foreign, isLogin ? [".bash_profile", ".bash_login", ".profile"] : []);
  const name = nameOf(call);
  if (name === "zsh") {
    const folder = isSessions(call.env, "ZDOTDIR", world)
      ? foreign
      : (envGet(call.env, "ZDOTDIR") ?? foreign);
    const names = [
      ".zshenv",
      ...(isLogin ? [".zprofile", ".zlogin"] : []),
      ...(isInteractive ? [".zshrc"] : []),
    ];
    return flags.includes("f") ? [] : below(folder, names);
  }
  if (dialectOf(name) !== "bash") {
    const file = envGet(call.env, "ENV");
    return [...profiles, ...(isInteractive && file !== undefined ? [file] : [])];
  }
  const file = envGet(call.env, "BASH_ENV");
  const isOurs = file === undefined || file === "" || isSessions(call.env, "BASH_ENV", world);
  return [...profiles, ...(isInteractive ? below(foreign, [".bashrc"]) : isOurs ? [] : [file])];
}

/** `env BASH_FUNC_f%%='() { … }' bash -c f`: functions that the call hands over, not those that the session has anyway. */
function readGivenFunctions(call: Call, world: World): Reading {
  const found: Reading[] = [];
  if (!isBash(call)) return nothing;
  for (let at = call.env; at.outer !== undefined; at = at.outer)
    for (const [variable, value] of at.layer) {
      const name = /^BASH_FUNC_(.+?)(?:%%|\(\))$/.exec(variable)?.[1];
      if (name === undefined || value === undefined) continue;
      found.push(
        isKnown(value)
          ? inner(line(call, world, `${name} ${value}\n${name} "$@"`, "exported function", []))
          : unreadable(call, value),
      );
    }
  return join(...found);
}

function readOrders(call: Call, world: World, { flags, operands }: Invocation): Reading {
  const [first, ...rest] = operands;
  if (flags.includes("c")) {
    if (first === undefined) return nothing;
    return isKnown(first)
      ? inner({ ...line(call, world, first, `${nameOf(call)} -c`, rest), ...loginSight(call, world, flags) })
      : first.prefix === "" && isForeign(first.reason)
        ? readForeign(call, first, first.reason)
        : unreadable(call, first);
  }
  if (flags.includes("s") || first === undefined || isStandardInput(first))
    return readStdin(call, world, operands, flags);
  const script = readScriptFile(call, world, first, operands, nameOf(call));
  if (script !== undefined) return inner(...script);
  const foreign = readForeignFile(call, world, first);
  if (foreign.effects.length > 0) return foreign;
  const isMissed = !isHeld(call, world, flags) && isMade(call, world, first);
  return isUnseen(call, world) || isMissed ? unreadable(call, first) : nothing;
}

/** What a shell reads as it comes is judged as it comes, by its own start-up hook; nothing waits for it here. */
function readStdin(call: Call, world: World, operands: readonly Arg[], flags: string): Reading {
  const { stdin } = call;
  const args = [nameOf(call), ...operands];
  switch (stdin.kind) {
    case "text":
      return inner({ ...line(call, world, stdin.text, nameOf(call), args), stdin: { kind: "none" } });
    case "file": {
      const script = readScriptFile(call, world, stdin.path, args, nameOf(call));
      return script === undefined ? readForeignFile(call, world, stdin.path) : inner(...script);
    }
    case "unknown":
      if (isForeign(stdin.reason)) return readForeign(call, nameOf(call), stdin.reason);
      if (stdin.reason === fromItself) return nothing;
      return isUnseen(call, world) || (!isHeld(call, world, flags) && isBelowShell(call))
        ? effects(opaqueEffect(nameOf(call), nameOf(call), `cannot tell what it would run: ${stdin.reason}`))
        : nothing;
    case "terminal":
      return isBelowShell(call) && call.via.every(isStarter) && !isArmed(call, world, flags)
        ? effects(
            opaqueEffect(
              nameOf(call),
              nameOf(call),
              "a shell on the terminal whose lines nothing would hold",
            ),
          )
        : nothing;
    default:
      return nothing;
  }
}

/** Commands of a text that is given to a shell. `args` are `$0`, `$1`, …. */
export function line(
  call: Call,
  world: World,
  text: string,
  via: string,
  args: readonly Arg[],
): Inner & { kind: "line" } {
  const shell = dialectOf(nameOf(call)) ?? "sh";
  const env = shell === "bash" ? startEnv(nameOf(call), call) : undefined;
  const options = startOptions(nameOf(call), call.argv.slice(1));
  return {
    ...{ kind: "line", text, shell, via, args },
    ...(env === undefined ? {} : { env }),
    ...(options.length > 0 && { options }),
    ...lineSight(call, world),
  };
}

export function readScriptFile(
  call: Call,
  world: World,
  file: Arg,
  args: readonly Arg[],
  via: string,
): readonly Inner[] | undefined {
  const text = readText(call, world, file);
  return text === undefined ? undefined : [{ ...line(call, world, text, via, args), isFile: true }];
}

/** The line itself writes the file first, or it is not there yet, or never will lie there: a named pipe. */
function isMade(call: Call, world: World, file: Arg): boolean {
  const path = resolvePath(call, world, file);
  if (path === undefined || !isKnown(path)) return false;
  // `mkfifo p; sh p & echo … > p`: nobody can read ahead.
  const stat = world.lstat(path);
  if (stat.exists && stat.kind === "fifo") return isBelowShell(call);
  if (call.sight === "now") return false;
  return !stat.exists || !world.readFile(path, 1).ok;
}

export function unreadable(call: Call, word: Arg): Reading {
  if (call.sight === "later") return nothing;
  const reason = isKnown(word) ? "the file cannot be read" : (word satisfies Unknown).reason;
  return effects(opaqueEffect(nameOf(call), showArg(word), `cannot tell what it would run: ${reason}`));
}
