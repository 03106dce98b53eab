import type { Action, Recovery } from "../../model/effect.js";
import { acting, connecting, type FunctionAct, harmless, runsSql, timed } from "./function-names.js";
import type { Routine } from "./routines.js";
import { setDeed } from "./settings.js";
import { listOf, textOf } from "./tree.js";

/** What a function called in a query does besides giving a value. */
export type FunctionDeed =
  | {
      readonly kind: "acts";
      readonly action: Action;
      readonly statement: string;
      /** Left out: the call itself. */
      readonly target?: string;
      readonly recovery?: Recovery;
      readonly revocable?: boolean;
    }
  /** Runs the SQL in its text arguments, here or on another server. */
  | {
      readonly kind: "runs";
      readonly texts: readonly string[];
      readonly complete: boolean;
      readonly isElsewhere: boolean;
    }
  /** Created by the text that is being read. */
  | { readonly kind: "made"; readonly name: string; readonly routine: Routine }
  | { readonly kind: "opaque"; readonly because: string };

/** `made`: functions created by the text that is being read. */
export function readFunction(call: unknown, made: ReadonlyMap<string, Routine>): FunctionDeed | undefined {
  const parts = listOf(call, "funcname").map((part) => textOf(part, "String", "sval") ?? "");
  const name = (parts.at(-1) ?? "").toLowerCase();
  const routine = made.get(name);
  if (routine !== undefined) return { kind: "made", name, routine };
  const args = listOf(call, "args");
  if (runsSql.has(name)) {
    const texts = args.map(literalOf);
    const known = texts.filter((text) => text !== undefined);
    // dblink('connection', 'sql'): without a literal for each argument the SQL may be any.
    const complete = known.length === texts.length || (known.length > 0 && timed.has(name));
    return { kind: "runs", texts: known, complete, isElsewhere: connecting.has(name) };
  }
  if (name === "set_config") {
    const deed = setDeed(literalOf(args[0]) ?? "", literalOf(args[1]) ?? "");
    return deed === undefined ? undefined : { kind: "acts", ...deed };
  }
  const act: FunctionAct | undefined =
    acting.get(parts.slice(-2).join(".").toLowerCase()) ?? acting.get(name);
  if (act !== undefined) return { kind: "acts", statement: name, ...act };
  if (/^(delete|drop|truncate|purge|remove|wipe|erase|destroy)_[a-z]/.test(name) && !harmless.has(name))
    return { kind: "opaque", because: `calls the function "${name}", whose body is not known` };
  return undefined;
}

function literalOf(argument: unknown): string | undefined {
  const value = textOf(argument, "NamedArgExpr", "arg", "A_Const", "sval", "sval");
  return (
    value ??
    textOf(argument, "A_Const", "sval", "sval") ??
    textOf(argument, "TypeCast", "arg", "A_Const", "sval", "sval")
  );
}
