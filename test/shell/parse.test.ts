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

test.each<[name: string, text: string, isCut: boolean]>([
  ["what people write", "echo $(a $(b $(c))) $((1+$((2))))", false],
  ["32 substitutions in one another", `${"echo $(".repeat(32)}ls${")".repeat(32)}`, false],
  ["33", `${"echo $(".repeat(33)}ls${")".repeat(33)}`, true],
  ["thousands that stay open", `rm x; ${"$(".repeat(5000)}`, true],
  ["thousands of sums", `rm x; ${"$((".repeat(5000)}${"))".repeat(5000)}`, true],
  ["parameters in parameters", `rm x; ${"${x:-".repeat(5000)}${"}".repeat(5000)}`, true],
  ["thousands of here-documents on a line", `rm x; ${"<<E ".repeat(5000)}`, true],
  ["thousands of here-documents on lines of their own", "rm x\ncat <<E\nE\n".repeat(3000), false],
])("%s: whether a bound is reached; what stands before it is read", (_, text, isCut) => {
  const parsed = parseText(text);
  expect([parsed.isCut, parsed.script.commands.length > 0]).toEqual([isCut, true]);
});

test("of thousands of errors the first hundred are said", () => {
  const { errors } = parseText(`rm x${"; done".repeat(5000)}`);
  expect([errors.length, errors.at(-1)]).toEqual([101, "4900 more errors"]);
});
