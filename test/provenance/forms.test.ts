import { expect, test } from "vitest";
import { formsOf } from "../../src/provenance/forms.js";

test.each([
  ["b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b", ["b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b"]],
  ["  tok3n-with-space ", ["tok3n-with-space"]],
  ["Bearer abcdef123456", ["abcdef123456"]],
  [
    "postgres://shop:s3cr%40t@db.example.com:5432/shop",
    ["postgres://shop:s3cr%40t@db.example.com:5432/shop", "s3cr%40t", "s3cr@t"],
  ],
  ["redis://:s3cret99@cache:6379", ["redis://:s3cret99@cache:6379", "s3cret99"]],
  ["me:s3cret99", ["me:s3cret99", "s3cret99"]],
  [Buffer.from("me:s3cret99").toString("base64"), ["bWU6czNjcmV0OTk=", "me:s3cret99", "s3cret99"]],
  ["", []],
  ["https://example.com/a:b", ["https://example.com/a:b"]],
])("%s", (value, forms) => {
  // First the plain ones.
  expect(formsOf(value).slice(0, forms.length)).toEqual(forms);
});

test("what a URL or Base64 makes of it", () => {
  expect(formsOf("p@ss/w0rd")).toEqual(["p@ss/w0rd", "p%40ss%2Fw0rd", "cEBzcy93MHJk"]);
  expect(formsOf("half \ud800")).toHaveLength(3);
});
