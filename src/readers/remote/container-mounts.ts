import { type Arg, isKnown, showArg, unknown } from "../../model/arg.js";
import type { Call, HostMount } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { hasOption, type Options, optionValues } from "../options.js";
import { resolvePath } from "../path.js";

/** `-v SOURCE:TARGET[:ro]` and `--mount type=bind,source=…,target=…`. */
export function mountsOf(options: Options, call: Call, world: World): readonly HostMount[] {
  const short = optionValues(options, "volume").flatMap((word) => readMount(word, call, world));
  const long = optionValues(options, "mount").flatMap((word) => readLongMount(word, call, world));
  return [...short, ...long];
}

/** One mount by its text; none for a volume without a name, which goes with its container. */
export function readMount(word: Arg, call: Pick<Call, "cwd">, world: World): readonly HostMount[] {
  if (!isKnown(word)) {
    // `-v "$DATA":/data`
    const target = /:(\/[^:$"']*)/.exec(word.source)?.[1] ?? "/";
    return [{ source: word, target: clean(target), writable: true, isVolume: false }];
  }
  const [source = "", target = "", mode = ""] = word.split(":");
  if (source === "" || !target.startsWith("/")) return [];
  return [placeMount(source, target, !mode.split(",").includes("ro"), call, world)];
}

/** A source that is a path is one of this machine's; else a volume's name. */
export function placeMount(
  source: string,
  target: string,
  writable: boolean,
  call: Pick<Call, "cwd">,
  world: World,
): HostMount {
  if (!/^[/.~]/.test(source)) return { source, target: clean(target), writable, isVolume: true };
  const path = source.replace(/^~(?=\/|$)/, world.user.home);
  const place = resolvePath(call, world, path) ?? unknown(source, "names no folder");
  return { source: place, target: clean(target), writable, isVolume: false };
}

function readLongMount(word: Arg, call: Call, world: World): readonly HostMount[] {
  const fields = new Map(
    showArg(word)
      .split(",")
      .map((field): [string, string] => {
        const [key = "", value = "true"] = field.split("=");
        return [key, value];
      }),
  );
  const pick = (...names: readonly string[]) =>
    names.map((name) => fields.get(name)).find((one) => one !== undefined) ?? "";
  const target = pick("target", "dst", "destination") || "/";
  const source = pick("source", "src");
  const writable = !["true", "1"].includes(pick("readonly", "ro"));
  if (!isKnown(word)) return [{ source: word, target: clean(target), writable, isVolume: false }];
  if (source === "" || pick("type") === "tmpfs") return [];
  return [placeMount(source, target, writable, call, world)];
}

function clean(path: string): string {
  return path.replace(/\/+$/, "") || "/";
}

/** Each way in which the container is as good as the machine. */
export function powersOf(options: Options, mounts: readonly HostMount[]): readonly string[] {
  const list = (name: string) => optionValues(options, name).map(showArg);
  return [
    ...powerfulMounts(mounts),
    ...(hasOption(options, "privileged") ? [privileged] : []),
    ...(list("pid").includes("host") ? [seesProcesses] : []),
    ...powerfulSettings(list("cap-add"), list("security-opt"), list("device")),
  ];
}

export const privileged = "the container has every right on this machine";
export const seesProcesses = "the container sees every process";

export function powerfulMounts(mounts: readonly HostMount[]): readonly string[] {
  return mounts.flatMap(({ source }) =>
    isKnown(source) && isPowerful(source) ? [`the container gets ${source} of this machine`] : [],
  );
}

export function powerfulSettings(
  capabilities: readonly string[],
  security: readonly string[],
  devices: readonly string[],
): readonly string[] {
  return [
    ...(capabilities.some((one) =>
      /^(CAP_)?(ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|DAC_READ_SEARCH)$/i.test(one),
    )
      ? ["the container gets rights of the system's own"]
      : []),
    ...(security.some((one) => /unconfined|disable/.test(one)) ? ["the container is not confined"] : []),
    ...(devices.some((one) => /^\/dev\/(sd|nvme|vd|xvd|mem|kmem|disk)/.test(one))
      ? ["the container gets a disk of this machine"]
      : []),
  ];
}

/** Whole system folders, homes of all, and the sockets that rule containers. */
function isPowerful(path: string): boolean {
  return (
    /^\/(etc|root|home|var|var\/run|run|var\/lib|var\/lib\/docker|usr|usr\/bin|bin|sbin|boot|dev|proc|sys|lib)?$/.test(
      path,
    ) ||
    /(docker|containerd|podman|crio)\.sock$/.test(path) ||
    /^\/(etc\/(shadow|sudoers|ssh|cron\.d|kubernetes)|root\/\.ssh)$/.test(path)
  );
}
