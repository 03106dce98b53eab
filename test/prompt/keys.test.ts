import fc from "fast-check";
import { expect, it } from "vitest";
import { type Key, KeyReader } from "../../src/prompt/keys.js";

const cases: readonly (readonly [name: string, bytes: string, keys: readonly string[]])[] = [
  ["a letter", "a", ["text a"]],
  ["letters that came together", "add é", ["text add é"]],
  [
    "controls",
    "\r\n\u0003\u0004\u007f\b\u0015\t\u001a",
    ["enter", "enter", "interrupt", "end", "backspace", "backspace", "clear", "other", "other"],
  ],
  ["arrows and pages", "\u001b[A\u001bOB\u001b[6~", ["scroll", "scroll", "scroll"]],
  [
    "keys with modifiers",
    "\u001b[1;5A\u001b[3~\u001bOP\u001ba\u001b[a",
    ["other", "other", "other", "other", "other"],
  ],
  [
    "replies",
    "\u001b[?64;1c\u001b[5;1R\u001b]11;rgb:a/a/a\u0007\u001bP1$r0m\u001b\\\u001b[?2026;1$y\u001b[?1u",
    Array(6).fill("report"),
  ],
  ["mouse, also with letters as coordinates", "\u001b[<0;1;2M\u001b[M aaa", ["other", "other", "text a"]],
  ["focus", "\u001b[I\u001b[O", ["other", "other"]],
  [
    "kitty: only what refuses",
    "\u001b[97u\u001b[99;5u\u001b[27u\u001b[13u",
    ["other", "interrupt", "escape", "other"],
  ],
  ["modifyOtherKeys", "\u001b[27;5;99~\u001b[27;5;97~", ["interrupt", "other"]],
  ["a paste", "\u001b[200~a\rs\u0003\u001b[A\u001b[201~d", ["paste", "text d"]],
  ["Esc twice and once more", "\u001b\u001b\u001b", ["escape"]],
  ["Alt with an arrow", "\u001b\u001b[A", ["other"]],
  ["Ctrl-C in a sequence", "\u001b[\u0003\u001b]0;\u0003", ["other", "interrupt", "report", "interrupt"]],
  ["a sequence that is cut off by another", "\u001b[1\u001b[B", ["other", "scroll"]],
];

const name = (key: Key) => (key.kind === "text" ? `text ${key.text}` : key.kind);

it.each(cases)("%s", (_, bytes, keys) => {
  expect(new KeyReader().feed(Buffer.from(bytes)).map(name)).toEqual(keys);
});

it("reads a stream the same however it is split", () => {
  const part = fc.constantFrom(...cases.map(([, bytes]) => bytes));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.array(fc.nat(60), { maxLength: 6 }), (parts, cuts) => {
      // A lone ESC at the end of a chunk waits: what follows decides, as in one chunk.
      const bytes = Buffer.from(parts.join(" "));
      const whole = joined(new KeyReader().feed(bytes));
      const reader = new KeyReader();
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).flatMap((end, at) => reader.feed(bytes.subarray(places[at], end)));
      expect(joined(pieces)).toEqual(whole);
    }),
  );
});

it("takes a lone ESC for a key once nothing follows", () => {
  const reader = new KeyReader();
  const seen = [reader.feed(Buffer.from("\u001b")).map(name), reader.unfinished, reader.flush().map(name)];
  expect([...seen, reader.unfinished]).toEqual([[], "escape", ["escape"], "nothing"]);
});

/** Text may come in more pieces; nothing else may differ. */
function joined(keys: readonly Key[]): readonly string[] {
  const out: string[] = [];
  for (const key of keys) {
    const last = out.at(-1);
    if (key.kind === "text" && last?.startsWith("text ")) out[out.length - 1] = last + key.text;
    else out.push(name(key));
  }
  return out;
}
