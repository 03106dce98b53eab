import { expect, test } from "vitest";
import { agoWords } from "../../src/commands/ago-words.js";
import { auditRows } from "../../src/commands/credentials-page.js";
import { openProgress } from "../../src/commands/progress.js";
import type { AuditedCredential, CredentialAudit } from "../../src/model/credential-audit.js";

const one: AuditedCredential = {
  kind: "railway",
  fingerprint: "0123456789ab",
  places: Array.from({ length: 12 }, (_, at) => ({
    file: `/home/dev/work/a/rather/long/way/down/to/the/place/where/it/lies/${at}/.env`,
    line: at + 1,
    key: "RAILWAY_TOKEN",
    modified: 0,
    git: "unknown" as const,
    isOpen: true,
    isForbidden: at === 0,
  })),
  environments: [],
  named: [],
  isProduction: true,
  guess: { environment: "production", from: "prod\u001b[31m" },
  reach: { width: "account", words: "all of it" },
  online: { kind: "alive", width: "account", words: "all of it", account: "me\u202e", expires: 0 },
  severity: "high",
  isDoubtful: false,
  advice: ["Do this.", "Then that."],
};
const audit: CredentialAudit = {
  credentials: [one],
  files: 20_012,
  commits: 1,
  complete: false,
  notes: ["A note."],
};
const looked = { root: "/home/dev/work", home: "/home/dev", milliseconds: 1432, leftOut: 2 };

function rows(colour: boolean, columns: number): string {
  return auditRows(audit, looked, {
    colour,
    columns,
    isTerminal: colour,
    print: () => {},
    drained: async () => {},
    error: () => {},
    onInterrupt: () => {},
  }).join("\n");
}

test.each([60, 80, 200])("at %i columns nothing is wider, nor than 100", (columns) => {
  const widest = Math.max(
    ...rows(false, columns)
      .split("\n")
      .map((row) => row.length),
  );
  expect(widest).toBeLessThanOrEqual(Math.min(columns, 100));
});

test("all of it is said; colour only adds to it; what a name hides is shown", () => {
  const text = rows(false, 100);
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(rows(true, 100).replaceAll(/\u001b\[[\d;]*m/g, "")).toBe(text);
  expect(rows(true, 100)).not.toBe(text);
  for (const words of [
    "high    Railway token, the same in 12 places",
    "… and 4 more",
    "git does not say; last changed 5",
    "the manifest lets nobody read it",
    "it works, as me⟨U+202E⟩, until 1970-01-01",
    "production, by the name prod⟨U+001B⟩[31m: a guess, for no manifest says it",
    "  note     A note.",
    "1 credential within an agent's reach: 1 high; 20,012 files and 1 commit in 1.4 s",
    "looked at: ~/work, the usual stores in the home, the environment",
    "left out: 2 that look like examples",
    "The time ran out before all was looked at; --timeout gives it more.",
    "  holdpoint credentials --online    asks the services",
  ])
    expect(text).toContain(words);
});

test.each([
  [0, "within a day"],
  [-1, "in the future"],
  [3, "3 days ago"],
  [20, "2 weeks ago"],
  [250, "8 months ago"],
  [800, "2 years ago"],
])("%i days: %s", (days, words) => {
  expect(agoWords(1e12 - days * 86_400_000, 1e12)).toBe(words);
});

test("progress: nothing where stderr is no terminal; a line that is taken away where it is", async () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  const quiet = openProgress({ isTTY: false, columns: 80, write });
  quiet.say("looking");
  quiet.end();
  expect(written).toEqual([]);
  const shown = openProgress({ isTTY: true, columns: 30, write });
  shown.say("looking through files, and through more of them");
  await expect.poll(() => written.length, { timeout: 20_000 }).toBeGreaterThan(0);
  shown.end();
  expect(written[0]).toBe("\rholdpoint: looking through fi\u001b[K");
  expect(written.at(-1)).toBe("\r\u001b[K");
});
