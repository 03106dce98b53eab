import { expect, test } from "vitest";
import { detectCredentials } from "../../src/credentials/detect.js";
import { base64, drawn } from "./drawn.js";
import { lookAlikes } from "./look-alikes.js";
import { planted } from "./planted.js";

test.each(planted)("finds: $kind in $file", ({ kind, file, text, value }) => {
  const found = detectCredentials(text, file).map((one) => ({ kind: one.kind, value: one.value }));
  expect(found).toContainEqual({ kind, value });
});

test.each(planted)("finds nothing else: $file", ({ file, text, value }) => {
  expect(detectCredentials(text, file).filter((one) => one.value !== value)).toEqual([]);
});

test.each(lookAlikes)("is none: $file", ({ file, text }) => {
  expect(detectCredentials(text, file)).toEqual([]);
});

test("what else carries it, and what it is for", () => {
  const [url] = detectCredentials(
    "URL=postgres://app:Gr4nite%2FLake@db.acme.io:5432/shop?sslmode=require\n",
    ".env",
  );
  expect(url).toEqual({
    kind: "postgres",
    key: "URL",
    value: "Gr4nite/Lake",
    line: 1,
    forms: ["postgres://app:Gr4nite%2FLake@db.acme.io:5432/shop?sslmode=require", "Gr4nite%2FLake"],
    target: "postgres://app@db.acme.io:5432/shop",
  });
  const [host] = detectCredentials("machine a.acme.io login me password Gr4nite-Lake\n", ".netrc");
  expect(host).toMatchObject({ target: "a.acme.io", forms: [base64("me:Gr4nite-Lake")] });
});

test("a default password opens a server elsewhere, and nothing on this machine", () => {
  const read = (host: string) =>
    detectCredentials(`URL=postgres://postgres:postgres@${host}/shop\n`, ".env").length;
  expect(["localhost", "127.0.0.1:5433", "db", "db.example.com", "db.acme.io"].map(read)).toEqual([
    0, 0, 0, 0, 1,
  ]);
});

test.each(["test/e2e/a.ts", "fixtures/.env", ".env.example", "src/a.spec.ts"])("doubted: %s", (file) => {
  const text = `const API_TOKEN = "${drawn("doubt", 40)}";\n`;
  expect(detectCredentials(text, file).map(({ confidence }) => confidence)).toEqual(["low"]);
});

test("an absolute path's folders say nothing: somebody's home may be called test", () => {
  const text = `API_TOKEN="${drawn("doubt", 40)}"\n`;
  expect(detectCredentials(text, "/home/test/.env").map(({ confidence }) => confidence)).toEqual([undefined]);
});

test("a hostile text takes no long time", () => {
  const parts = [
    "password=",
    "token: ",
    "a://b:",
    "eyJ",
    "-----BEGIN PRIVATE KEY-----",
    "x".repeat(50_000),
    '"key":{"auth":',
    "machine a login b ",
    "Authorization: Bearer ",
    "_-",
    'key = "\\',
  ];
  for (const part of parts) {
    const text = part.repeat(Math.ceil(300_000 / part.length));
    for (const name of [".env", "a.ts", ".netrc", ".pgpass", "config.json"]) {
      const start = performance.now();
      detectCredentials(text, name);
      // Anything that grows with the square would take minutes.
      expect(performance.now() - start).toBeLessThan(20_000);
    }
  }
});
