import { isKnown, showArg, unknown } from "../../model/arg.js";
import type { Call, HostMount } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { parseYaml } from "../../model/yaml-text.js";
import { readText } from "../files/text-file.js";
import { joinPath, parentOf, resolvePath } from "../path.js";
import type { Walk } from "../tree/walk.js";
import { textOf, type Value, valueAt, valueFromJson } from "../value.js";
import {
  placeMount,
  powerfulMounts,
  powerfulSettings,
  privileged,
  readMount,
  seesProcesses,
} from "./container-mounts.js";

/** What a compose file says of one service, later files over earlier ones. */
export interface Service {
  readonly mounts: readonly HostMount[];
  readonly powers: readonly string[];
  readonly workdir: string | undefined;
}

export interface Project {
  /** Absolute paths, in their order. */
  readonly files: readonly string[];
  readonly services: ReadonlyMap<string, Service>;
}

/** The project that compose would take: its files named or found, undefined where they cannot be read. */
export function readProject(walk: Walk, call: Call, world: World): Project | undefined {
  const files = filesOf(walk, call, world);
  const [first] = files;
  if (first === undefined) return undefined;
  const services = new Map<string, Service>();
  const elsewhere = new Set<string>();
  for (const file of files) {
    const value = readYaml(file, world);
    const found = value === undefined ? undefined : valueAt(value, "services");
    if (found?.kind !== "object") return undefined;
    for (const [name, one] of found.fields) {
      // What it mounts is said in a file that is not read: it counts as a service that nothing is known of.
      if (valueAt(one, "extends") !== undefined) elsewhere.add(name);
      const before = services.get(name);
      const service = readService(one, folderOf(walk, call, world) ?? parentOf(first), call, world);
      services.set(name, before === undefined ? service : merge(before, service));
    }
  }
  for (const name of elsewhere) services.delete(name);
  return { files, services };
}

const names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const maxLevels = 20;

function filesOf(walk: Walk, call: Call, world: World): readonly string[] {
  const given = walk.options
    .filter(({ name }) => name === "-f" || name === "--file")
    .flatMap(({ value }) => value ?? []);
  const variable = envGet(call.env, "COMPOSE_FILE");
  const listed =
    given.length > 0 || variable === undefined || !isKnown(variable) || variable === ""
      ? given
      : variable.split(":");
  if (listed.length > 0) {
    const paths = listed.map((word) => resolvePath(call, world, word));
    return paths.every((path) => path !== undefined && isKnown(path)) ? paths.filter(isPath) : [];
  }
  const start = folderOf(walk, call, world) ?? (isKnown(call.cwd) ? call.cwd : undefined);
  return start === undefined ? [] : findFiles(start, world);
}

function isPath(path: unknown): path is string {
  return typeof path === "string";
}

function folderOf(walk: Walk, call: Call, world: World): string | undefined {
  const word = walk.options.findLast(({ name }) => name === "--project-directory")?.value;
  const path = word === undefined ? undefined : resolvePath(call, world, word);
  return path !== undefined && isKnown(path) ? path : undefined;
}

/** The nearest folder upwards that has one, with what overrides it there. */
function findFiles(start: string, world: World): readonly string[] {
  for (let folder = start, level = 0; level < maxLevels; folder = parentOf(folder), level += 1) {
    const found = names.find((name) => world.lstat(joinPath(folder, name)).exists);
    if (found !== undefined) {
      const path = joinPath(folder, found);
      const override = path.replace(/\.ya?ml$/, ".override$&");
      return world.lstat(override).exists && readYaml(override, world) !== undefined
        ? [path, override]
        : [path];
    }
    if (folder === "/") break;
  }
  return [];
}

function readYaml(path: string, world: World): Value | undefined {
  const text = readText({ cwd: "/" }, world, path);
  if (text === undefined) return undefined;
  try {
    const raw: unknown = parseYaml(text, { merge: true });
    const value = valueFromJson(raw);
    return value.kind === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

function readService(value: Value, folder: string, call: Call, world: World): Service {
  const here = { cwd: folder };
  const mounts = listAt(value, "volumes").flatMap((one): readonly HostMount[] => {
    const text = textOf(one);
    if (text !== undefined) {
      const plain = fill(text, call);
      return readMount(plain ?? { ...unknown(text, "it depends on a variable") }, here, world);
    }
    const source = fill(textOf(valueAt(one, "source")) ?? "", call);
    const target = textOf(valueAt(one, "target")) ?? "/";
    const writable = textOf(valueAt(one, "read_only")) !== "true";
    if (source === undefined)
      return [{ source: unknown("source", "it depends on a variable"), target, writable, isVolume: false }];
    return source === "" ? [] : [placeMount(source, target, writable, here, world)];
  });
  const texts = (name: string) => listAt(value, name).flatMap((one) => textOf(one) ?? []);
  return {
    mounts,
    workdir: textOf(valueAt(value, "working_dir")),
    powers: [
      ...powerfulMounts(mounts),
      ...(textOf(valueAt(value, "privileged")) === "true" ? [privileged] : []),
      ...(textOf(valueAt(value, "pid")) === "host" ? [seesProcesses] : []),
      ...powerfulSettings(texts("cap_add"), texts("security_opt"), texts("devices")),
    ],
  };
}

function listAt(value: Value, name: string): readonly Value[] {
  const list = valueAt(value, name);
  return list?.kind === "list" ? list.items : [];
}

/** `${HOME}`, `$PWD`, `${DATA:-./data}`; undefined where the variable is not known. */
function fill(text: string, call: Call): string | undefined {
  let isHidden = false;
  const filled = text.replace(
    /\$\$|\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g,
    (whole, braced?: string, otherwise?: string, bare?: string) => {
      if (whole === "$$") return "$";
      const value = envGet(call.env, braced ?? bare ?? "");
      if (value !== undefined && isKnown(value) && value !== "") return value;
      if (value === undefined && otherwise !== undefined) return otherwise;
      isHidden = true;
      return showArg(value ?? whole);
    },
  );
  return isHidden || filled.includes("${") ? undefined : filled;
}

function merge(before: Service, after: Service): Service {
  const targets = new Set(after.mounts.map(({ target }) => target));
  return {
    mounts: [...before.mounts.filter(({ target }) => !targets.has(target)), ...after.mounts],
    powers: [...before.powers, ...after.powers],
    workdir: after.workdir ?? before.workdir,
  };
}
