import { expect, test } from "vitest";
import { sendingLines } from "../../src/commands/credentials-sending.js";
import { askServices } from "../../src/credentials/services.js";
import type { Sighting } from "../../src/credentials/sighting.js";

const nobodys: Sighting = {
  kind: "generic",
  key: "TOKEN",
  value: "some-value",
  line: 1,
  file: "/w/.env",
  modified: 0,
  around: () => "",
};

test("what no service takes is not asked about, and nobody has to agree", async () => {
  let questions = 0;
  const done: number[] = [];
  const answers = await askServices({
    credentials: [[nobodys], [nobodys], [nobodys], [nobodys], [nobodys]],
    all: [nobodys],
    env: {},
    timeout: 1000,
    agree: async () => {
      questions += 1;
      return true;
    },
    onDone: (count) => done.push(count),
  });
  expect(questions).toBe(0);
  expect(answers?.map(({ kind }) => kind)).toEqual(["unasked", "unasked", "unasked", "unasked", "unasked"]);
  expect(done).toEqual([1, 2, 3, 4, 5]);
});

test("where each would go is shown, with who says so", () => {
  expect(
    sendingLines([
      { host: "api.github.com", by: "service", count: 2 },
      { host: "db.example.com\u001b[2J:5432", by: "file", count: 1 },
      { host: "127.0.0.1:1", by: "variable", count: 1 },
    ]),
  ).toEqual([
    "These would be asked, each with its own credential alone:",
    "  api.github.com: 2 credentials",
    "  db.example.com⟨U+001B⟩[2J:5432: 1 credential, an address that only the file with the credential names",
    "  127.0.0.1:1: 1 credential, an address that a variable of this environment names",
  ]);
});
