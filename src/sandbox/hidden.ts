import { isWithin, type PathGlob } from "../scope/globs.js";
import { withAliases } from "./aliases.js";
import { type CompiledScope, type PlanInput, placeOf } from "./input.js";
import { isFolder, kindOf } from "./look.js";
import { outermost } from "./mounts.js";
import type { Walk } from "./walk.js";

export interface Hidden {
  readonly paths: readonly string[];
  readonly notes: readonly string[];
}

/** Real paths that are not to be there. What could not run without one of them is refused, in words. */
export function findHidden(
  input: PlanInput,
  scopes: readonly CompiledScope[],
  walk: Walk,
  others: { readonly secrets: readonly string[]; readonly services: readonly string[] },
): Hidden | { readonly refused: string } {
  const { setting, look } = input;
  const notes: string[] = [];
  const said: { readonly path: string; readonly by: string }[] = setting.hide.map((written) => ({
    path: placeOf(written, input),
    by: `"${written}" under "sandbox.hide"`,
  }));
  for (const { manifest, never } of scopes) {
    const found = findNever(never, walk, input);
    said.push(...found.paths.map((path) => ({ path, by: `"files.never" of ${manifest.file}` })));
    notes.push(
      ...found.missing.map(
        (glob) => `"${glob}" is not there: what is put there while the session runs is seen inside`,
      ),
    );
  }
  const there = said.filter(({ path }) => kindOf(path, look) !== undefined);
  for (const { path, by } of there) {
    const lost = whatIsLost(path, input);
    if (lost !== undefined) return { refused: `${by} hides ${path}, and with it ${lost}` };
  }
  const known = [...others.secrets, ...others.services].filter((path) => {
    const lost = whatIsLost(path, input);
    if (lost !== undefined) notes.push(`${path} is not hidden: ${lost} lies in it`);
    return lost === undefined;
  });
  const all = withAliases([...there.map(({ path }) => path), ...known], look);
  return { paths: outermost(all.filter((path) => whatIsLost(path, input) === undefined)), notes };
}

function findNever(
  globs: readonly PathGlob[],
  walk: Walk,
  { look, workspace }: PlanInput,
): { readonly paths: readonly string[]; readonly missing: readonly string[] } {
  const isWhole = (glob: PathGlob) => glob.isPlain || glob.fits(glob.base);
  const whole = globs.filter(isWhole);
  const missing = whole
    .filter(({ base }) => isWithin(base, workspace) && kindOf(base, look) === undefined)
    .map(({ shown }) => shown);
  const paths = whole.map(({ base }) => base);
  const others = globs.filter((glob) => !isWhole(glob));
  for (const base of new Set(others.map((glob) => glob.base))) {
    if (!isFolder(base, look)) continue;
    const found = walk.find(
      base,
      others.filter((glob) => glob.base === base),
    );
    // The name of a link cannot be hidden, what it leads to can.
    paths.push(...found.paths.map((path) => look.realpath(path)), ...found.unread);
  }
  return { paths, missing };
}

/** What the session cannot do without, and would not see any more. */
function whatIsLost(hidden: string, input: PlanInput): string | undefined {
  const { workspace, cwd, sessionDirectory, packageRoot, programs, look } = input;
  const own = ["bin", "dist", "shims"].map((name) => look.realpath(`${packageRoot}/${name}`));
  if (isWithin(workspace, hidden)) return "the workspace";
  if (isWithin(cwd, hidden)) return "the folder that the command starts in";
  if (isWithin(look.realpath(sessionDirectory), hidden)) return "the session's own folder";
  if (own.some((path) => isWithin(path, hidden) || isWithin(hidden, path))) return "holdpoint itself";
  const program = programs.find((path) => isWithin(look.realpath(path), hidden));
  return program === undefined ? undefined : `the program ${program}`;
}
