import { type Arg, isKnown, showArg } from "../model/arg.js";
import { hasOption, type Options, optionValues } from "./options.js";

/** A folder or volume of the machine that a container sees under another name. */
export interface Mount {
  readonly source: Arg;
  readonly target: string;
  readonly writable: boolean;
}

/** `-v SOURCE:TARGET[:ro]` and `--mount type=bind,source=…,target=…`. */
export function mountsOf(options: Options): readonly Mount[] {
  const short = optionValues(options, "volume").map((word): Mount => {
    if (!isKnown(word)) return { source: word, target: "", writable: true };
    const [source = "", target = "", mode = ""] = word.split(":");
    return { source, target, writable: !mode.split(",").includes("ro") };
  });
  const long = optionValues(options, "mount").map((word): Mount => {
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
    const writable = pick("readonly", "ro") === "";
    return { source: pick("source", "src"), target: pick("target", "dst", "destination"), writable };
  });
  return [...short, ...long].filter(
    ({ source, target }) => !isKnown(source) || (source !== "" && target !== ""),
  );
}

/** Each way in which the container is as good as the machine. */
export function powersOf(options: Options, mounts: readonly Mount[]): readonly string[] {
  const found = mounts.filter(({ source }) => isKnown(source) && isPowerful(source));
  const capabilities = optionValues(options, "cap-add").map(showArg);
  const security = optionValues(options, "security-opt").map(showArg);
  return [
    ...found.map(({ source }) => `the container gets ${showArg(source)} of this machine`),
    ...(hasOption(options, "privileged") ? ["the container has every right on this machine"] : []),
    ...(optionValues(options, "pid").some((one) => showArg(one) === "host")
      ? ["the container sees every process"]
      : []),
    ...(capabilities.some((one) =>
      /^(CAP_)?(ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|DAC_READ_SEARCH)$/i.test(one),
    )
      ? ["the container gets rights of the system's own"]
      : []),
    ...(security.some((one) => /unconfined|disable/.test(one)) ? ["the container is not confined"] : []),
    ...(optionValues(options, "device").some((one) =>
      /^\/dev\/(sd|nvme|vd|xvd|mem|kmem|disk)/.test(showArg(one)),
    )
      ? ["the container gets a disk of this machine"]
      : []),
  ];
}

/** Whole system folders, homes of all, and the sockets that rule containers. */
function isPowerful(source: string): boolean {
  const path = source.replace(/\/+$/, "") || "/";
  return (
    /^\/(etc|root|home|var|var\/run|run|var\/lib|var\/lib\/docker|usr|usr\/bin|bin|sbin|boot|dev|proc|sys|lib)?$/.test(
      path,
    ) ||
    /(docker|containerd|podman|crio)\.sock$/.test(path) ||
    /^\/(etc\/(shadow|sudoers|ssh|cron\.d|kubernetes)|root\/\.ssh)$/.test(path)
  );
}

/** The words of a command as this machine would name its files; files of the container's own are left out. */
export function mappedWords(words: readonly Arg[], mounts: readonly Mount[]): readonly Arg[] {
  return words.flatMap((word, at): readonly Arg[] => {
    if (!isKnown(word)) return [word];
    const mount = mounts.find(({ target }) => isBelow(word, target));
    if (mount !== undefined)
      return [showArg(mount.source) + word.slice(mount.target.replace(/\/+$/, "").length)];
    // `sh -c 'rm -rf /data/*'`
    const text = mounts.reduce((one, { source, target }) => replacePath(one, target, showArg(source)), word);
    if (text !== word) return [text];
    return at > 0 && word.startsWith("/") ? [] : [word];
  });
}

function isBelow(path: string, folder: string): boolean {
  const base = folder.replace(/\/+$/, "");
  return path === base || path.startsWith(`${base}/`);
}

function replacePath(text: string, folder: string, source: string): string {
  const base = folder.replace(/\/+$/, "");
  if (base === "" || !text.includes(base)) return text;
  return text
    .split(/(\s+|["'=;])/)
    .map((part) => (isBelow(part, base) ? source + part.slice(base.length) : part))
    .join("");
}
