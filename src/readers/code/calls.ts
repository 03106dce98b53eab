import { type Arg, isKnown } from "../../model/arg.js";
import { readCalls } from "./parser.js";
import { textsOf } from "./values.js";

/** A function called in a text of some small language, with what it is given as far as that is plain. */
interface FoundCall {
  readonly name: string;
  readonly values: readonly Arg[];
}

/** For texts whose language has no reader: Vim's script, Lua in its orders. */
export function findCalls(text: string, names: RegExp): readonly FoundCall[] {
  const calls = readCalls(text, "lua", { value: () => undefined, call: () => undefined });
  return calls
    .filter(({ name }) => names.test(name))
    .map(({ name, values }) => ({ name, values: values.flatMap((value) => textsOf(value).slice(0, 1)) }));
}

export function isText(value: Arg | undefined): value is string {
  return value !== undefined && isKnown(value);
}
