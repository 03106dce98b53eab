import { type Arg, isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call, Host } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";

/** Options that say where a connection really goes. */
export interface SshSettings {
  /** Values of `-o`. */
  readonly settings?: readonly Arg[];
  /** Values of `-F`: read in place of the user's own. */
  readonly files?: readonly Arg[];
}

/** A machine by the name that ssh is given, with the host behind it where ssh's configuration says so. */
export function machineOf(
  name: string,
  call: Call,
  world: World,
  given: SshSettings = {},
): Host & { readonly kind: "machine" } {
  const hidden = hiddenName(given);
  if (hidden !== undefined) return { name: `${name} by ${hidden}`, kind: "machine" };
  const hostName = hostNameOf(name.replace(/:\d+$/, ""), call, world, given);
  return { name, kind: "machine", ...(hostName === undefined ? {} : { hostName }) };
}

/** `-o "HostName=$(choose)"`: where it goes is not known, and it must not pass for the name in front. */
function hiddenName({ settings = [] }: SshSettings): string | undefined {
  const setting = settings.find((one) => !isKnown(one) && /^\s*(hostname\b|$)/i.test(one.prefix));
  return setting === undefined || isKnown(setting) ? undefined : setting.source;
}

/** https://man.openbsd.org/ssh_config: the first value that is found counts. Not the variable HOME: ssh asks for the account's home. */
export function hostNameOf(
  name: string,
  call: Call,
  world: World,
  { settings = [], files = [] }: SshSettings = {},
): string | undefined {
  for (const setting of settings) {
    const [, value] = (isKnown(setting) && /^\s*hostname\s*[= ]\s*(\S+)/i.exec(setting)) || [];
    if (value !== undefined) return expanded(value, name);
  }
  const [own] = files;
  const path = own === undefined ? `${world.user.home}/.ssh/config` : resolvePath(call, world, own);
  if (path === undefined || !isKnown(path)) return undefined;
  const content = world.readFile(path, 1 << 18);
  if (!content.ok) return undefined;
  const found = findHostName(name, decodeBytes(content.bytes));
  return found === undefined || found === name ? undefined : found;
}

/** Plain `Host` blocks; `Match` and `Include` are passed over, so that the name alone counts there. */
function findHostName(name: string, text: string): string | undefined {
  let holds = true;
  for (const line of text.split("\n")) {
    const [, key = "", rest = ""] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    switch (key.toLowerCase()) {
      case "host":
        holds = isFor(name, rest.split(/\s+/));
        break;
      case "match":
        holds = /^all$/i.test(rest);
        break;
      case "hostname":
        if (holds) return expanded(rest.replace(/^"(.*)"$/, "$1"), name);
        break;
      default:
    }
  }
  return undefined;
}

/** `staging-? !staging-9 "web 1"` */
function isFor(name: string, patterns: readonly string[]): boolean {
  const fits = (pattern: string) => {
    const parts = pattern.replace(/^"(.*)"$/, "$1").split(/([*?])/);
    const source = parts.map((part) =>
      part === "*" ? ".*" : part === "?" ? "." : part.replace(/[\\^$+.()|[\]{}]/g, "\\$&"),
    );
    return new RegExp(`^${source.join("")}$`, "i").test(name);
  };
  if (patterns.some((one) => one.startsWith("!") && fits(one.slice(1)))) return false;
  return patterns.some((one) => !one.startsWith("!") && fits(one));
}

/** `%h` is the name itself. */
function expanded(value: string, name: string): string {
  return value.replaceAll("%h", name).replaceAll("%%", "%");
}
