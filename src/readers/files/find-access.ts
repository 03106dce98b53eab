import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { wrap } from "../sight.js";

/**
 * `find / -exec chown nobody {} \;` gives away file by file what `chown -R nobody /` does at once, and no shim sees more than one
 * of them. Undefined where a test chooses files, or the command is another.
 */
export function wholeTreeRuns(
  call: Call,
  world: World,
  argv: readonly Arg[],
  { roots, words }: { readonly roots: readonly Arg[]; readonly words: readonly Arg[] },
): readonly Inner[] | undefined {
  const [program, ...rest] = argv.filter((word) => word !== "{}" && word !== "+");
  const [value] = rest.filter((word) => !isKnown(word) || !word.startsWith("-"));
  if (program === undefined || !isKnown(program) || value === undefined) return undefined;
  const tests = words.slice(
    0,
    words.findIndex((word) => isKnown(word) && starts.test(word)),
  );
  if (!tests.every((word) => isKnown(word) && chooses.test(word))) return undefined;
  const name = program.replace(/^.*\//, "");
  // A mode that means one thing for files and another for folders is set for each apart: `-type d -exec chmod 755`.
  const isOpening = /^g?chmod$/.test(name) && isKnown(value) && opening.test(value);
  if (!isOpening && !/^g?ch(own|grp)$/.test(name)) return undefined;
  return roots.flatMap((root) => wrap(call, world, [program, "-R", ...rest, root], "find -exec"));
}

const starts = /^-(exec|execdir|ok|okdir)$/;
/** What leaves most of a tree in. */
const chooses = /^(-type|-xdev|-mount|-depth|-noleaf|-print|[fdl](,[fdl])*)$/;
/** Every account may write then, and the owner still enters. */
const opening = /^(0?7[0-7]7|[ugo]*[oa][+=]\w*w\w*|[+=]\w*w\w*)$/;
