import { type Arg, isKnown, showArg, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import { type Env, envFrom, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { effects, inner, join, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { optionOf, type Walk } from "../tree/walk.js";
import type { Link } from "./link.js";
import { onlyLooks } from "./look.js";

/** What `run`, `shell`, `connect`, `ssh` start besides themselves; `own` are their effects as the tree has them. */
export function readPrograms(
  walk: Walk,
  own: readonly Effect[],
  link: Link,
  call: Call,
  world: World,
): Reading {
  switch (walk.path.join(" ")) {
    case "run":
      return join(
        effects(...own),
        inner(...wrap(call, world, walk.rest, viaOf("run", link), injected(call, link))),
      );
    case "shell":
      return join(effects(...own), inner(...readShell(link, call, world)));
    case "connect":
      return readConnect(walk, own, link, call, world);
    case "ssh":
      return effects(...(isInTmux(walk) ? own : judgeRemote(own, walk.rest)));
    case "ca ssh":
    case "sandbox ssh":
    case "sandbox exec":
      return effects(...judgeRemote(own, walk.rest.slice(walk.rest.indexOf("--") + 1)));
    case "config plan":
    case "config apply":
    case "config pull":
      return join(effects(...own), inner(...readRunner(walk, call, world)));
    default:
      return effects(...own);
  }
}

/** The program that evaluates `.railway/railway.ts`, where the call names one. */
function readRunner(walk: Walk, call: Call, world: World): readonly Inner[] {
  const named = optionOf(walk, "--runner") ?? envGet(call.env, "RAILWAY_IAC_TS_BIN");
  return named === undefined || named === "" ? [] : wrap(call, world, [named], "railway config");
}

function viaOf(command: string, { environment }: Link): string {
  return environment === undefined ? `railway ${command}` : `railway ${command} (${environment})`;
}

/** `$SHELL`, or sh: what it runs is seen by its hook and the shims, with the variables of that environment. */
function readShell(link: Link, call: Call, world: World): readonly Inner[] {
  const shell = envGet(call.env, "SHELL");
  const words = [shell === undefined || shell === "" ? "sh" : shell];
  return wrap(call, world, words, viaOf("shell", link), injected(call, link));
}

/** A database's own client. What it is told on stdin is judged like its own command line; an open session is not. */
function readConnect(walk: Walk, own: readonly Effect[], link: Link, call: Call, world: World): Reading {
  const { stdin } = call;
  const isTunnel = call.argv.includes("--tunnel-only");
  if (isTunnel || stdin.kind === "none" || stdin.kind === "terminal") return effects(...own);
  if (stdin.kind === "unknown") return { effects: own, inner: [], wantsStdin: true };
  const words = [clientOf(showArg(walk.words[0] ?? ""))];
  const client = wrap(call, world, words, viaOf("connect", link), injected(call, link));
  return join(effects(...own.map(asHarmless)), inner(...client));
}

/** By the service's name, which is the engine's unless somebody changed it; a wrong guess reads no harmless text out of it. */
function clientOf(service: string): string {
  if (/redis|valkey|keydb/i.test(service)) return "redis-cli";
  if (/mongo/i.test(service)) return "mongosh";
  return /mysql|maria/i.test(service) ? "mysql" : "psql";
}

/** `--session` opens tmux there, whatever the words behind it are. */
function isInTmux({ options }: Walk): boolean {
  return options.some(({ name }) => name === "--session");
}

function judgeRemote(own: readonly Effect[], words: readonly Arg[]): readonly Effect[] {
  return onlyLooks(words)
    ? own.map((effect) => asHarmless({ ...effect, because: "only looks at what is there" }))
    : own;
}

function asHarmless(effect: Effect): Effect {
  return effect.action === "execute" ? { ...effect, recovery: "needless" } : effect;
}

/**
 * Railway's variables stand over one's own, and they are not to be seen from here: `railway run psql` must not be taken for
 * a database of this machine because PGHOST is not set, nor `$DATABASE_URL` for the one of the developer's shell.
 */
function injected(call: Call, link: Link): { readonly env: Env } {
  const place = `railway:${link.project ?? "unknown"}/${link.environment ?? "unknown"}`;
  const reason = "railway sets it";
  const names = new Set([...setNames(call.env), ...usual]);
  const layer = [...names]
    .filter((name) => !isKept(name))
    .map((name) => [name, unknown(`$${name}`, reason)] as const);
  return { env: envFrom([...layer, ["PGHOST", unknown(place, reason)] as const], call.env) };
}

/** What its databases bring along. */
const usual: readonly string[] = [
  ...["DATABASE_URL", "DATABASE_PUBLIC_URL", "PGDATABASE", "PGPORT", "PGUSER", "PGPASSWORD"],
  ...["MYSQL_URL", "MYSQLHOST", "REDIS_URL", "REDISHOST", "MONGO_URL", "MONGOHOST"],
];

/** The user's own, which no service sets; and what the tool strips before it starts a program of this machine. */
function isKept(name: string): boolean {
  return /^(HOME|PATH|PWD|OLDPWD|SHELL|SHLVL|USER|LOGNAME|LANG|LANGUAGE|LC_.*|TERM|TMPDIR|XDG_.*|HOLDPOINT.*|BASH.*|ENV|ZDOTDIR|SHELLOPTS|POSIXLY_CORRECT|LD_.*|_)$/.test(
    name,
  );
}

function setNames(env: Env): readonly string[] {
  const names: string[] = [];
  for (let at: Env | undefined = env; at !== undefined; at = at.outer)
    for (const [name, value] of at.layer) if (value !== undefined && isKnown(value)) names.push(name);
  return names.filter((name) => envGet(env, name) !== undefined);
}
