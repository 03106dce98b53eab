import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { declareOptions, type Options, type OptionTable, optionValues, readOptions } from "../options.js";
import { inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { ownWords, wrap } from "../sight.js";
import { readShellWords } from "./launchers.js";
import { type Starter, starterList } from "./starter-list.js";
import { readStranger } from "./stranger.js";

/** Programs that start another one by an option or an operand: `man -P X`, `rg --pre X`, `fzf --preview X`. */
export const starters: readonly Reader[] = starterList.map((starter) => {
  const options = optionsOf(starter);
  return { names: starter.names, read: (call, world) => readStarter(starter, options, call, world) };
});

/** Called by the hundred, or by every build: what they start in a line is read there, and by its name meets its own shim. */
export const unshimmedStarters: readonly string[] = starterList
  .filter(({ common }) => common === true)
  .flatMap(({ names }) => names);

function optionsOf({ options, operands }: Starter): OptionTable {
  return declareOptions(
    operands === "call" || operands === "line" ? "first" : "anywhere",
    options.split(", "),
  );
}

function readStarter(starter: Starter, options: OptionTable, call: Call, world: World): Reading {
  const given = readOptions(call.argv.slice(1), options);
  const via = toolName(call);
  const values = (names = "") => names.split(" ").flatMap((name) => optionValues(given, name));
  const lines = [
    ...values(starter.lines),
    ...values(starter.bound).flatMap(boundLines),
    ...(starter.plus === true ? given.operands.flatMap(plusLine) : []),
    ...(starter.operands === "lines" ? given.operands : []),
  ];
  return join(
    ...lines.map((text) => readShellWords(call, world, [text], via)),
    ...values(starter.programs).map((program) => inner(...wrap(call, world, [program, ownWords(via)], via))),
    readOperands(starter, given, call, world),
    given.doubts.length > 0 ? readStranger(call) : nothing,
  );
}

function readOperands({ operands, shell }: Starter, given: Options, call: Call, world: World): Reading {
  const via = toolName(call);
  const isLine =
    operands === "line" || (shell !== undefined && given.given.some(({ name }) => name === shell));
  if (isLine) return readShellWords(call, world, given.operands, via);
  return inner(...(operands === "call" ? wrap(call, world, given.operands, via) : []));
}

/** `less '+!rm -rf notes' x` */
function plusLine(word: Arg): readonly Arg[] {
  const [, text] = (isKnown(word) && /^\+{1,2}!(.+)$/s.exec(word)) || [];
  return text === undefined ? [] : [text];
}

/** `--bind 'enter:execute(rm {})+abort'`, `ctrl-x:become:rm {}` (fzf(1), "ACTION ARGUMENT"). */
function boundLines(binding: Arg): readonly Arg[] {
  if (!isKnown(binding)) return [];
  const action =
    /\b(?:execute|execute-silent|execute-multi|become|reload|reload-sync|transform|preview)(?:\(([^)]*)\)|\[([^\]]*)\]|\{([^}]*)\}|([~!@#$%^&*;/|])(.*?)\4|:(.*)$)/gs;
  return [...binding.matchAll(action)].map(
    ([, round, square, curly, , other, rest]) => round ?? square ?? curly ?? other ?? rest ?? "",
  );
}
