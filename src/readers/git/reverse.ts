import { opaqueEffect } from "../../model/effect.js";
import { patchOnStdin } from "../files/patch-names.js";
import { declareOptions, hasOption, optionValues } from "../options.js";
import { joinPath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";
import { type GitCall, isOn, isRevision, readGitOptions, topOf } from "./call.js";
import { discard } from "./discard.js";

const options = declareOptions("anywhere", [
  "-R --reverse",
  "-p:",
  "-C:",
  "--directory:",
  "--exclude:",
  "--include:",
  "--whitespace:",
  "--check",
  "--stat",
  "--numstat",
  "--summary",
  "--cached",
]);

/**
 * `git diff | git apply -R` is `git checkout .`: what it takes out of the files stood in the pipe alone. A patch in a file keeps it, and
 * so does git what was once committed, staged or stashed.
 */
export function readApply(git: GitCall): Reading {
  const given = readGitOptions(git, options);
  if (given === undefined || !isOn(given, "R", "reverse")) return nothing;
  if (hasOption(given, "check", "stat", "numstat", "summary", "cached")) return nothing;
  if (given.operands.some((file) => file !== "-")) return nothing;
  const { call, world } = git;
  if (call.stdin.kind === "file" || (call.stdin.kind === "text" && call.stdin.from === "file"))
    return nothing;
  const patch = patchOnStdin(call, world);
  if (patch === undefined) {
    if (call.stdin.kind !== "unknown" || call.sight === "later") return nothing;
    const wanted = opaqueEffect(
      "git",
      "apply -R",
      `cannot tell what it would take away: ${call.stdin.reason}`,
    );
    return { ...effects(wanted), wantsStdin: true };
  }
  const cut = optionValues(given, "p").length > 0 ? [] : unkept(git, patch);
  return cut.length === 0
    ? nothing
    : discard(git, { operation: "apply --reverse", paths: cut, tree: undefined });
}

/** The files whose new content, by the id in the patch's header, git does not have. */
function unkept(git: GitCall, patch: string): readonly string[] {
  return patch.split(/^(?=diff --git )/m).flatMap((part) => {
    const [, path] = /^\+\+\+ "?b\/([^\t\n"]+)/m.exec(part) ?? [];
    const [, id] = /^index [0-9a-f]+\.\.([0-9a-f]+)/m.exec(part) ?? [];
    return path === undefined || (id !== undefined && isRevision(git, id))
      ? []
      : [joinPath(topOf(git), path)];
  });
}
