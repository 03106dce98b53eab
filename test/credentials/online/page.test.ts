import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { inquiryOf, services } from "../../../src/credentials/online/inquiries.js";
import { credentialKinds } from "../../../src/model/credential-kind.js";

const page = readFileSync(
  fileURLToPath(new URL("../../../docs/credentials-online.md", import.meta.url)),
  "utf8",
);

test("docs/credentials-online.md has every kind that is asked about, and every variable", () => {
  const variables = Object.values(services).flatMap(({ endpoint }) =>
    endpoint.variables.map(({ name }) => name),
  );
  const words = [
    ...credentialKinds.filter((kind) => inquiryOf(kind) !== undefined),
    ...variables.filter((name) => name !== name.toLowerCase()),
  ];
  expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
});
