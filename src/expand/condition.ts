import type { TestExpression } from "unbash";
import { isKnown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import { evaluateText } from "./arithmetic.js";
import type { Place } from "./place.js";
import { rereadIndex } from "./reread.js";
import { copyState, type State } from "./state.js";
import { mergeState } from "./state-merge.js";
import { assignUnknown } from "./variable.js";
import { expandPatternText, expandText } from "./word.js";

/** `[[ … ]]`: never decided here, but the commands in its words are calls, `x -eq 1` computes, `=~` assigns. */
export function walkTest(place: Place, state: State, node: TestExpression): void {
  switch (node.type) {
    case "TestUnary": {
      const operand = expandText(place, state, node.operand);
      if (/^-[vR]$/.test(node.operator) && isKnown(operand)) rereadIndex(place, state, operand);
      return;
    }
    case "TestBinary": {
      const left = expandText(place, state, node.left);
      const right = expandPatternText(place, state, node.right);
      if (node.operator === "=~") assignUnknown(place, state, "BASH_REMATCH", "is what the pattern matched");
      if (!/^-(eq|ne|lt|le|gt|ge)$/.test(node.operator)) return;
      for (const side of [left, right])
        if (isKnown(side)) evaluateText(place, state, side.replace(/\\(.)/g, "$1"));
      return;
    }
    case "TestLogical":
      walkOperands(place, state, node.operands);
      return;
    case "TestNot":
      walkTest(place, state, node.operand);
      return;
    case "TestGroup":
      walkTest(place, state, node.expression);
      return;
    default:
      assertNever(node);
  }
}

/** `[[ -n $V && ${V:=x} ]]`: what the later ones assign may not be assigned. */
function walkOperands(place: Place, state: State, [first, ...others]: readonly TestExpression[]): void {
  if (first !== undefined) walkTest(place, state, first);
  for (const operand of others) {
    const skipped = copyState(state);
    walkTest(place, state, operand);
    mergeState(state, skipped);
  }
}
