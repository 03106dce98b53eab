import { posix } from "node:path";
import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { FileEffect } from "../../model/effect.js";
import { manifestName } from "../../model/manifest-name.js";
import type { World } from "../../model/world.js";
import { modification } from "../file-effects.js";
import { joinPath } from "../path.js";
import { readText } from "./text-file.js";

/**
 * Scope manifests that a patch writes, by its headers. What else a patch changes is an edit like any other. A patch that
 * cannot be read here says nothing: it is no loss, and a manifest that was trusted holds on.
 */
export function patchedManifests(
  tool: string,
  call: Call,
  patches: readonly (string | undefined)[],
): readonly FileEffect[] {
  const { cwd } = call;
  if (!isKnown(cwd)) return [];
  const names = patches.flatMap((text) => manifestsIn(text ?? ""));
  return [...new Set(names)].map((name) => ({
    ...modification(tool, joinPath(cwd, name)),
    recovery: "git" as const,
    because: "the patch names it",
  }));
}

/** The text that comes in on stdin, where it is known. */
export function patchOnStdin(call: Call, world: World): string | undefined {
  const { stdin } = call;
  if (stdin.kind === "text") return stdin.text;
  return stdin.kind === "file" ? readText(call, world, stdin.path) : undefined;
}

function manifestsIn(patch: string): readonly string[] {
  const headers = patch.matchAll(/^(?:---|\+\+\+|\*\*\*|rename (?:from|to)|Index:) +"?([^\t\n"]+)/gm);
  return [...headers].flatMap(([, path = ""]) => {
    const name = path.trim().replace(/^[ab]\//, "");
    return posix.basename(name).toLowerCase() === manifestName ? [name] : [];
  });
}
