import { expect, test } from "vitest";
import { Bursts, type Told } from "../../src/alerts/bursts.js";
import { fakeClock } from "../broker/fakes.js";

function burst() {
  const clock = fakeClock();
  const due: Told<string>[] = [];
  return { clock, due, bursts: new Bursts<string>(clock, (told) => due.push(told)) };
}

const first = (each: string) => ({ event: "denied", each, count: 1, isAlike: true });

test("the first at once, the same again once a minute, with its count", async () => {
  const { clock, due, bursts } = burst();
  expect(bursts.admit("denied", "k", "a")).toEqual(first("a"));
  expect(bursts.admit("denied", "k", "b")).toBe(undefined);
  await clock.advance(59_000);
  expect(bursts.admit("denied", "k", "c")).toBe(undefined);
  expect(due).toEqual([]);
  await clock.advance(1000);
  expect(due).toEqual([{ event: "denied", each: "c", count: 2, isAlike: true }]);
  // It was told just now.
  expect(bursts.admit("denied", "k", "d")).toBe(undefined);
  await clock.advance(60_000);
  expect(due.slice(1)).toEqual([{ event: "denied", each: "d", count: 1, isAlike: true }]);
  await clock.advance(60_000);
  expect(bursts.admit("denied", "k", "e")).toEqual(first("e"));
  expect(due).toHaveLength(2);
});

test("a clock that is set back an hour, or forward, holds nothing back for longer", async () => {
  const { clock, due } = burst();
  let jump = 0;
  const jumping = new Bursts<string>({ ...clock, now: () => clock.now() + jump }, (told) => due.push(told));
  for (let key = 0; key < 20; key++) jumping.admit("denied", `k${key}`, "a");
  jump = -3_600_000;
  jumping.admit("denied", "k0", "b");
  jumping.admit("denied", "other", "c");
  await clock.advance(61_000);
  expect(due.map(({ each }) => each).toSorted()).toEqual(["b", "c"]);
  jump = 3_600_000;
  expect(jumping.admit("denied", "new", "d")).toEqual(first("d"));
});

test("ten thousand different ones are twenty, and one a minute that counts the rest; another event is not held back", async () => {
  const { clock, due, bursts } = burst();
  const told = Array.from({ length: 10_000 }, (_, at) => bursts.admit("denied", `k${at}`, `e${at}`));
  expect(told.filter((each) => each !== undefined)).toHaveLength(20);
  expect(bursts.admit("outside", "k", "x")).toEqual({ ...first("x"), event: "outside" });
  await clock.advance(60_000);
  expect(due).toEqual([{ event: "denied", each: "e9999", count: 9980, isAlike: false }]);
  expect(bursts.admit("denied", "new", "y")).toEqual(first("y"));
});

test("what repeats in great numbers is bounded as well", async () => {
  const { clock, due, bursts } = burst();
  for (let minute = 0; minute < 10; minute++) {
    const before = due.length;
    // Half of what is due comes in one go with the new ones of the same minute.
    for (const _ of [1, 2])
      for (let key = 0; key <= minute * 20 + 19; key++) bursts.admit("denied", `k${key}`, "e");
    await clock.advance(30_000);
    for (let key = 1000; key < 1100; key++) bursts.admit("denied", `k${minute}-${key}`, "e");
    await clock.advance(30_000);
    expect(due.length - before).toBeLessThanOrEqual(21);
  }
});

test("at the end all that is held back is told", () => {
  const { due, bursts } = burst();
  for (const each of ["a", "b", "c"]) bursts.admit("log", "k", each);
  bursts.flush();
  bursts.flush();
  expect(due).toEqual([{ event: "log", each: "c", count: 2, isAlike: true }]);
});
