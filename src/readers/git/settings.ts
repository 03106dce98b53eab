import { type Arg, isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import { type Env, envFrom, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { type Options, optionValues } from "../options.js";
import { joinPath, resolvePath } from "../path.js";
import { splitAssignment } from "../shell/sudo.js";
import type { Setting } from "./call.js";

type Place = Pick<Call, "cwd" | "env">;

/** Settings that come with a call and lie in no file of the repository: options, variables, files that variables name. */
export function readSettings(place: Place, world: World, given: Options): readonly Setting[] {
  const options = optionValues(given, "c").filter(isKnown).map(splitAssignment);
  const named = optionValues(given, "config-env").filter(isKnown).map(splitAssignment);
  const own = [
    ...files(place, world).flatMap((file) => readFile(place, world, file, 0)),
    ...counted(place),
    ...packed(place),
    ...options.map(([key, value]) => setting(key, value)),
    ...named.flatMap(([key, name]) => known(key, envGet(place.env, name))),
  ];
  return own.flatMap((one) => [one, ...included(place, world, one, 0)]);
}

function setting(key: string, value: string): Setting {
  return { key: key.toLowerCase(), value };
}

function known(key: string, value: Arg | undefined): readonly Setting[] {
  return value !== undefined && isKnown(value) ? [setting(key, value)] : [];
}

/** Another user's settings than those that git itself is asked with. */
function files({ env }: Place, world: World): readonly string[] {
  const named = ["GIT_CONFIG_SYSTEM", "GIT_CONFIG_GLOBAL"].flatMap((name) => knownValue(env, name));
  const [home] = knownValue(env, "HOME");
  return home === undefined || home === world.user.home ? named : [joinPath(home, ".gitconfig"), ...named];
}

function knownValue(env: Call["env"], name: string): readonly string[] {
  const value = envGet(env, name);
  return value !== undefined && isKnown(value) && value !== "" ? [value] : [];
}

/** `GIT_CONFIG_COUNT`, with a key and a value for each number below it; and the variable that each value is from. */
function counted({ env }: Pick<Place, "env">): readonly (Setting & { readonly from: string })[] {
  const [count = "0"] = knownValue(env, "GIT_CONFIG_COUNT");
  const length = Math.min(Number(count) || 0, 100);
  return Array.from({ length }, (_, at) => `GIT_CONFIG_VALUE_${at}`).flatMap((from, at) => {
    const [key] = knownValue(env, `GIT_CONFIG_KEY_${at}`);
    return key === undefined ? [] : known(key, envGet(env, from)).map((one) => ({ ...one, from }));
  });
}

/** `'alias.x=reset'`, or `'alias.x'='reset'`: what git itself hands down to what it starts. Within quotes `'\''` is one. */
function packed({ env }: Pick<Place, "env">): readonly Setting[] {
  const [text = ""] = knownValue(env, "GIT_CONFIG_PARAMETERS");
  return [...text.slice(0, 10_000).matchAll(packedSetting)].map(([, key = "", value]) =>
    value === undefined ? setting(...splitAssignment(bare(key))) : setting(bare(key), bare(value)),
  );
}

const packedSetting = /'((?:[^']|'\\['!]')*)'(?:='((?:[^']|'\\['!]')*)')?/g;

function bare(quoted: string): string {
  return quoted.replace(/'\\(['!])'/g, "$1");
}

/**
 * What a setting's program finds in its environment: all but that very setting, which each git that it starts would run again,
 * as `core.alternateRefsCommand=git for-each-ref` does.
 */
export function withoutSetting(env: Env, key: string, value: string): Env {
  const isIt = (one: Setting) => one.key === key && one.value === value;
  const numbered = counted({ env }).filter(isIt);
  const layer = new Map<string, Arg>(numbered.map(({ from }) => [from, ""]));
  const inherited = packed({ env });
  const kept = inherited.filter((one) => !isIt(one));
  const quote = (text: string) => `'${text.replace(/['!]/g, "'\\$&'")}'`;
  if (kept.length < inherited.length)
    layer.set("GIT_CONFIG_PARAMETERS", kept.map((one) => `${quote(one.key)}=${quote(one.value)}`).join(" "));
  return layer.size === 0 ? env : envFrom(layer, env);
}

const maxDepth = 5;

export function included(
  place: Place,
  world: World,
  { key, value }: Setting,
  depth: number,
): readonly Setting[] {
  if (!/^include(if\..*)?\.path$/.test(key) || depth > maxDepth) return [];
  return readFile(place, world, value.replace(/^~(?=\/)/, world.user.home), depth + 1);
}

/** A file as git-config(1) writes it. What is written otherwise in it is passed by, as are values over several lines. */
function readFile(place: Place, world: World, name: string, depth: number): readonly Setting[] {
  const path = resolvePath(place, world, name);
  const file = path !== undefined && isKnown(path) ? world.readFile(path, 1 << 18) : undefined;
  if (file?.ok !== true) return [];
  let section = "";
  return decodeBytes(file.bytes)
    .split("\n")
    .flatMap((line) => {
      const [, head, sub] = /^\s*\[([\w.-]+)(?:\s+"(.*)")?\]/.exec(line) ?? [];
      if (head !== undefined) section = sub === undefined ? head : `${head}.${sub}`;
      const [, key, value = "true"] =
        /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*?)\s*)?$/.exec(line.slice(0, 4000)) ?? [];
      if (key === undefined || section === "") return [];
      const one = setting(`${section}.${key}`, unquote(value));
      return [one, ...included(place, world, one, depth)];
    });
}

function unquote(value: string): string {
  return value.replace(/\\(.)|"/g, (_, escaped?: string) => escaped ?? "");
}
