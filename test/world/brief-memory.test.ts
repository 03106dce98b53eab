import { expect, test } from "vitest";
import { rememberBriefly } from "../../src/world/brief-memory.js";
import { fakeWorld } from "../fake-world.js";

test("looks once at what is asked often, until the memory is too old", () => {
  let looks = 0;
  let time = 0;
  const world = {
    ...fakeWorld(),
    realpath: (path: string) => {
      looks += 1;
      return `${path}#${looks}`;
    },
  };
  const brief = rememberBriefly(world, () => time, 100);
  const ask = (count: number): string => {
    for (let at = 1; at < count; at++) brief.realpath("/a");
    return brief.realpath("/a");
  };
  const first = ask(200);
  time = 200;
  const later = ask(64);
  expect([first, later, looks]).toEqual(["/a#1", "/a#2", 2]);
});
