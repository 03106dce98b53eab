import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { danger, deedOf, hiddenValueOf } from "./deed.js";
import { toEffect } from "./effect.js";
import { readTaken } from "./texts.js";
import { tasksOf, type Walk, walkTree } from "./walk.js";

/** A tool that is a tree of subcommands, known from its file in `rules/tools`. */
export function treeReader(tree: ToolTree): Reader {
  return { names: tree.names, read: (call, world) => readTree(tree, call, world) };
}

export function readTree(tree: ToolTree, call: Call, world: World): Reading {
  const words = call.argv.slice(1);
  // `artisan help migrate:fresh`
  const first = words.find((word) => !isKnown(word) || !word.startsWith("-"));
  if (first === "help" && !tree.root.commands.some(({ name }) => name === "help")) return nothing;
  return join(...tasksOf(tree, words).map((task) => readWords(tree, task, call, world)));
}

function readWords(tree: ToolTree, words: readonly Arg[], call: Call, world: World): Reading {
  const walks = walkTree(tree, words);
  const [worst] = [...walks].sort((a, b) => danger(deedOf(b)) - danger(deedOf(a)));
  if (worst === undefined || isQuiet(tree, worst)) return nothing;
  const called = showArg(call.tool);
  const tool = tree.names.includes(called) ? called : (tree.names[0] ?? called);
  if (call.sight !== "later") {
    const shown = call.argv.map(showArg).join(" ");
    const hidden = hiddenValueOf(worst);
    if (worst.doubt !== undefined)
      return effects(
        opaqueEffect(tool, shown, `which subcommand runs cannot be foreseen: ${worst.doubt.reason}`),
      );
    if (hidden !== undefined)
      return effects(opaqueEffect(tool, shown, `what it changes cannot be foreseen: ${hidden.reason}`));
  }
  const deed = deedOf(worst);
  return join(
    deed === undefined ? nothing : effects(toEffect(tree, tool, worst, deed, call, world)),
    ...walks.filter(({ command }) => command.starts).map((walk) => readStarted(tree, walk, call, world)),
    ...(walks[0]?.command.takes === undefined ? [] : [readTaken(tree, walks[0], call, world)]),
  );
}

function isQuiet(tree: ToolTree, walk: Walk): boolean {
  // `--dry-run=none` is no dry run.
  return walk.options.some(
    ({ name, value }) => tree.quiet.includes(name) && value !== "false" && value !== "none",
  );
}

/** `doppler run -- CMD …`: a program of this machine. */
function readStarted(tree: ToolTree, walk: Walk, call: Call, world: World): Reading {
  const via = [tree.names[0] ?? "", ...walk.path].join(" ");
  const words = walk.rest.length > 0 ? walk.rest : walk.words;
  return inner(
    ...wrap(
      call,
      world,
      words.filter((word) => isKnown(word) || word.prefix !== ""),
      via,
    ),
  );
}
