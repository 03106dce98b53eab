import { expect, test } from "vitest";
import type { Bench } from "../../src/broker/bench.js";
import type { Caller, Move } from "../../src/broker/conversation.js";
import { createHandle } from "../../src/broker/handle.js";
import { removedLine } from "../../src/broker/removed-line.js";
import type { Room, Trash } from "../../src/model/trash.js";
import { fakeBench, fakeCaller, fileDelete, judged, memoryLog, shimCall } from "./fakes.js";

/** A trash in memory; `codes`: what the caller's moves come to, one after the other. */
function play(
  argv: readonly string[],
  settings: { codes?: readonly number[]; isFull?: boolean; full?: string; silent?: true },
) {
  const events: string[] = [];
  const log = memoryLog();
  const codes = [...(settings.codes ?? [])];
  const room = (paths: readonly string[]): Room => ({
    places: paths.map((_, at) => `/trash/${at}`),
    isFull: () => settings.isFull ?? true,
    list: () => [{ name: "", isFolder: false }],
    keep: () => void events.push("keep"),
    drop: () => void events.push("drop"),
  });
  const trash: Trash = {
    newId: () => "k3fq9a",
    prepare: ({ paths }) => settings.full ?? room(paths),
  };
  const caller: Caller = {
    ...fakeCaller(),
    ...(settings.silent === true
      ? {}
      : {
          move: async (moves: readonly Move[]) => {
            events.push(...moves.map(({ from, to }) => `${from} > ${to}`));
            return moves.map(() => codes.shift() ?? 0);
          },
        }),
    print: (text) => void events.push(`print ${text}`),
  };
  const bench = fakeBench({ log, mode: "deny" });
  const worldWithout = { ...bench.world };
  const judgeWith: Bench["judge"] = async (request, world) => {
    const words = request.door === "exec" ? request.argv : [];
    const effects = words.flatMap((word, operand) =>
      word.startsWith("/w/")
        ? [fileDelete(word, world === worldWithout ? { recovery: "none" } : { recovery: "trash", operand })]
        : [],
    );
    const verdict = world === worldWithout ? "ask" : "allow";
    return { ...judged(verdict, effects), origins: { calls: [], effects: effects.map(() => 0) } };
  };
  const handle = createHandle({ ...bench, judge: judgeWith, undo: { trash, worldWithout } });
  return handle(shimCall(argv), caller).then((reply) => ({
    reply: reply.verb === "exec" ? `exec ${reply.argv?.join(" ")}` : `exit ${reply.status}`,
    events,
    records: log.records.map(({ verdict, trash: id, note }) => [verdict, id ?? note]),
  }));
}

const kept = ["allow", "k3fq9a"];

test("all of it is moved: nothing is executed", async () => {
  expect(await play(["rm", "-rv", "/w/a", "/w/b"], {})).toEqual({
    reply: "exit 0",
    events: ["/w/a > /trash/0", "/w/b > /trash/1", "keep", "print removed '/w/a'\nremoved '/w/b'\n"],
    records: [kept],
  });
});

test("the rest is left to the program", async () => {
  expect(await play(["rm", "-f", "/w/a", "--", "-x", "/w/a"], {})).toEqual({
    reply: "exec rm -f -- -x /w/a",
    events: ["/w/a > /trash/0", "keep"],
    records: [kept],
  });
});

test.each([
  [
    "one cannot be moved: the other comes back",
    { codes: [0, 18] },
    ["/w/a > /trash/0", "/w/b > /trash/1", "/trash/0 > /w/a", "drop"],
    "EXDEV",
  ],
  [
    "something else came there",
    { isFull: false },
    ["/w/a > /trash/0", "/w/b > /trash/1", "/trash/1 > /w/b", "/trash/0 > /w/a", "drop"],
    "what was moved is not what was judged",
  ],
  [
    "what was moved cannot come back",
    { codes: [0, 13, 17] },
    ["/w/a > /trash/0", "/w/b > /trash/1", "/trash/0 > /w/a", "keep"],
    "EACCES; a part of it is in the trash: holdpoint undo k3fq9a",
  ],
  ["no room", { full: "it is too large" }, [], "it is too large"],
  ["nobody to move it", { silent: true } as const, [], "nobody is there to move it"],
])("%s: judged again, as a deletion", async (_, settings, events, reason) => {
  expect(await play(["rm", "/w/a", "/w/b"], settings)).toEqual({
    reply: "exit 126",
    events,
    records: [kept, ["deny", `not kept in the trash: ${reason}`]],
  });
});

test.each([
  ["a", "", false, "removed 'a'"],
  ["d/", "x", false, "removed 'd/x'"],
  ["d", "", true, "removed directory 'd'"],
  ["it's", "", false, 'removed "it\'s"'],
  ["a\nb", "", false, "removed 'a'$'\\n''b'"],
  ["\udcff", "", false, "removed ''$'\\377'"],
])("rm -v says of %j %j what GNU's does", (operand, below, isFolder, line) => {
  expect(removedLine(operand, below, isFolder)).toBe(line);
});
