import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Host, Stdin } from "../../model/call.js";
import { type Effect, opaqueEffect, plainEffect } from "../../model/effect.js";
import { type Env, envFrom } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { isLoopback } from "../http/url.js";
import { openInputs } from "../inputs.js";
import { onlyLooks } from "../railway/look.js";

/** Stands for the home folder, of which only the other machine knows where it lies. */
const farHome = "/~";

/** Where a line starts that another machine runs. */
export const farCwd = farHome;
export const farEnv: Env = envFrom([
  ["PATH", "/usr/local/bin:/usr/bin:/bin"],
  ["HOME", farHome],
]);

/** Another machine, or a container: nothing of it can be looked at, and no shim is there. */
export function farWorld(world: World): World {
  const reason = "it lies on another machine";
  const { limits: _, ...here } = world;
  return {
    ...here,
    user: { ...world.user, home: farHome, homeOf: () => undefined },
    session: { ...world.session, workspace: "/nowhere", guardPaths: [], temporary: [] },
    lstat: () => ({ exists: false, reason: "unreadable" }),
    realpath: (path) => path,
    readdir: () => ({ ok: false, reason }),
    entries: () => undefined,
    readFile: () => ({ ok: false, reason }),
    git: {
      ...world.git,
      repository: () => undefined,
      tracked: () => ({ reason }),
      ignoredSinceStart: () => false,
      isOwnChange: () => false,
      query: () => ({ ok: false, reason }),
    },
    findProgram: (name) => `/usr/bin/${name}`,
    isShimmed: () => false,
  };
}

/** What the far side reads on stdin: a file there lies on this side. */
export function farStdin(call: Call, world: World): Stdin {
  if (call.stdin.kind !== "file") return call.stdin;
  const text = openInputs(call, world).readText("-");
  return isKnown(text) ? { kind: "text", text, from: "file" } : { kind: "unknown", reason: text.reason };
}

/** The effect as it is from here: on that host, with nothing known of what could be had back. */
export function farEffect(effect: Effect, host: Host): Effect {
  const own = effect.credentials.length > 0 ? { credentials: effect.credentials } : {};
  return { ...seenFromHere(effect, host), ...placeOfHost(host, effect), ...own };
}

/** Where what a host does is done, for its effects. A machine behind another one goes by its own name. */
export function placeOfHost(
  host: Host,
  { machine, hostName, context }: Around = {},
): Around & Partial<Pick<Effect, "credentials">> {
  const far = host.kind === "machine" ? host.name : host.machine;
  const name = machine === undefined ? host.hostName : hostName;
  const cluster = context ?? host.context;
  return {
    ...(machine === undefined && far === undefined ? {} : { machine: machine ?? far }),
    ...(name === undefined ? {} : { hostName: name }),
    ...(cluster === undefined ? {} : { context: cluster }),
    ...(host.credentials === undefined ? {} : { credentials: host.credentials }),
  };
}

/**
 * That something runs on another machine at all: `ssh prod ./deploy` starts a program that nobody here knows. By itself it loses
 * nothing, so that no rule asks; where the machine belongs counts.
 */
export function startedThere(
  tool: string,
  host: Host,
  text: string,
  args: readonly Arg[],
): readonly Effect[] {
  const place = placeOfHost(host);
  if (place.machine === undefined && place.context === undefined) return [];
  const looks = onlyLooks(text === '"$@"' ? args.slice(1) : [text]);
  const effect: Effect = {
    ...plainEffect(tool, looks ? "read" : "execute", host.name),
    ...place,
    resource: "process",
    operation: "remote command",
    recovery: "needless",
    because: `runs a command on ${host.name}`,
  };
  return [effect];
}

type Around = Pick<Effect, "machine" | "hostName" | "context">;

function seenFromHere(effect: Effect, host: Host): Effect {
  const target = `${host.name}:${effect.target.replace(/^\/~(?=\/|$)/, "~")}`;
  const because = effect.because === "" ? `on ${host.name}` : `${effect.because}, on ${host.name}`;
  switch (effect.resource) {
    case "file": {
      const { among: _, to: __, ...file } = effect;
      const recovery = isPassing(effect, host) ? "recreate" : effect.recovery;
      return { ...file, target, because, recovery, place: "remote", host: host.name };
    }
    case "sql":
    case "http":
    case "graphql":
      // Its own loopback is that machine.
      return effect.host === "" || isLoopback(effect.host.replace(/:\d+$/, ""))
        ? { ...effect, target, because, host: host.name }
        : effect;
    case "guard":
      return opaqueEffect(effect.tool, target, because);
    default:
      return { ...effect, target, because };
  }
}

/** Nobody's loss, as far as its path says: resolved, so that no `..` leads out of it. */
function isPassing({ action, target }: Effect, { kind }: Host): boolean {
  if (kind === "passing" || (kind === "container" && scratch.test(target))) return true;
  // Whether anything stands there cannot be told: in a home or a temporary folder it is most often a copy put there.
  return action === "modify" && /^\/(~|tmp|var\/tmp)\//.test(target);
}

const scratch =
  /^\/(tmp|var\/tmp|var\/cache)\/.|\/(node_modules|__pycache__|\.pytest_cache|\.cache|\.next|dist|coverage|tmp)(\/|$)/;
