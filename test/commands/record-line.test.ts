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

const used = {
  ...{ name: "authorization", from: "env:TOKEN", fingerprint: "a81f3c", standing: "unrelated" },
  places: [{ file: "/w/infra/token", line: 3, key: "API_TOKEN", kind: "of another version", modified: 0 }],
};
const effects = [
  { action: "delete", environment: "production", credentials: [used] },
  { action: "read", credentials: [{ ...used, from: "env:OTHER", places: [] }] },
];

test("where a credential came from, of what was held alone", () => {
  const around = { workspace: "/w", home: "/home/me" };
  const held = { time, event: "exec", verdict: "deny", argv: ["curl"], effects };
  const line = (record: Record<string, unknown>) => formatRecord({ ...held, ...record }, false, wide, around);
  const match = [{ rule: "scope/credential", effect: 0 }];
  expect(line({ matches: match })).toBe(
    "09:30:00.123  exec   denied  curl  with API_TOKEN from infra/token:3 (unrelated to the purpose)  [scope/credential]",
  );
  expect(
    formatRecord({ ...held, matches: match, argv: ["x".repeat(90)] }, false, 80, around).split("\n"),
  ).toEqual([
    expect.stringContaining("…48 more…"),
    "              with API_TOKEN from infra/token:3 (unrelated to the purpose)",
    "              [scope/credential]",
  ]);
  expect(line({ matches: match, verdict: "ask" })).toContain("with API_TOKEN from infra/token:3");
  expect(line({ matches: match, verdict: "allow" })).not.toContain("API_TOKEN");
  expect(line({ matches: [] })).not.toContain("with");
  expect(formatRecord({ ...held, matches: match }, false, wide)).toContain("from /w/infra/token:3");
});

test.each([
  [[{ credentials: "?" }]],
  [[{ credentials: [{ name: 1 }] }]],
  ["?"],
  [[7]],
  [[{ credentials: [{ ...used, places: [{ file: 7 }] }] }]],
])("effects of another shape: %j", (other) => {
  const record = {
    time,
    event: "exec",
    verdict: "deny",
    argv: ["x"],
    effects: other,
    matches: [{ effect: 0 }],
  };
  expect(formatRecord(record, false, wide)).toBe("09:30:00.123  exec   denied  x  [?]");
});
