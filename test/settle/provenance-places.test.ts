import { expect, test } from "vitest";
import { type CredentialPlace, plainEffect } from "../../src/model/effect.js";
import { withPlaces } from "../../src/settle/provenance.js";
import { fakeWorld } from "../fake-world.js";

const at = (file: string, line: number, key: string): CredentialPlace => ({
  file,
  line,
  key,
  kind: "generic",
  modified: 0,
});
const kept = [at("/w/infra/.env", 1, "A_TOKEN"), at("/w/infra/.env", 2, "B_TOKEN")];
const world = {
  ...fakeWorld({ files: { "/w/infra/.env": { text: "" }, "/w/link": { link: "/w/infra/.env" } } }),
  provenance: {
    placesOf: (print: string) =>
      print === "known" ? [at("/w/other", 3, "C")] : print === "late" ? ("loading" as const) : [],
    keptIn: (file: string) => kept.filter((one) => one.file === file),
  },
};

/** from, fingerprint → where it lies. */
const rows: readonly (readonly [string, string, string])[] = [
  ["literal", "known", "/w/other:3"],
  ["file:/w/infra/.env#A_TOKEN", "known", "/w/other:3"],
  ["file:/w/infra/.env#A_TOKEN", "", "/w/infra/.env:1"],
  ["file:/w/link#B_TOKEN", "", "/w/infra/.env:2"],
  ["file:/w/infra/.env", "", "/w/infra/.env:1 /w/infra/.env:2"],
  ["file:/w/infra/.env:2", "", "/w/infra/.env:1 /w/infra/.env:2"],
  ["file:/w/infra/.env#C_TOKEN", "", ""],
  ["config:~/.aws/credentials", "", ""],
  ["literal", "late", ""],
];

test.each(rows)("%s %s", (from, fingerprint, expected) => {
  const effect = withPlaces(
    {
      ...plainEffect("curl", "delete", "x"),
      resource: "process",
      operation: "x",
      credentials: [{ name: "t", from, fingerprint }],
    },
    world,
  );
  const places = effect.credentials.flatMap(({ places = [] }) =>
    places.map(({ file, line }) => `${file}:${line}`),
  );
  expect(places.join(" ")).toBe(expected);
});
