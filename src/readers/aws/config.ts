import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";

/** What in the files below ~/.aws is code that a call runs. */
export interface AwsConfig {
  /** `credential_process` of the profile: started for its keys. */
  readonly process: string | undefined;
  /** Twelve digits, where the profile's settings tell whose account it is. */
  readonly account: string | undefined;
  /** What the profile keeps itself, or the one that it takes its keys from; empty where a program or a sign-on gives them. */
  readonly keys: { readonly id: string; readonly secret: string };
  /** Names of Python modules that are loaded. */
  readonly plugins: readonly string[];
}

/** A profile may take its keys from another one; a chain longer than this is a ring. */
const longest = 8;

export function readAwsConfig(profile: string, call: Call, world: World): AwsConfig {
  const files = awsFiles(call, world).map((path) => readSections(path, world));
  const find = (name: string, key: string): string | undefined => {
    for (const sections of files) {
      const section = sections.get(`profile ${name}`) ?? sections.get(name);
      const value = section?.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  let process: string | undefined;
  const keys = { id: "", secret: "" };
  let at: string | undefined = profile;
  for (let step = 0; at !== undefined && process === undefined && step < longest; step += 1) {
    process = find(at, "credential_process");
    keys.id ||= find(at, "aws_access_key_id") ?? "";
    keys.secret ||= find(at, "aws_secret_access_key") ?? "";
    at = find(at, "source_profile");
  }
  const plugins = files[0]?.get("plugins") ?? new Map<string, string>();
  return { process, account: accountOf(profile, find), keys, plugins: [...plugins.keys()] };
}

/** The role that the profile takes on lies in an account; a sign-on names its own. */
function accountOf(
  profile: string,
  find: (name: string, key: string) => string | undefined,
): string | undefined {
  const role = /^arn:[\w-]+:iam::(\d{12}):/.exec(find(profile, "role_arn") ?? "")?.[1];
  return role ?? /^\d{12}$/.exec(find(profile, "sso_account_id") ?? "")?.[0];
}

/** The two files that a call takes its settings and its keys from: absolute, undefined where that is not known. */
export function awsFiles(
  call: Call,
  world: World,
): readonly [config: string | undefined, keys: string | undefined] {
  return [
    fileOf(call, world, "AWS_CONFIG_FILE", "config"),
    fileOf(call, world, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
  ];
}

function fileOf(call: Call, world: World, variable: string, name: string): string | undefined {
  const chosen = envGet(call.env, variable);
  const home = envGet(call.env, "HOME");
  const folder = home !== undefined && isKnown(home) ? home : world.user.home;
  if (chosen === undefined || chosen === "") return `${folder}/.aws/${name}`;
  if (!isKnown(chosen)) return undefined;
  if (chosen.startsWith("~/")) return `${folder}${chosen.slice(1)}`;
  if (chosen.startsWith("/")) return chosen;
  return isKnown(call.cwd) ? `${call.cwd}/${chosen}` : undefined;
}

export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** By the name in brackets. Settings below a setting, which are indented, are left out. */
export function readSections(path: string | undefined, world: World): Sections {
  const sections = new Map<string, Map<string, string>>();
  const content = path === undefined ? undefined : world.readFile(path, 1 << 18);
  if (content?.ok !== true) return sections;
  let section = new Map<string, string>();
  for (const line of decodeBytes(content.bytes).split(/\r?\n/)) {
    const [, head] = /^\[([^\]]*)\]/.exec(line) ?? [];
    if (head !== undefined) {
      const name = head.trim().replace(/\s+/g, " ").replaceAll('"', "");
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    const [, key, value] = /^(\w[^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined) section.set(key, value?.trim() ?? "");
  }
  return sections;
}
