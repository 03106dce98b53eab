import { expect, test } from "vitest";
import { withoutWayBack } from "../../src/build/ways-back.js";
import { parsePack } from "../../src/policy/pack.js";

/** `when` and what else the rule says → whether the build wants a way back. */
test.each([
  ["{action: delete, resource: file}", "", true],
  ["{action: [read, modify], resource: cloud}", "", true],
  ["{action: {not: [read, create]}, resource: sql}", "", true],
  ["{resource: container}", "", true],
  ["{action: delete, resource: file}", "back: None.", false],
  ["{action: [read, create], resource: file}", "", false],
  ["{resource: guard, operation: trust}", "", false],
  ["{bounds: outside}", "", false],
])("%s %s", (when, more, isWanted) => {
  const text = `pack: a\nrules:\n  - id: a/b\n    when: ${when}\n    then: ask\n    because: c\n    match: [x]\n    no-match: [y]\n${more === "" ? "" : `    ${more}\n`}`;
  const parsed = parsePack(text, "a.yaml");
  expect(parsed.ok && withoutWayBack(parsed.pack.rules)).toEqual(
    isWanted ? ['a.yaml:3: "a/b" must say how to get back, or that there is no way'] : [],
  );
});
