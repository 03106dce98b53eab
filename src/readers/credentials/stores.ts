import { decodeBytes } from "../../model/bytes.js";
import type { CredentialFile } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { parseYaml } from "../../model/yaml-text.js";
import { parseJson, type Value, valueFromJson } from "../value.js";
import { readKubeconfig } from "./kubeconfig.js";
import { readNetrc } from "./netrc.js";
import { type Presented, presentedByLogin } from "./presented.js";

/** What a tool would find in one of its files; nothing where that is not there. `wanted`: the host, registry or context. */
export function readStore(
  path: string,
  { format, key }: Pick<CredentialFile, "format" | "key">,
  world: World,
  wanted?: string,
): readonly Presented[] {
  // Most are not there, and an error costs more than a look.
  if (!world.lstat(path).exists) return [];
  if (format === "named") return [{ name: path.slice(path.lastIndexOf("/") + 1), secret: "" }];
  const content = world.readFile(path, maxBytes);
  if (!content.ok || !content.complete) return [];
  const text = decodeBytes(content.bytes);
  switch (format) {
    case "text":
      return named("token", text.trim());
    case "netrc":
      return readNetrc(text, wanted ?? key);
    case "docker":
      return readDocker(parsed(text, "json"), wanted);
    case "kubeconfig":
      return readKubeconfig(parsed(text, "yaml"), wanted);
    default:
      return valuesAt(parsed(text, format), key.split("."), "");
  }
}

const maxBytes = 1 << 18;

function parsed(text: string, format: "json" | "yaml" | "ini"): Value {
  if (format === "json") {
    const json = parseJson(text);
    return json.ok ? json.value : { kind: "null" };
  }
  if (format === "ini") return readIni(text);
  try {
    return valueFromJson(parseYaml(text));
  } catch {
    return { kind: "null" };
  }
}

/** `[section]`, then `key = value`; TOML as far as tools write tokens in it. */
function readIni(text: string): Value {
  const sections = new Map<string, Map<string, Value>>();
  const top = new Map<string, Value>();
  let section = top;
  for (const line of text.split(/\r?\n/)) {
    const [, head] = /^\s*\[([^\]]+)\]/.exec(line) ?? [];
    if (head !== undefined) {
      const name = head.trim().replaceAll('"', "");
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const [, key, value = ""] = /^\s*([^=#;\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined)
      section.set(key, { kind: "scalar", text: value.replace(/^(["'])(.*)\1.*$/, "$2") });
  }
  const tables = [...sections].map(([name, fields]): [string, Value] => [name, { kind: "object", fields }]);
  return { kind: "object", fields: new Map([...top, ...tables]) };
}

/** Every value below the names of the path; `*` is any name. */
function valuesAt(value: Value, path: readonly string[], name: string): readonly Presented[] {
  const [first, ...rest] = path;
  if (first === undefined) return value.kind === "scalar" ? named(name, value.text) : [];
  if (value.kind === "list") return value.items.flatMap((one) => valuesAt(one, path, name));
  if (value.kind !== "object") return [];
  const fields = [...value.fields].filter(([field]) => fits(first, field));
  return fields.flatMap(([field, below]) => valuesAt(below, rest, field));
}

/** `*:_authToken`: a star stands for any beginning. */
function fits(pattern: string, name: string): boolean {
  return pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : name === pattern;
}

function named(name: string, secret: string): readonly Presented[] {
  return secret === "" ? [] : [{ name, secret }];
}

/** `auths` by registry; a helper has its own store, and only its name is known. */
function readDocker(config: Value, wanted: string | undefined): readonly Presented[] {
  if (config.kind !== "object") return [];
  const fieldsOf = (name: string) => {
    const value = config.fields.get(name);
    return value?.kind === "object" ? [...value.fields] : [];
  };
  const isWanted = (registry: string) =>
    wanted === undefined || registry.replace(/^https?:\/\//, "").replace(/\/.*$/, "") === wanted;
  const [helper] = fieldsOf("credHelpers").filter(([registry]) => isWanted(registry));
  const store = config.fields.get("credsStore");
  const program = helper?.[1] ?? store;
  const found = fieldsOf("auths")
    .filter(([registry]) => isWanted(registry))
    .flatMap(([registry, auth]) => [
      ...valuesAt(auth, ["auth"], "").flatMap(({ secret }) =>
        presentedByLogin(Buffer.from(secret, "base64").toString("utf8"), `login ${registry}`),
      ),
      ...valuesAt(auth, ["identitytoken"], `login ${registry}`),
    ]);
  if (found.length > 0 || program?.kind !== "scalar") return found;
  return [{ name: `docker-credential-${program.text}`, secret: "" }];
}
