import { type Arg, fromNetwork, isForeign, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type OtherEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { joinPath, resolvePath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";

/**
 * `curl URL | sh`, `bash -c "$(wget …)"`, `source <(curl …)`: code that nobody has read. Asked about where the line shows it,
 * although shims see what it starts: half of an installer may have run when its first question comes.
 */
export function readForeign(call: Call, what: Arg, reason: string): Reading {
  return isForeign(reason) ? effects(runningForeign(call, what, reason)) : nothing;
}

/** The same for a script or a program that the line itself has fetched before. */
export function readForeignFile(call: Call, world: World, file: Arg): Reading {
  if (!isKnown(file)) return file.prefix === "" ? readForeign(call, file, file.reason) : nothing;
  const path = resolvePath(call, world, file);
  if (path === undefined || !isKnown(path)) return nothing;
  const content = world.readFile(path, 1);
  return content.ok ? nothing : readForeign(call, file, content.reason);
}

/** What a reader says of a file that one of these has written: its content is the network's. */
export const fetchingTools: ReadonlySet<string> = new Set([
  "aria2c",
  "axel",
  "curl",
  "http",
  "https",
  "wget",
  "wget2",
  "xh",
  "xhs",
]);

/** `wget URL` says no name: that of the URL, or with a number when it is taken, which nobody runs by mistake. */
export function fetchedPaths(call: Call, world: World): readonly string[] {
  if (!/^wget2?$/.test(toolName(call))) return [];
  const words = call.argv.slice(1).filter(isKnown);
  if (words.some((word) => /^(-[a-zA-Z]*O|--output-document)/.test(word))) return [];
  const at = words.findIndex((word) => /^(-P.*|--directory-prefix(=.*)?)$/.test(word));
  const folder =
    at < 0 ? "." : (/^(?:-P|--directory-prefix=)(.+)$/.exec(words[at] ?? "")?.[1] ?? words[at + 1] ?? ".");
  return words.flatMap((word) => {
    const [, name = ""] =
      /^(?:\w+:\/\/)?[^/\s]+\/(?:[^?#]*\/)?([^/?#]+)/.exec(word.startsWith("-") ? "" : word) ?? [];
    const path = name === "" ? undefined : resolvePath(call, world, joinPath(folder, name));
    return path === undefined || !isKnown(path) || world.lstat(path).exists ? [] : [path];
  });
}

function runningForeign(call: Call, what: Arg, reason: string): OtherEffect {
  const origin = reason.includes(fromNetwork)
    ? "what it runs comes from the network"
    : "what it runs is hidden";
  return {
    ...plainEffect(toolName(call), "execute", showArg(what)),
    resource: "package",
    operation: "run unread code",
    recovery: "unknown",
    extent: { kind: "unknown" },
    because: `${origin}, and nobody has read it`,
  };
}
