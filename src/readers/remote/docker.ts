import { type Arg, isKnown, showArg, unknown } from "../../model/arg.js";
import type { Call, Host, HostMount } from "../../model/call.js";
import { type OtherEffect, plainEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { effects, join, nothing, type Reader, type Reading } from "../reader.js";
import { readTree } from "../tree/tree.js";
import { optionOf, type Walk, walkTree } from "../tree/walk.js";
import { type Project, readProject } from "./compose-file.js";
import { entrypointOf } from "./container-images.js";
import { mountsOf, powersOf } from "./container-mounts.js";
import { readInside } from "./inside.js";

/** Docker and its kin: the tree, the commands that run inside containers, and what of the machine a container is given. */
export function dockerReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read(call, world) {
      const [walk] = walkTree(tree, call.argv.slice(1));
      const isComposed = walk?.path.includes("compose") === true || /compose$/.test(tree.names[0] ?? "");
      const isComposedRm = isComposed && walk?.path.at(-1) === "rm";
      const reading = readTree(tree, isComposedRm ? { ...call, argv: spelledOut(call.argv) } : call, world);
      const verb = walk?.path.at(-1);
      const daemon = walk === undefined ? undefined : readDaemon(walk, tree, call);
      if (walk === undefined || walk.options.some(({ name }) => name === "--help")) return reading;
      if (verb === undefined || !/^(exec|run|create|up|start|restart)$/.test(verb)) return reading;
      const words = call.argv.slice(call.argv.indexOf(verb) + 1);
      const project = isComposed ? readProject(walk, call, world) : undefined;
      const composed = isComposed ? readPowers(project, tree, world) : nothing;
      if (verb === "exec")
        return join(reading, onDaemon(readExec(words, call, isComposed, project, world), daemon));
      if (/^(up|start|restart)$/.test(verb) || (isComposed && verb === "create"))
        return join(reading, composed);
      return join(
        reading,
        composed,
        onDaemon(readRun(words, call, isComposed ? { project } : undefined, tree, world), daemon),
      );
    },
  };
}

/** The machine of the daemon, or the context's name, where it is told and not this machine's own. */
function readDaemon(walk: Walk, tree: ToolTree, call: Call): string | undefined {
  const told =
    optionOf(walk, ...tree.environment) ??
    tree.variables.map((name) => envGet(call.env, name)).find((value) => value !== undefined && value !== "");
  if (told === undefined) return undefined;
  const text = showArg(told);
  const [, host] = /^(?:tcp|ssh|https?):\/\/(?:[^@/]*@)?([^/]+)/.exec(text) ?? [];
  if (host !== undefined) return host;
  return text.startsWith("unix:") ||
    /^(default|desktop-linux|rancher-desktop|orbstack|colima|rootless)$/.test(text)
    ? undefined
    : text;
}

/** What happens in a container happens where its daemon is. */
function onDaemon(reading: Reading, machine: string | undefined): Reading {
  if (machine === undefined) return reading;
  const inner = reading.inner.map((one) =>
    one.kind === "line" && one.host !== undefined ? { ...one, host: { ...one.host, machine } } : one,
  );
  return { ...reading, inner };
}

/**
 * What a compose file gives its containers of this machine, where it was written since the session began: what stood
 * before is the user's own setup, and runs daily.
 */
function readPowers(project: Project | undefined, tree: ToolTree, world: World): Reading {
  if (project === undefined) return nothing;
  const { startedAt } = world.session;
  const isNew = project.files.some((file) => {
    const stat = world.lstat(file);
    return !stat.exists || Math.max(stat.changed, stat.born) >= startedAt || !world.readFile(file, 1).ok;
  });
  if (!isNew) return nothing;
  return effects(
    ...[...project.services].flatMap(([name, { powers }]) =>
      powers.map((because) => granted(tree, "compose", name, because)),
    ),
  );
}

function granted(tree: ToolTree, operation: string, target: string, because: string): OtherEffect {
  return {
    ...plainEffect(tree.names[0] ?? "docker", "grant", target),
    resource: "container",
    operation,
    recovery: "unknown",
    because,
  };
}

/** `compose rm -fv`: in front of the subcommand `-f` takes a file, behind it it takes nothing. */
function spelledOut(argv: readonly Arg[]): readonly Arg[] {
  const at = argv.indexOf("rm");
  if (at < 0) return argv;
  const rest = argv
    .slice(at)
    .flatMap((word) =>
      isKnown(word) && /^-[a-z]*f[a-z]*$/.test(word)
        ? [...word.slice(1)].map((letter) => (letter === "f" ? "--force" : `-${letter}`))
        : [word],
    );
  return [...argv.slice(0, at), ...rest];
}

const execOptions = declareOptions("first", [
  ..."-d --detach|--detach-keys:|-e --env:|--env-file:|-i --interactive|--privileged|-t --tty|-u --user:|-w --workdir:".split(
    "|",
  ),
  ..."-T --no-TTY|--index:|-l --latest|--preserve-fds:".split("|"),
]);

const runOptions = declareOptions("first", [
  ..."-a --attach:|-d --detach|-i --interactive|-t --tty|-e --env:|--env-file:|-h --hostname:|-l --label:|-m --memory:|-p --publish:".split(
    "|",
  ),
  ..."-P --publish-all|-u --user:|-v --volume:|-w --workdir:|-q --quiet|-c --cpu-shares:|--rm|--init|--privileged|--read-only".split(
    "|",
  ),
  ..."--name:|--network:|--net:|--network-alias:|--entrypoint:|--mount:|--volumes-from:|--platform:|--pull:|--restart:|--cap-add:".split(
    "|",
  ),
  ..."--cap-drop:|--device:|--security-opt:|--pid:|--ipc:|--uts:|--userns:|--cgroupns:|--cgroup-parent:|--cpus:|--cpuset-cpus:".split(
    "|",
  ),
  ..."--memory-swap:|--shm-size:|--ulimit:|--tmpfs:|--add-host:|--dns:|--dns-search:|--ip:|--link:|--log-driver:|--log-opt:".split(
    "|",
  ),
  ..."--gpus:|--group-add:|--health-cmd:|--health-interval:|--health-retries:|--health-timeout:|--no-healthcheck|--stop-signal:".split(
    "|",
  ),
  ..."--stop-timeout:|--sysctl:|--expose:|--cidfile:|--runtime:|--isolation:|--oom-kill-disable|--pids-limit:|--label-file:".split(
    "|",
  ),
  ..."--sig-proxy::|--detach-keys:|--storage-opt:|--volume-driver:|--blkio-weight:|--mac-address:|--annotation:|--pod:|--replace".split(
    "|",
  ),
  ..."--no-deps|--service-ports|-T --no-TTY|--build|--use-aliases|--remove-orphans|--quiet-pull|--secret:|--arch:|--os:|--tz:".split(
    "|",
  ),
  ..."--env-host|--systemd:|--requires:|--rmi|--http-proxy|--disable-content-trust::".split("|"),
]);

function readExec(
  words: readonly Arg[],
  call: Call,
  isComposed: boolean,
  project: Project | undefined,
  world: World,
): Reading {
  const options = readOptions(words, execOptions);
  const [name = "", ...command] = options.operands;
  const via = `${showArg(call.tool)} exec`;
  const service = project?.services.get(showArg(name));
  const cwd = pathOf(optionValue(options, "workdir")) ?? service?.workdir;
  const host: Host = {
    name: `container ${showArg(name)}`.trim(),
    kind: "container",
    ...(service === undefined ? {} : { mounts: service.mounts }),
    ...(cwd === undefined ? {} : { cwd }),
  };
  return readInside(call, command, { via, host }, world, isComposed || hasOption(options, "interactive"));
}

/** `composed`: by compose, and what its file says, as far as that can be read. */
function readRun(
  words: readonly Arg[],
  call: Call,
  composed: { readonly project: Project | undefined } | undefined,
  tree: ToolTree,
  world: World,
): Reading {
  const options = readOptions(words, runOptions);
  const [image = "an image", ...rest] = options.operands;
  const name = showArg(image);
  const service = composed?.project?.services.get(name);
  const own = mountsOf(options, call, world);
  const mounts = composed === undefined ? own : [...(service?.mounts ?? anything(name)), ...own];
  const entry = optionValue(options, "entrypoint");
  const command = commandOf(entry, composed === undefined ? entrypointOf(name, rest) : [], rest);
  const powers = composed !== undefined && own.length === 0 ? [] : powersOf(options, own);
  const cwd = pathOf(optionValue(options, "workdir")) ?? service?.workdir ?? firstFolder(mounts);
  const host: Host = {
    name: `container of ${name}`,
    // Whose volumes it takes, it writes to.
    kind: optionValue(options, "volumes-from") === undefined ? "passing" : "container",
    mounts,
    ...(cwd === undefined ? {} : { cwd }),
  };
  const via = `${showArg(call.tool)} run`;
  const hasStdin = composed !== undefined || hasOption(options, "interactive");
  return join(
    effects(...powers.map((because) => granted(tree, "run", name, because))),
    readInside(call, command, { via, host }, world, hasStdin),
  );
}

function commandOf(entry: Arg | undefined, own: readonly Arg[], words: readonly Arg[]): readonly Arg[] {
  if (entry === undefined) return [...own, ...words];
  return showArg(entry) === "" ? words : [entry, ...words];
}

/** A compose file that cannot be read may mount anything anywhere. */
function anything(service: string): readonly HostMount[] {
  const source = unknown(service, "its compose file cannot be read");
  return [{ source, target: "/", writable: true, isVolume: false }];
}

function pathOf(word: Arg | undefined): string | undefined {
  return word !== undefined && isKnown(word) && word.startsWith("/")
    ? word.replace(/(?<=.)\/+$/, "")
    : undefined;
}

/** The image says where a command starts; what is mounted is most often that folder. */
function firstFolder(mounts: readonly HostMount[]): string | undefined {
  return mounts.find(({ isVolume, writable, target }) => writable && !isVolume && target !== "/")?.target;
}
