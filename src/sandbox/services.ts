import { isWithin } from "../scope/globs.js";
import { runtimeOf } from "./ground.js";
import type { PlanInput } from "./input.js";
import { type Service, services, usualRun } from "./known-services.js";
import { joinPath, kindOf, namesIn, parentOf } from "./look.js";
import type { Place } from "./mounts.js";

export interface Services {
  /** Real paths of what acts for whoever reaches it. */
  readonly closed: readonly string[];
  /** Real paths of what can be reached. */
  readonly open: readonly string[];
  /** Of `/run` and other covered folders, what is opened. */
  readonly shown: readonly Place[];
  readonly unset: readonly string[];
}

/** What of the machine's services can be reached: what `share` names, and nothing else. */
export function findServices(input: PlanInput): Services {
  const { setting, env, look } = input;
  const isShared = ({ name }: Service) => setting.share.includes(name);
  const open = services.filter(isShared);
  const shut = services.filter((one) => !isShared(one));
  const kept = new Set(open.flatMap(({ variables }) => variables));
  const shared = open.flatMap((one) => socketsOf(one, input));
  const runtime = setting.share.includes("runtime") ? runtimeOf(env, look) : undefined;
  const isInRuntime = (path: string) => runtime !== undefined && isWithin(look.realpath(path), runtime);
  return {
    open: shared,
    closed: shut
      .flatMap((one) => socketsOf(one, input))
      .filter((path) => !shared.includes(path) && !isInRuntime(path)),
    shown: [
      ...usualRun.filter((path) => look.lstat(path).exists).map((path) => shownPlace(path, input)),
      ...shared.map(shown),
    ],
    unset: [
      ...new Set(
        shut
          .flatMap(({ variables }) => variables)
          .filter((name) => env[name] !== undefined && !kept.has(name)),
      ),
    ]
      .filter((name) => !socketIn(env[name] ?? "").some(isInRuntime))
      .filter((name) => name !== "DOCKER_HOST" || env[name]?.startsWith("unix:") === true),
  };
}

/** NixOS' `/run/current-system` is a link into the store. */
function shownPlace(path: string, { look }: PlanInput): Place {
  if (kindOf(path, look) !== "link") return shown(path);
  return { path, as: "ground", mount: { kind: "link", path, to: look.realpath(path) } };
}

function shown(path: string): Place {
  return { path, as: "shown" };
}

/** What is there of it: by the usual places, and by what variables name. */
function socketsOf({ sockets, variables }: Service, input: PlanInput): readonly string[] {
  const { home, env, look } = input;
  const runtime = env["XDG_RUNTIME_DIR"];
  const usual = sockets.flatMap((written) => {
    if (written.startsWith("$RUNTIME/"))
      return runtime?.startsWith("/") === true ? ending(runtime + written.slice(8), input) : [];
    return ending(written.startsWith("~/") ? home + written.slice(1) : written, input);
  });
  const named = variables.flatMap((name) => socketIn(env[name] ?? ""));
  return [...usual, ...named]
    .map((path) => look.realpath(path))
    .filter((path) => look.lstat(path).exists && path !== look.realpath(home));
}

/** `/run/x*`: what begins so. */
function ending(path: string, { look }: PlanInput): readonly string[] {
  if (!path.endsWith("*")) return [path];
  const start = path.slice(path.lastIndexOf("/") + 1, -1);
  const folder = parentOf(path);
  return namesIn(folder, look)
    .filter((name) => name.startsWith(start))
    .map((name) => joinPath(folder, name));
}

/** `unix:///run/docker.sock`, `unix:path=/run/user/1000/bus,guid=…`, `/tmp/tmux-1000/default,123,0`, `/tmp/ssh-x/agent.1`. */
function socketIn(value: string): readonly string[] {
  const [, path] = /^(?:unix:(?:\/\/|path=)?)?(\/[^,;]+)/.exec(value) ?? [];
  return path === undefined || /^\/(?:usr|bin|dev|proc|sys|opt)(?:\/|$)/.test(path) ? [] : [path];
}
