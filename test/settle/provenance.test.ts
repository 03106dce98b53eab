import { expect, test } from "vitest";
import { type Credential, type CredentialPlace, plainEffect } from "../../src/model/effect.js";
import type { Provenance } from "../../src/model/world.js";
import { withPlaces } from "../../src/settle/provenance.js";
import { fakeWorld } from "../fake-world.js";

const place: CredentialPlace = { file: "/w/.env", line: 3, kind: "railway", modified: 1 };
const kept: CredentialPlace = { ...place, file: "/w/kept" };

function settled(
  action: "read" | "delete",
  from: string,
  fingerprint: string,
  provenance: Partial<Provenance> = {},
): Credential | undefined {
  const effect = { ...plainEffect("curl", action, "x"), resource: "secret" as const, operation: "x" };
  const found: Provenance = {
    placesOf: (print, waits) => (print === "known" ? [place] : waits ? "loading" : []),
    keptIn: (file, waits) => (file === "/w/kept" ? [kept] : waits ? "loading" : []),
    ...provenance,
  };
  const credentials = [{ name: "token", from, fingerprint }];
  return withPlaces({ ...effect, credentials }, { ...fakeWorld(), provenance: found }).credentials[0];
}

const token = { name: "token", from: "literal", fingerprint: "known" };

test.each([
  ["delete", "literal", "known", { ...token, places: [place] }],
  ["read", "literal", "known", { ...token, places: [place] }],
  ["read", "literal", "other", { ...token, fingerprint: "other" }],
  ["delete", "literal", "other", { ...token, fingerprint: "other", unsearched: true }],
  ["delete", "file:/w/kept", "", { name: "token", from: "file:/w/kept", fingerprint: "", places: [kept] }],
  [
    "delete",
    "file:/w/kept:3",
    "",
    { name: "token", from: "file:/w/kept:3", fingerprint: "", places: [kept] },
  ],
  ["read", "file:/w/new", "", { name: "token", from: "file:/w/new", fingerprint: "" }],
  ["delete", "file:/w/new", "", { name: "token", from: "file:/w/new", fingerprint: "", unsearched: true }],
  ["delete", "profile:x", "", { name: "token", from: "profile:x", fingerprint: "" }],
] as const)("%s with %s %s", (action, from, fingerprint, expected) => {
  expect(settled(action, from, fingerprint)).toEqual(expected);
});

test("what was found while not all is looked through says so, where it matters", () => {
  const isComplete = () => false;
  expect(settled("delete", "literal", "known", { isComplete })).toEqual({
    ...{ ...token, places: [place] },
    unsearched: true,
  });
  expect(settled("read", "literal", "known", { isComplete })).toEqual({ ...token, places: [place] });
});
