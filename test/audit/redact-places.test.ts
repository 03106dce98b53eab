import { expect, it } from "vitest";
import { createRedactor, redactDeep } from "../../src/audit/redact.js";

// Where a credential lies is no secret, whatever its file and key are called.

const redact = createRedactor(["a-secret-of-the-session"]);

const places = {
  credentials: [
    {
      name: "authorization",
      from: "file:/home/me/.vault-token:1",
      fingerprint: "a81f3c0d9e2b",
      standing: "unrelated",
      places: [
        {
          file: "/w/infra/secret/api_key",
          line: 3,
          key: "RAILWAY_TOKEN",
          kind: "railway",
          modified: 1_770_000_000_000,
          readAt: 1_770_000_000_001,
        },
        { file: "/w/.env", line: 1, key: "password", kind: "generic", modified: 1_770_000_000_000.5 },
      ],
    },
  ],
};

it("comes through a record as it is", () => {
  expect(redactDeep(places, redact)).toEqual(places);
  // Also as the text of JSON.
  expect(redact(JSON.stringify(places))).toBe(JSON.stringify(places));
});

it.each([
  "RAILWAY_TOKEN from variable TOKEN; the same lies in infra/token:3, last changed in March",
  "VAULT_TOKEN from ~/.vault-token:1, last changed today",
  "the same lies in /w/infra/api-key:12 and 2 more, last changed yesterday",
  'holdpoint.yaml: RAILWAY_TOKEN was found in infra/token, which has nothing to do with "x"',
])("comes through words: %s", (words) => {
  expect(redact(words)).toBe(words);
});

it.each([
  ["curl -H 'X-Token: 1234567' h", "1234567"],
  ["login password:123456", "123456"],
  ["https://h/x?token:123456", "123456"],
  ["https://h/token:123456", "123456"],
  ["mysql --password=123456", "123456"],
  ["a/token=123456", "123456"],
  ["a/token: 123456", "123456"],
  ["a/token:12345678", "12345678"],
  ["a/token:a-secret-of-the-session", "a-secret-of-the-session"],
])("and nothing else does: %s", (text, secret) => {
  expect(redact(text)).not.toContain(secret);
});
