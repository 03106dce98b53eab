import { expect, test } from "vitest";
import { rememberBriefly } from "../../src/world/brief-memory.js";
import { fakeWorld } from "../fake-world.js";

test("looks once at what is asked often, until that is forgotten", () => {
  let looks = 0;
  const realpath = (path: string): string => {
    looks += 1;
    return `${path}#${looks}`;
  };
  const { world, forget } = rememberBriefly({ ...fakeWorld(), realpath });
  const ask = (): string => world.realpath("/a");
  const before = [ask(), ask()];
  forget();
  expect([...before, ask(), looks]).toEqual(["/a#1", "/a#1", "/a#2", 2]);
});

test("what the trash would take is looked at once, with and without what rm asks about", () => {
  const looks: string[] = [];
  const takes = (path: string, prompts: boolean) => {
    looks.push(`${path} ${prompts}`);
    return { ok: false, because: "it is not there" } as const;
  };
  const { world } = rememberBriefly({ ...fakeWorld(), trash: { takes } });
  for (const prompts of [false, true, false, true]) world.trash?.takes("/a", prompts);
  world.trash?.takes("/b", false);
  expect(looks).toEqual(["/a false", "/a true", "/b false"]);
});

test.each<[number, boolean, readonly number[], number]>([
  // Of two names: whole listings answer every question that would hold them.
  [2, true, [5, 4, 2, 2], 1],
  [2, true, [5, 1, 5], 1],
  [2, true, [1, 5, 1], 2],
  [2, false, [2, 2], 1],
])(
  "a listing of %j names, whole %j, asked with budgets %j, is read %j times",
  (count, complete, caps, expected) => {
    let looks = 0;
    const names = Array.from({ length: count }, (_, index) => `f${index}`);
    const readdir = (_: string, cap: number) => {
      looks += 1;
      return { ok: true, names: names.slice(0, cap), complete: complete && cap >= count } as const;
    };
    const { world } = rememberBriefly({ ...fakeWorld(), readdir });
    for (const cap of caps) world.readdir("/a", cap);
    expect(looks).toBe(expected);
  },
);

test.each<[number, readonly number[], number]>([
  [10, [100, 10, 50], 1],
  [10, [100, 5, 5], 1],
  [10, [5, 5, 100, 5], 2],
  [100_000, [200_000, 200_000], 2],
])("a file of %j bytes, asked for with room for %j, is read %j times", (size, caps, expected) => {
  let looks = 0;
  const readFile = (_: string, cap: number) => {
    looks += 1;
    return { ok: true, bytes: Buffer.alloc(Math.min(size, cap)), complete: size <= cap } as const;
  };
  const { world } = rememberBriefly({ ...fakeWorld(), readFile });
  for (const cap of caps) world.readFile("/a", cap);
  expect(looks).toBe(expected);
});

test("what git says of a path is asked once a moment; what it is still looking up, each time", () => {
  const asked: string[] = [];
  const note = <T>(answer: T, ...words: readonly unknown[]): T => {
    asked.push(words.join(" "));
    return answer;
  };
  const fake = fakeWorld();
  const { world, forget } = rememberBriefly({
    ...fake,
    git: {
      ...fake.git,
      repository: (path) => note(undefined, "repository", path),
      tracked: (top, relative) => note(new Map(), "tracked", top, relative),
      ignoredSinceStart: (top, relative, isDirectory) => note(false, "ignored", top, relative, isDirectory),
      isOwnChange: (top, relative) => note(undefined, "own", top, relative),
    },
  });
  const ask = (): void => {
    world.git.repository("/a");
    world.git.tracked("/a", "b");
    world.git.ignoredSinceStart("/a", "b", true);
    world.git.ignoredSinceStart("/a", "b", false);
    world.git.isOwnChange?.("/a", "b");
  };
  ask();
  const once = asked.splice(0);
  expect(once).toEqual([
    ...["repository /a", "tracked /a b", "ignored /a b true", "ignored /a b false", "own /a b"],
  ]);
  ask();
  expect(asked.splice(0)).toEqual(["own /a b"]);
  forget();
  ask();
  expect(asked).toEqual(once);
});
