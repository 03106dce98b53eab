import { type Arg, isKnown } from "./arg.js";

/**
 * Where the operands stand in the argv of a tool that takes options anywhere, none of which takes a word of its own
 * (rm, unlink): in the order in which getopt_long(3) gives them.
 */
export function operandPlaces(argv: readonly Arg[]): readonly number[] {
  const places: number[] = [];
  let isOver = false;
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    const text = isKnown(word) ? word : word.prefix;
    if (!isOver && word === "--") isOver = true;
    else if (isOver || word === "-" || !text.startsWith("-")) places.push(at);
  }
  return places;
}
