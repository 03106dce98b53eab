import { expect, test } from "vitest";
import { formatRecord } from "../../src/commands/record-line.js";

const time = "2026-01-31T09:30:00.123Z";
const matches = [{ rule: "files/lose-work" }];
const wide = Number.POSITIVE_INFINITY;

test.each<[string, Record<string, unknown>, number, string]>([
  [
    "a program",
    { event: "exec", verdict: "allow", argv: ["rm", "-f", "a b"] },
    80,
    "09:30:00.123  exec   allowed rm -f 'a b'",
  ],
  [
    "a shell's text as the line it is",
    { event: "exec", verdict: "allow", argv: ["/bin/bash", "-lc", "echo 'a'\necho b", "x", "y"] },
    80,
    "09:30:00.123  exec   allowed /bin/bash -lc │ echo 'a' ⏎ echo b │ x y",
  ],
  [
    "a shell without a text",
    { event: "exec", verdict: "allow", argv: ["sh", "script", "-c"] },
    80,
    "09:30:00.123  exec   allowed sh script -c",
  ],
  [
    "the reason behind it, where it fits",
    { event: "line", verdict: "deny", line: "rm x", reason: "nobody", matches },
    100,
    "09:30:00.123  line   denied  rm x  nobody  [files/lose-work]",
  ],
  [
    "the reason below it, where it does not; what is long is cut in the middle",
    { event: "line", verdict: "deny", line: `rm ${"x".repeat(100)} y`, reason: "nobody", matches },
    80,
    `09:30:00.123  line   denied  rm ${"x".repeat(18)}…64 more…${"x".repeat(18)} y\n              nobody  [files/lose-work]`,
  ],
  [
    "an answer",
    {
      event: "answer",
      verdict: "allow",
      question: "q2",
      answer: { by: "ann", how: "relay: key a", grant: "once" },
    },
    wide,
    "09:30:00.123  answer allowed question q2  by ann (once): relay: key a",
  ],
  ["the end", { event: "session.end", status: 126 }, 80, "09:30:00.123  end            status 126"],
  [
    "nothing that moves the cursor",
    { event: "line", verdict: "allow", line: "a\u001b[2Jb\u202ec\rd" },
    80,
    "09:30:00.123  line   allowed a⟨U+001B⟩[2Jb⟨U+202E⟩c⟨U+000D⟩d",
  ],
  ["another version's", { event: "later.kind", verdict: 7, argv: "?" }, 80, "09:30:00.123  later.kind"],
])("%s", (_name, record, columns, line) => {
  expect(formatRecord({ time, ...record }, false, columns)).toBe(line);
});
