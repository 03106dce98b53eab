import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { openInputs } from "../inputs.js";
import { resolvePath } from "../path.js";
import { credentials, unforeseenCredentials } from "./credential.js";
import type { Presented } from "./presented.js";

/** ~/.netrc, or the file named: words in pairs, `machine HOST login USER password SECRET`. */
export function netrcCredentials(call: Call, world: World, host: string, named?: Arg): readonly Credential[] {
  const home = envGet(call.env, "HOME");
  const standard = `${home !== undefined && isKnown(home) && home !== "" ? home : world.user.home}/.netrc`;
  const path = resolvePath(call, world, named ?? standard);
  if (path === undefined || (isKnown(path) && named === undefined && !world.lstat(path).exists)) return [];
  const text = openInputs(call, world).readText(path);
  if (!isKnown(text)) return unforeseenCredentials(`netrc ${host}`, text, "?");
  return credentials(call, world, readNetrc(text, host), isKnown(path) ? `file:${path}` : undefined);
}

export function readNetrc(text: string, host: string): readonly Presented[] {
  const words = text.split(/\s+/);
  const start = words.findIndex((word, at) => word === host && words[at - 1] === "machine");
  const from = start < 0 ? words.indexOf("default") : start;
  if (from < 0) return [];
  const end = words.findIndex((word, at) => at > from && /^(machine|default)$/.test(word));
  const entry = words.slice(from, end < 0 ? undefined : end);
  const password = entry[entry.indexOf("password") + 1];
  if (password === undefined || !entry.includes("password")) return [];
  return [{ name: `netrc ${host}`, secret: password.replace(/^"(.*)"$/, "$1") }];
}
