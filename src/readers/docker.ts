import { type Arg, isKnown, showArg } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type OtherEffect, plainEffect } from "../model/effect.js";
import type { ToolTree } from "../model/knowledge.js";
import type { World } from "../model/world.js";
import { type Mount, mappedWords, mountsOf, powersOf } from "./container-mounts.js";
import { readInside } from "./inside.js";
import { declareOptions, hasOption, type Options, optionValue, readOptions } from "./options.js";
import { inner, join, nothing, type Reader, type Reading } from "./reader.js";
import { readTree } from "./tree.js";
import { walkTree } from "./tree-walk.js";

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
      if (walk === undefined || walk.options.some(({ name }) => name === "--help")) return reading;
      if (verb === undefined || !/^(exec|run|create)$/.test(verb)) return reading;
      const words = call.argv.slice(call.argv.indexOf(verb) + 1);
      return join(
        reading,
        verb === "exec"
          ? readExec(words, call, isComposed, world)
          : readRun(words, call, isComposed, tree, world),
      );
    },
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

function readExec(words: readonly Arg[], call: Call, isComposed: boolean, world: World): Reading {
  const options = readOptions(words, execOptions);
  const [name, ...command] = options.operands;
  const via = `${showArg(call.tool)} exec`;
  const host = { name: `container ${showArg(name ?? "")}`.trim(), kind: "container" } as const;
  return readInside(call, command, { via, host }, world, isComposed || hasOption(options, "interactive"));
}

function readRun(
  words: readonly Arg[],
  call: Call,
  isComposed: boolean,
  tree: ToolTree,
  world: World,
): Reading {
  const options = readOptions(words, runOptions);
  const [image = "an image", ...rest] = options.operands;
  const entry = optionValue(options, "entrypoint");
  const command = entry === undefined || showArg(entry) === "" ? rest : [entry, ...rest];
  const mounts = mountsOf(options);
  const given = isComposed && mounts.length === 0 ? [] : powersOf(options, mounts);
  const granted: readonly OtherEffect[] = given.map((because) => ({
    ...plainEffect(tree.names[0] ?? "docker", "grant", showArg(image)),
    resource: "container",
    operation: "run",
    recovery: "unknown",
    because,
  }));
  return join(
    { effects: granted, inner: [], wantsStdin: false },
    readCommand(command, mounts, options, isComposed, call, image, world),
  );
}

/** What it throws away of the container's own goes with the container; what is mounted lies here. */
function readCommand(
  command: readonly Arg[],
  mounts: readonly Mount[],
  options: Options,
  isComposed: boolean,
  call: Call,
  image: Arg,
  world: World,
): Reading {
  const via = `${showArg(call.tool)} run`;
  const binds = mounts.filter(({ writable, source }) => writable && isKnown(source) && /^[/.~]/.test(source));
  if (binds.length === 0) {
    const kind = mounts.some(({ writable }) => writable) ? "container" : "passing";
    const host = { name: `container of ${showArg(image)}`, kind } as const;
    return readInside(call, command, { via, host }, world, isComposed || hasOption(options, "interactive"));
  }
  const words = mappedWords(command, binds);
  if (words.length === 0) return nothing;
  const workdir = optionValue(options, "workdir");
  const [place] = workdir === undefined ? [] : mappedWords([workdir], binds);
  const here = place !== undefined && isKnown(place) && place.startsWith("/") ? { cwd: place } : {};
  return inner({ kind: "call", argv: words, via, sight: "never", ...here });
}
