import { declareOptions, type OptionTable } from "../options.js";

/**
 * Options of a subcommand as git's own parser takes them: anywhere, abbreviated, each long one with a `--no-` twin, and
 * `-h` for an explanation in place of the act.
 */
export function declareGit(specs: readonly string[]): OptionTable {
  const negations = specs.flatMap((spec) => {
    const long = spec.split(" ").findLast((spelling) => spelling.startsWith("--"));
    return long === undefined || long.startsWith("--no-") ? [] : [`--no-${long.slice(2).replace(/:+$/, "")}`];
  });
  const own = new Set(specs.flatMap((spec) => spec.replace(/:+$/, "").split(" ")));
  return declareOptions(
    "anywhere",
    [...specs, ...negations.filter((spelling) => !own.has(spelling)), "-h --version --help"],
    ["help", "version"],
  );
}

export const pathspecOptions = ["--pathspec-from-file:", "--pathspec-file-nul", "-q --quiet", "-p --patch"];

/** Shared by checkout, switch and restore. */
export const switchingOptions = [
  "-m --merge",
  "--conflict:",
  "--progress",
  "--recurse-submodules::",
  "--overlay",
  "--ignore-skip-worktree-bits",
  "-U --unified:",
  "--inter-hunk-context:",
];
