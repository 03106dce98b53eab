import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { CredentialFile, ToolCredentials } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import { optionOf, type Walk } from "../tree/walk.js";
import { credentials, environmentCredentials, wordCredentials } from "./credential.js";
import { readStore } from "./stores.js";

/** What authenticates a call of a tool: an option, else its variables, else the first of its files that has it. */
export function toolCredentials(
  call: Call,
  world: World,
  known: ToolCredentials,
  walk?: Walk,
  wanted?: string,
): readonly Credential[] {
  const isMine = (one: { readonly tools: readonly string[] }) =>
    one.tools.length === 0 || (isKnown(call.tool) && one.tools.includes(call.tool));
  const options = known.options.filter(isMine).flatMap(({ names }) => names);
  const option = walk === undefined || options.length === 0 ? undefined : optionOf(walk, ...options);
  if (option !== undefined && option !== "") return wordCredentials(call, world, "token", option);
  const held = environmentCredentials(call, world, known.variables);
  return held.length > 0 ? held : fileCredentials(call, world, known.files.filter(isMine), wanted);
}

/** Of the first file that has any. */
export function fileCredentials(
  call: Call,
  world: World,
  files: readonly CredentialFile[],
  wanted?: string,
): readonly Credential[] {
  for (const file of files) {
    for (const path of pathsOf(file.path, call, world)) {
      const found = readStore(path, file, world, wanted);
      if (found.length > 0) return stored(call, world, found, path);
    }
  }
  return [];
}

/** `config:~/…` for the user's own; what only a program can read is known by its place alone. */
function stored(
  call: Call,
  world: World,
  found: Parameters<typeof credentials>[2],
  path: string,
): readonly Credential[] {
  const from = `config:${shownPath(path, world)}`;
  return found.flatMap((one) => {
    if (one.secret === "") return [{ name: one.name, from, fingerprint: "" }];
    // `_authToken=${NPM_TOKEN}`
    const [, variable] = /^\$\{(\w+)\}$/.exec(one.secret) ?? [];
    return variable === undefined
      ? credentials(call, world, [one], from)
      : environmentCredentials(call, world, [variable]);
  });
}

export function shownPath(path: string, { user }: World): string {
  return path.startsWith(`${user.home}/`) ? `~${path.slice(user.home.length)}` : path;
}

/** A variable may name several, as KUBECONFIG does; one that is not set, without a default, names none. */
function pathsOf(path: string, call: Call, world: World): readonly string[] {
  let isMissing = false;
  const filled = path.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, otherwise?: string) => {
    const value = envGet(call.env, name);
    if (value !== undefined && isKnown(value) && value !== "") return value;
    if (otherwise === undefined || (value !== undefined && !isKnown(value))) isMissing = true;
    return otherwise ?? "";
  });
  if (isMissing) return [];
  return filled.split(":").flatMap((one) => {
    const found = resolvePath(
      call,
      world,
      one.startsWith("~/") ? `${homeOf(call, world)}${one.slice(1)}` : one,
    );
    return found !== undefined && isKnown(found) ? [found] : [];
  });
}

function homeOf(call: Call, world: World): string {
  const home: Arg | undefined = envGet(call.env, "HOME");
  return home !== undefined && isKnown(home) && home !== "" ? home : world.user.home;
}
