import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { found, type Gather, type Previewer } from "../../src/preview/previewer.js";
import { type LookOptions, openLookout } from "./look.js";

// When what is looked up, at what cost, and what becomes of it when it fails.

const opened: { remove(): void }[] = [];
afterAll(() => {
  for (const one of opened) one.remove();
});

function lookout(gather: Gather, patience = 10_000) {
  const previewer: Previewer = {
    kind: "files",
    programs: [],
    fits: ({ effect }) => effect.resource === "file",
    load: () => Promise.resolve(gather),
  };
  const one = openLookout((base) => {
    // Outside of the workspace and older than the session, so that they are asked about.
    for (const name of ["a", "b", "c", ...Array(10).keys()])
      mkdirSync(join(base, "kept", String(name), "in"), { recursive: true });
    for (const name of ["a", "b", "c", ...Array(10).keys()])
      writeFileSync(join(base, "kept", String(name), "in", "file"), "text");
    return { previewers: [previewer], patience };
  });
  opened.push(one);
  const cwd = join(one.base, "kept");
  const here = (options?: LookOptions) => ({ cwd, ...options });
  return {
    ...one,
    judge: (line: string, options?: LookOptions) => one.judge(line, here(options)),
    look: (line: string, options?: LookOptions) => one.look(line, here(options)),
    rows: (line: string, options?: LookOptions) => one.rows(line, here(options)),
  };
}

const paths: Gather = async ({ effects }) =>
  effects.map(({ at, effect }) => found(at, [basename(effect.target)]));

test("the effects of one call go together, those of another by themselves; what nobody is asked about is left", async () => {
  const sizes: number[] = [];
  const place = lookout((input) => {
    sizes.push(input.effects.length);
    return paths(input);
  });
  await place.rows("rm -rf a b; rm -rf c; ls");
  expect(sizes).toEqual([2, 1]);
  expect(await place.look("rm -rf /tmp/nothing; ls")).toEqual([]);
});

test.each(["sudo rm -rf a", "ssh web1 rm -rf a", "docker exec db rm -rf a", "su -c 'rm -rf a'"])(
  "nothing is looked up here of what happens elsewhere, or as somebody else: %s",
  async (line) => {
    expect(await lookout(paths).look(line)).toEqual([]);
  },
);

test("three at once, eight at most", async () => {
  let running = 0;
  let most = 0;
  const place = lookout(async (input) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return paths(input);
  });
  const rows = await place.rows(Array.from({ length: 10 }, (_, n) => `rm -rf ${n}`).join("; "));
  expect(most).toBe(3);
  expect(rows.filter((row) => /^\d$/.test(row))).toHaveLength(8);
  expect(rows.filter((row) => row.startsWith("FAILED"))).toEqual(
    Array(2).fill("FAILED: not looked up: this asks about more than 8 calls at once"),
  );
});

test.each<readonly [string, Gather, string]>([
  ["throws", () => Promise.reject(new Error("the server is on fire")), "the server is on fire"],
  ["never answers", () => new Promise(() => {}), "no answer within 0.05 s"],
  ["answers about something else", async () => [], "nothing was found out"],
  [
    "is stopped by its time",
    ({ signal }) =>
      new Promise((_, fail) => signal.addEventListener("abort", () => fail(new Error("aborted")))),
    "no answer within 0.05 s",
  ],
])("one that %s has failed, and says why", async (_, gather, why) => {
  expect(await lookout(gather, 50).rows("rm -rf a")).toEqual([`FAILED: ${why}`]);
});

test("what was found by the end of the time counts", async () => {
  const late: Gather = (input) =>
    new Promise((resolve) => input.signal.addEventListener("abort", () => resolve(paths(input))));
  expect(await lookout(late, 50).rows("rm -rf a")).toEqual(["a"]);
});

test("an answer ends it: what is not there by then is told as that", async () => {
  let isStopped = false;
  const place = lookout(
    ({ signal }) =>
      new Promise(() =>
        signal.addEventListener("abort", () => {
          isStopped = true;
        }),
      ),
  );
  const evidence = place.port.look(await place.judge("rm -rf a"), () => {});
  expect(evidence?.now()).toEqual({ found: [], isLooking: true });
  await new Promise((resolve) => setTimeout(resolve, 0));
  evidence?.stop();
  expect(evidence?.now()).toMatchObject({
    found: [{ state: "failed", rows: ["the answer came before it was found out"] }],
    isLooking: false,
  });
  await evidence?.done;
  expect(isStopped).toBe(true);
});

test("the environment is the call's own, without the session's variables", async () => {
  const place = lookout(async ({ effects, env }) =>
    effects.map(({ at }) =>
      found(at, [[...env].filter(([name]) => /^(A|B|HOLD|BASH)/.test(name)).join(" ")]),
    ),
  );
  const rows = await place.rows("A=1 B=$(unknown) env -u C rm -rf a", {
    env: { HOLDPOINT_LINE: "t", BASH_ENV: "x", B: "2" },
  });
  expect(rows).toEqual(["A,1"]);
});
