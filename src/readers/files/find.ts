import { posix } from "node:path";
import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import { assertNever } from "../../model/assert-never.js";
import type { Call, Inner } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { deletion, overwriting, readPaths, readUnknown, toolName } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { fill } from "../shell/xargs.js";
import { sightOf, wrap } from "../sight.js";
import { wholeTreeRuns } from "./find-access.js";
import { type FindAction, parseFind } from "./find-expression.js";
import { type Hit, type Walk, walk } from "./find-walk.js";

export const find: Reader = {
  names: ["find", "gfind"],
  read(call, world) {
    const { follows, followsRoots, roots, words } = splitWords(call.argv.slice(1));
    const query = parseFind(words);
    const acts = query.actions.some((action) => action.kind !== "show");
    const hidden = words.find((word) => !isKnown(word) && word.prefix === "");
    // `find . $TESTS`, in a place where a test or an action stands, may delete.
    if (!acts) return hidden === undefined ? nothing : { ...nothing, effects: readHidden(call, words) };
    const isWorth = query.actions.some((action) => needsFiles(call, world, action));
    const maxEntries = call.sight === "later" ? 500 : 20_000;
    const walks = roots.map((written) => {
      const path = resolvePath(call, world, written) ?? "";
      if (!isKnown(path) || !isKnown(written)) return { root: path, written, walk: nowhere };
      const start = { path, written, follows, followsRoots, maxEntries };
      return { root: path, written, walk: isWorth ? walk(query, start, world) : nowhere };
    });
    return join(
      ...query.actions.map((action) => {
        const whole =
          action.kind === "exec" ? wholeTreeRuns(call, world, action.argv, { roots, words }) : undefined;
        return whole === undefined ? readAction(call, world, action, walks) : inner(...whole);
      }),
    );
  },
};

/** A walk costs time; it is worth it for what find itself does, and for commands that must be foreseen file by file. */
function needsFiles(call: Call, world: World, action: FindAction): boolean {
  if (action.kind !== "exec") return action.kind === "delete";
  const [program = ""] = action.argv;
  if (!isKnown(program)) return false;
  const isShimmed = sightOf(call, world, program) === "later";
  // At find's own exec door, a command with a shim is left to that shim; one without shim or slash concerns nobody, but where it edits.
  return program.includes("/") || (isShimmed ? call.sight === "later" : editors.test(program));
}

/** What lies outside the workspace, or is a scope manifest, is not edited unasked: `find . -name '*.yaml' -exec sed -i …`. */
const editors = /^(g?sed|perl|ruby|g?awk|sd|ed|ex|vim?|nvim)$/;

const nowhere: Walk = { hits: [], seen: 0, complete: true };
/** More than these and one effect tells of all of them. */
const maxDeletions = 200;
const maxRuns = 50;

interface RootWalk {
  readonly root: ReturnType<typeof resolvePath> & {};
  readonly written: Arg;
  readonly walk: Walk;
}

function splitWords(words: readonly Arg[]): {
  readonly follows: boolean;
  readonly followsRoots: boolean;
  readonly roots: readonly Arg[];
  readonly words: readonly Arg[];
} {
  let at = 0;
  let mode = "-P";
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (typeof word === "string" && /^-[LHP]$/.test(word)) mode = word;
    else if (word === "-D") at += 1;
    else if (typeof word !== "string" || !/^-([EXsx]|O\d?)$/.test(word)) break;
  }
  let end = at;
  for (; end < words.length; end += 1) {
    const word = words[end] ?? "";
    if (isKnown(word) ? /^(-.+|[!(),])$/s.test(word) : word.prefix.startsWith("-")) break;
  }
  const roots = words.slice(at, end);
  const isFollowed = mode === "-L" || words.includes("-follow");
  return {
    follows: isFollowed,
    followsRoots: isFollowed || mode === "-H",
    roots: roots.length > 0 ? roots : ["."],
    words: words.slice(end),
  };
}

function readAction(call: Call, world: World, action: FindAction, walks: readonly RootWalk[]): Reading {
  switch (action.kind) {
    case "show":
      return nothing;
    case "write": {
      const write = (path: string) => overwriting(toolName(call), path, world);
      return effects(...readPaths(call, world, [action.file], "overwrite", write));
    }
    case "delete":
      return effects(...walks.flatMap((one) => readDeletions(call, action, one)));
    case "exec":
      return inner(...readRuns(call, world, action, walks));
    default:
      return assertNever(action);
  }
}

function readDeletions(
  call: Call,
  action: FindAction,
  { root, walk: { hits, seen, complete } }: RootWalk,
): readonly Effect[] {
  const tool = toolName(call);
  if (!isKnown(root)) return readUnknown(call, root, "delete");
  const mine = hits.filter((hit) => hit.action === action);
  if (mine.length === 0 && complete) return [];
  const isAll = mine.length === seen;
  if (isAll)
    return [
      {
        ...deletion(
          tool,
          root,
          mine.some((hit) => hit.isDirectory),
        ),
        ...certaintyOf(mine),
      },
    ];
  // Its shim looks once more, and longer.
  if (!complete && call.sight === "later") return [];
  if (!complete)
    return [opaqueEffect(tool, root, "more files than can be looked through; some of them would be deleted")];
  // A folder goes only when it is empty, and then nothing is lost with it.
  const files = mine.filter((hit) => !hit.isDirectory);
  if (files.length > maxDeletions)
    return [
      {
        ...deletion(tool, root),
        extent: { kind: "exact", count: files.length, unit: "files" },
        among: files.map((hit) => hit.path),
        ...certaintyOf(files),
      },
    ];
  return files.map((hit) => ({ ...deletion(tool, hit.path), ...certaintyOf([hit]) }));
}

function certaintyOf(hits: readonly Hit[]): Pick<Effect, "certainty"> {
  return { certainty: hits.every((hit) => hit.certain) ? "certain" : "possible" };
}

/** The files are put in where they are foreseen; else the command is read with a word that is not known. */
function readRuns(
  call: Call,
  world: World,
  action: FindAction & { kind: "exec" },
  walks: readonly RootWalk[],
): readonly Inner[] {
  const via = "find -exec";
  const [program] = action.argv;
  if (program === undefined) return [];
  const isSeen = sightOf(call, world, program) === "later";
  // What only may be reached is left to a shim where there is one.
  const hits = walks.flatMap(({ walk: found }) =>
    found.hits.filter((hit) => hit.action === action && (hit.certain || !isSeen)),
  );
  const isForeseen =
    needsFiles(call, world, action) &&
    walks.every(({ root, walk: found }) => isKnown(root) && found.complete);
  if (isForeseen && hits.length === 0) return [];
  const limit = action.gathers ? maxDeletions : maxRuns;
  if (!isForeseen || hits.length > limit) {
    const item = itemOf(walks, action);
    const rest = run(
      action.argv.map((word) => fill(word, "{}", item)),
      {},
    ).map((one) => ({ ...one, certain: false }));
    return isForeseen ? [...runAll(hits.slice(0, limit)), ...rest] : rest;
  }
  return runAll(hits);

  function runAll(some: readonly Hit[]): readonly Inner[] {
    if (action.gathers) {
      const argv = action.argv.slice(0, -1).concat(some.map((hit) => hit.path));
      return run(argv, {}).map((one) => markCertain(one, some));
    }
    // `find . -exec find . -exec … rm -rf notes` is the same deed for each file: read once, it is as bad as all of them.
    const isSame = !action.inFolder && action.argv.every((word) => isKnown(word) && !word.includes("{}"));
    const [first] = some;
    const runs = isSame && first !== undefined ? [some.find((hit) => hit.certain) ?? first] : some;
    return runs.flatMap((hit) => {
      const more = action.inFolder ? { cwd: posix.dirname(hit.path) } : {};
      return run(
        action.argv.map((word) => fill(word, "{}", hit.path)),
        more,
      ).map((one) => markCertain(one, [hit]));
    });
  }

  function run(argv: readonly Arg[], more: { readonly cwd?: string }): readonly Inner[] {
    return wrap(call, world, argv, via, more);
  }
}

/** As find writes it: behind the folder it was given. */
function itemOf(walks: readonly RootWalk[], action: FindAction & { kind: "exec" }): Unknown {
  const item = unknown("{}", "each file that find comes upon", "", action.gathers);
  const [root, ...more] = walks.map(({ written }) => written);
  if (root === undefined || more.length > 0 || !isKnown(root) || root.includes("..") || action.inFolder)
    return item;
  return {
    ...item,
    prefix: root.replace(/(?<=.)\/+$/, ""),
    shape: root.startsWith("/") ? "path" : "relative",
  };
}

function markCertain(one: Inner, hits: readonly Hit[]): Inner {
  return hits.every((hit) => hit.certain) || one.kind === "line" ? one : { ...one, certain: false };
}

function readHidden(call: Call, words: readonly Arg[]): readonly Effect[] {
  return words.flatMap((word) => (isKnown(word) || word.prefix !== "" ? [] : readUnknown(call, word, "do")));
}
