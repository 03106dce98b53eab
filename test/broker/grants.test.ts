import { expect, test } from "vitest";
import { cover, grantKey, newReleased, release } from "../../src/broker/grants.js";
import { type Effect, plainEffect } from "../../src/model/effect.js";
import { fileDelete } from "./fakes.js";

const files = (count: number) => ({ kind: "exact", count, unit: "files" }) as const;
const folder = (target: string, count: number) =>
  fileDelete(target, { recursive: true, extent: files(count) });
const endless = fileDelete("/srv/all", { recursive: true, extent: { kind: "unknown" } });
const inContext = (context: string): Effect => ({
  ...plainEffect("kubectl", "delete", "shop"),
  ...{ resource: "kubernetes", operation: "delete namespace", context },
});
const inAccount = (account: string): Effect => ({
  ...plainEffect("aws", "delete", "s3://shop"),
  ...{
    resource: "cloud",
    provider: "aws",
    service: "s3",
    type: "bucket",
    operation: "s3:DeleteBucket",
    account,
  },
});
const shred = fileDelete("/a", { action: "modify" });

/** Released effects; what is tried, one call after the other; which of them pass. */
const cases: readonly (readonly [string, readonly Effect[], readonly (readonly Effect[])[], string])[] = [
  ["what was approved, once", [fileDelete("/a")], [[fileDelete("/a")], [fileDelete("/a")]], "yn"],
  [
    "as often as it was approved",
    [fileDelete("/a"), fileDelete("/a")],
    [[fileDelete("/a")], [fileDelete("/a")], [fileDelete("/a")]],
    "yyn",
  ],
  ["not another target", [fileDelete("/a")], [[fileDelete("/b")]], "n"],
  ["not another action", [fileDelete("/a")], [[shred]], "n"],
  [
    "all of a call, or nothing of it",
    [fileDelete("/a")],
    [[fileDelete("/a"), fileDelete("/b")], [fileDelete("/a")]],
    "ny",
  ],
  ["a call that asks for one thing twice", [fileDelete("/a")], [[fileDelete("/a"), fileDelete("/a")]], "n"],
  ["nothing is no cover", [fileDelete("/a")], [[]], "n"],
  [
    "files below a folder, up to its count",
    [folder("/d", 2)],
    [[fileDelete("/d/1")], [fileDelete("/d/x/2")], [fileDelete("/d/3")]],
    "yyn",
  ],
  [
    "a folder below a folder counts its files",
    [folder("/d", 3)],
    [[folder("/d/x", 4)], [folder("/d/x", 3)], [fileDelete("/d/y")]],
    "nyn",
  ],
  ["a neighbour is not below", [folder("/d", 9)], [[fileDelete("/dd/1")], [fileDelete("/d/../e")]], "nn"],
  [
    "what was approved as endless has no cap",
    [endless],
    [[fileDelete("/srv/all/1")], [{ ...endless, target: "/srv/all/2" }]],
    "yy",
  ],
  ["endless does not fit into a count", [folder("/srv", 5)], [[endless]], "n"],
  ["not in another cluster", [inContext("dev")], [[inContext("prod")], [inContext("dev")]], "ny"],
  ["not in another account", [inAccount("1")], [[inAccount("2")], [inAccount("1")]], "ny"],
  ["another action below a folder", [folder("/d", 9)], [[{ ...shred, target: "/d/1" }]], "n"],
];

test.each(cases)("%s", (_, released, calls, expected) => {
  const box = newReleased();
  release(box, released);
  expect(calls.map((effects) => (cover(effects, new Set(), [box], true) ? "y" : "n")).join("")).toBe(
    expected,
  );
});

test("a text that only promises calls uses nothing up", () => {
  const box = newReleased();
  release(box, [fileDelete("/a"), folder("/d", 1)]);
  const effects = [fileDelete("/a"), fileDelete("/d/1")];
  expect([cover(effects, new Set(), [box], false), cover(effects, new Set(), [box], true)]).toEqual([
    true,
    true,
  ]);
  expect(cover(effects, new Set(), [box], false)).toBe(false);
});

test("the session's grants are not used up, and come before a line's", () => {
  const box = newReleased();
  release(box, [fileDelete("/b")]);
  const session = new Set([grantKey(fileDelete("/a"))]);
  const both = [fileDelete("/a"), fileDelete("/b")];
  expect([1, 2].map(() => cover(both, session, [box], true))).toEqual([true, false]);
  expect(cover([fileDelete("/a")], session, [], true)).toBe(true);
});

test("the nearest line pays first", () => {
  const [inner, outer] = [newReleased(), newReleased()];
  release(inner, [fileDelete("/a")]);
  release(outer, [fileDelete("/a")]);
  cover([fileDelete("/a")], new Set(), [inner, outer], true);
  expect([
    cover([fileDelete("/a")], new Set(), [inner], false),
    cover([fileDelete("/a")], new Set(), [outer], false),
  ]).toEqual([false, true]);
});
