import { assertNever } from "../../model/assert-never.js";
import type { Deed, Trap } from "../../model/knowledge.js";
import { mentions, type Value, valueAt } from "../value.js";

/** What it amounts to with these arguments: the worst that they turn it into. */
export function worstDeed(
  deed: Deed,
  type: string,
  traps: readonly Trap[],
  args: Value,
): { readonly deed: Deed; readonly type: string } {
  const sprung = traps.filter((trap) => isSprung(trap, args));
  const worst = sprung.find((trap) => trap.deed.action === "delete") ?? sprung[0];
  return { deed: worst?.deed ?? deed, type: worst?.type ?? type };
}

/** Whether a trap can be decided by the query string alone. */
export function isQueryTrap({ when }: Trap): boolean {
  if (when.kind === "only") return true;
  return when.kind !== "mentions" && when.argument.startsWith("?");
}

function isSprung({ when }: Trap, args: Value): boolean {
  switch (when.kind) {
    case "is": {
      const value = valueAt(args, when.argument);
      if (value === undefined) return false;
      return value.kind !== "scalar" || when.values.includes(value.text);
    }
    case "given": {
      const value = valueAt(args, when.argument);
      return value !== undefined && !(value.kind === "list" && value.items.length === 0);
    }
    case "lacks": {
      const value = valueAt(args, when.argument);
      return value === undefined || value.kind === "unknown";
    }
    case "mentions":
      return mentions(args, when.word);
    case "only":
      return (
        args.kind !== "object" ||
        [...args.fields.keys()].every(
          (name) => !name.startsWith("?") || when.parameters.includes(name.slice(1)),
        )
      );
    default:
      return assertNever(when);
  }
}
