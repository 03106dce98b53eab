import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { Call, Inner, Sight } from "../model/call.js";
import { type Env, envFrom, envGet } from "../model/env.js";
import type { World } from "../model/world.js";

/** Who will see a command that this call starts. `env`: the environment that the command gets. */
export function sightOf(call: Call, world: World, word: Arg, env: Env = call.env): Sight {
  const name = isKnown(word) ? word : word.prefix;
  if (name.includes("/") || isBlind(call)) return "never";
  const path = envGet(env, "PATH");
  if (path === undefined) return "never";
  // What an unknown word runs is found on PATH like any other name; `rm` stands for them all.
  return world.isShimmed(isKnown(word) ? word : "rm", isKnown(path) ? path : path.prefix) ? "later" : "never";
}

/** For a line: `never` when its commands would reach no shim, else nothing to add. */
export function lineSight(call: Call, world: World, env: Env = call.env): { readonly sight?: "never" } {
  return sightOf(call, world, "rm", env) === "never" ? { sight: "never" } : {};
}

/** The command behind a wrapper, as an inner call; nothing when there is none. */
export function wrap(
  call: Call,
  world: World,
  words: readonly Arg[],
  via: string,
  more: { readonly env?: Env; readonly cwd?: Call["cwd"]; readonly sight?: "never" } = {},
): readonly Inner[] {
  // `sudo $OPTIONS rm -r notes`: what stands behind a word that may be an option is read as the command.
  const start = words.findIndex((word) => isKnown(word) || word.prefix !== "");
  const argv = start < 0 ? words : words.slice(start);
  const [first] = argv;
  if (first === undefined) return [];
  const sight = more.sight ?? sightOf(call, world, first, more.env);
  return [{ kind: "call", argv, via, ...more, sight, ...(start > 0 ? { certain: false } : {}) }];
}

/** `exec -a NAME`, `env --argv0=NAME`: the last one counts. */
export function calledAs(names: readonly Arg[], inners: readonly Inner[]): readonly Inner[] {
  const name = names.at(-1);
  if (name === undefined) return inners;
  return inners.map((one) => (one.kind === "call" ? { ...one, named: name } : one));
}

/** The words that a tool puts behind a program that an option names: nobody sees them. */
export function ownWords(tool: string): Arg {
  return unknown("", `${tool} chooses the words`);
}

/** An environment whose PATH leads past the shims. */
export function withPath(env: Env, path: string): Env {
  return envFrom([["PATH", path]], env);
}

/** What a login shell or `sudo` puts in place of a PATH. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Reached in a way that no PATH tells (an applet inside busybox): what it starts is as unseen as itself. A builtin is
 * never seen by a shim, but what it starts is found on PATH; so is what `/usr/bin/nohup` starts.
 */
function isBlind(call: Call): boolean {
  const [name] = call.argv;
  if (call.sight !== "never" || name === undefined || !isKnown(name)) return false;
  return !name.includes("/") && !builtins.has(name);
}

const builtins: ReadonlySet<string> = new Set(["command", "builtin", "exec", "eval", "source", ".", "time"]);
