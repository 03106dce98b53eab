import { readFileSync } from "node:fs";
import * as v from "valibot";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { boundsOf, documentSchema, judgeDocument } from "./suite.js";

// The example of docs/scope-manifest.md: its manifest, and each row of its table.
const page = readFileSync(new URL("../../docs/scope-manifest.md", import.meta.url), "utf8");
const [, manifest = ""] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];
const rows = [
  ...page.matchAll(/^\| `(.+?)`\s*\| `(granted|inside|outside|credential|never)`\s*\|(.*)\|$/gm),
].map(([, call = "", is = "", because = ""]) => ({ call, is, because: because.trim() }));
const document = v.parse(documentSchema, {
  name: "the page",
  manifests: [{ file: "/w/holdpoint.yaml", content: parse(manifest) }],
  env: { STAGING_TOKEN: "staging-secret-1" },
  cases: rows.map(({ call, is, because }) => ({ call, is, because })),
});

test("the page has an example with rows", () => {
  expect(rows.length).toBeGreaterThan(15);
});

test.each(document.cases.map((one) => [one.call, one] as const))("%s", async (call, one) => {
  const judgement = await judgeDocument(document)(call);
  expect(boundsOf(judgement, one)).toBe(one.is);
  expect(judgement.effects.map(({ boundsBecause = "" }) => boundsBecause).join("\n")).toContain(one.because);
});
