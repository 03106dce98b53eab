import { describe, expect, test } from "vitest";
import { parseText } from "../../src/shell/parse.js";

/** The same broken script wherever a script can stand: none of them may hide it. */
const cases: readonly (readonly [text: string, errors: readonly string[]])[] = [
  ["echo a | b && c", []],
  ["cat <<E\ntext without an end", []],
  ['echo "a', ["unterminated double quote at 5"]],
  ["a &&", ["expected command after '&&' at 4"]],
  ["echo $(a |)", ["expected command after '|' at 10"]],
  ["echo `a |`", ["expected command after '|' at 9"]],
  ['echo "$(a |)"', ["expected command after '|' at 11"]],
  ["echo ${x:-$(a |)}", ["expected command after '|' at 15"]],
  ["echo ${x/$(a |)/}", ["expected command after '|' at 14"]],
  ["echo $((1+$(a |)))", ["expected command after '|' at 15"]],
  ["diff <(a |) b", ["expected command after '|' at 10"]],
  ["cat <<E\n$(a |)\nE", ["expected command after '|' at 13"]],
  ["x=(1 $(a |))", ["expected command after '|' at 10"]],
  ["x[$(a |)]=1", ["expected command after '|' at 7"]],
  ["echo {a,$(a |)}", ["expected command after '|' at 13"]],
  ["[[ -f $(a |) ]]", ["expected command after '|' at 11"]],
  ["case $(a |) in b) ;; esac", ["expected command after '|' at 10"]],
  ["a > $(a |)", ["expected command after '|' at 9"]],
  ["a <<< $(a |)", ["expected command after '|' at 11"]],
  ["f() { echo $(a |); }", ["expected command after '|' at 16"]],
];

describe("errors are found wherever they are", () => {
  test.each(cases)("%s", (text, errors) => {
    expect(parseText(text).errors).toEqual(errors);
  });
});
