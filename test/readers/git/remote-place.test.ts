import { expect, test } from "vitest";
import { emptyEnv } from "../../../src/model/env.js";
import { git } from "../../../src/readers/git/git.js";
import { fakeWorld } from "../../fake-world.js";
import { fakeCall } from "../fake-world.js";

// Where a push goes, as far as the repository's own settings and those of the call tell it.

const config = `[core]
	bare = false
[remote "origin"]
	url = git@github.com:acme/shop.git
[remote "Fork"]
	url = https://github.com/me/shop
	pushurl = "https://github.com/me/one"
	pushurl = https://github.com/me/two
[url "ssh://git@mirror.test/"]
	insteadOf = https://github.com/
	pushInsteadOf = https://push.test/
[remote "rewritten"]
	url = https://push.test/x
`;

function pushed(line: string, text = config) {
  const head = { text: "ref: refs/heads/topic\n" };
  const world = fakeWorld({ files: { "/w/.git/HEAD": head, "/w/.git/config": { text } } });
  const repository = {
    ...world,
    git: { ...world.git, repository: () => ({ top: "/w", gitDir: "/w/.git" }) },
  };
  const reading = git.read(fakeCall(line, { cwd: "/w", env: emptyEnv }), repository);
  return reading.effects.map((effect) =>
    effect.resource === "git" ? [effect.remoteName, effect.remoteUrls, effect.branch] : [],
  );
}

const table: readonly (readonly [string, ReturnType<typeof pushed>])[] = [
  ["git push", [["origin", ["git@github.com:acme/shop.git"], "topic"]]],
  ["git push origin HEAD:refs/heads/a/b", [["origin", ["git@github.com:acme/shop.git"], "a/b"]]],
  [
    "git push origin a b",
    [
      ["origin", ["git@github.com:acme/shop.git"], "a"],
      ["origin", ["git@github.com:acme/shop.git"], "b"],
    ],
  ],
  ["git push origin tag v1", [["origin", ["git@github.com:acme/shop.git"], "refs/tags/v1"]]],
  ["git push --mirror origin", [["origin", ["git@github.com:acme/shop.git"], undefined]]],
  ["git push origin refs/heads/*:refs/heads/*", [["origin", ["git@github.com:acme/shop.git"], undefined]]],
  ["git push Fork x", [["Fork", ["ssh://git@mirror.test/me/one", "ssh://git@mirror.test/me/two"], "x"]]],
  ["git push rewritten x", [["rewritten", ["ssh://git@mirror.test/x"], "x"]]],
  ["git push https://github.com/a/b x", [[undefined, ["ssh://git@mirror.test/a/b"], "x"]]],
  ["git push ../other x", [[undefined, ["../other"], "x"]]],
  ["git push unknown x", [["unknown", undefined, "x"]]],
  [
    "git -c remote.origin.pushurl=https://evil.test/x push origin x",
    [["origin", ["https://evil.test/x"], "x"]],
  ],
];

test.each(table)("%s", (line, expected) => {
  expect(pushed(line)).toEqual(expected);
});

test("where the configuration says nothing the name alone is known", () => {
  expect(pushed("git push origin x", "")).toEqual([["origin", undefined, "x"]]);
});
