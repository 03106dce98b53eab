import fc from "fast-check";
import { expect, test } from "vitest";
import type { Action, Effect } from "../../src/model/effect.js";
import { plainEffect } from "../../src/model/effect.js";
import type { Bounds, LabelKind, Manifest } from "../../src/model/scope.js";
import { boundEffects } from "../../src/scope/bounds.js";
import { asGlob, compilePattern } from "../../src/scope/pattern.js";
import { fakeWorld } from "../fake-world.js";
import { judgeDocument, suite } from "./suite.js";

// What holds of any manifests and any effects.

const world = fakeWorld();
const actions: readonly Action[] = ["read", "create", "modify", "delete", "execute", "grant", "send"];
const action = fc.constantFrom(...actions);
const hosts = ["a.test", "b.test", "x.a.test", "localhost", "other.org"];
const globs = ["*", "*.test", "*.a.test", "a.test", "b.test", "x.a.test", "localhost", "a.*", "*t"];
const words = ["staging", "prod", "shop"];

const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ action, host: fc.constantFrom(...hosts) }).map(
    ({ action: one, host }): Effect => ({
      ...plainEffect("curl", one, `https://${host}/x`),
      resource: "http",
      method: "PUT",
      host,
      path: "/x",
    }),
  ),
  fc.record({ action, environment: fc.constantFrom(...words, "unknown") }).map(
    ({ action: one, environment }): Effect => ({
      ...plainEffect("railway", one, "volume"),
      resource: "cloud",
      provider: "railway",
      service: "volume",
      type: "volume",
      operation: "volume delete",
      environment,
      credentials: [{ name: "T", from: "env:T", fingerprint: "#5" }],
    }),
  ),
  fc.record({ action, branch: fc.constantFrom("main", "feature/x", undefined) }).map(
    ({ action: one, branch }): Effect => ({
      ...plainEffect("git", one, `origin/${branch ?? "*"}`),
      resource: "git",
      operation: "push",
      remote: true,
      remoteName: "origin",
      ...(branch === undefined ? {} : { branch }),
    }),
  ),
  fc.record({ action, machine: fc.constantFrom(...hosts), hostName: fc.constantFrom(...hosts) }).map(
    ({ action: one, machine, hostName }): Effect => ({
      ...plainEffect("ssh", one, machine),
      resource: "process",
      operation: "remote command",
      machine,
      hostName,
    }),
  ),
);

const label = fc.oneof(
  fc.record({ kind: fc.constantFrom<LabelKind>("host", "ssh"), value: fc.constantFrom(...globs) }),
  fc.record({ kind: fc.constantFrom<LabelKind>("railway", "id"), value: fc.constantFrom(...words) }),
  fc.record({ kind: fc.constant<LabelKind>("git-branch"), value: fc.constantFrom("main", "feature/*", "*") }),
  fc.record({ kind: fc.constant<LabelKind>("git-remote"), value: fc.constantFrom("origin", "*") }),
);

const environment = fc.record({
  name: fc.constantFrom("one", "two", "three"),
  allow: fc.subarray([...actions]),
  never: fc.subarray([...actions]),
  labels: fc.array(label, { maxLength: 4 }),
});

const manifest: fc.Arbitrary<Manifest> = fc.record({
  file: fc.constant("/w/holdpoint.yaml"),
  folder: fc.constant("/w"),
  isTrusted: fc.boolean(),
  purpose: fc.constant(undefined),
  environments: fc.uniqueArray(environment, { selector: ({ name }) => name, maxLength: 3 }),
  files: fc.constant({ read: undefined, write: undefined, never: [] }),
  credentials: fc.option(
    fc.array(
      fc.record({
        name: fc.constant("deploy"),
        from: fc.constantFrom("env:T", "env:U"),
        value: fc.constantFrom("12345", "123", undefined),
        allow: fc.subarray(["one", "two", "three"]),
      }),
      { maxLength: 2 },
    ),
    { nil: undefined },
  ),
  backups: fc.array(
    fc.record({
      for: fc.constantFrom<Record<string, readonly string[]>>(
        { provider: ["railway"] },
        { resource: ["http", "git"] },
      ),
      evidence: fc.constant("./age"),
      maxAge: fc.constant(60_000),
    }),
    { maxLength: 1 },
  ),
});

/** As far as a verdict goes: nothing said lies between leave and a question. */
const strictness: readonly Bounds[] = ["granted", "inside", "outside", "credential", "never"];
function strictnessOf(one: Effect, manifests: readonly Manifest[]): number {
  const [bound] = boundEffects([one], manifests, world);
  return strictness.indexOf(bound?.bounds ?? "inside");
}

test("a manifest that is not trusted grants nothing, whatever it says", () => {
  fc.assert(
    fc.property(effect, fc.array(manifest, { maxLength: 3 }), (one, manifests) => {
      const untrusted = manifests.map((each) => ({ ...each, isTrusted: false }));
      expect(strictnessOf(one, untrusted)).toBeGreaterThanOrEqual(strictness.indexOf("inside"));
    }),
    { numRuns: 500 },
  );
});

test("another manifest never loosens what the others say, and one that is not trusted never loosens at all", () => {
  fc.assert(
    fc.property(effect, fc.array(manifest, { maxLength: 3 }), manifest, (one, manifests, more) => {
      const before = strictnessOf(one, manifests);
      const after = strictnessOf(one, [...manifests, more]);
      // What nobody minded a trusted one may grant: that is what trust is for.
      const isFirstLeave = before === strictness.indexOf("inside") && more.isTrusted;
      if (!isFirstLeave) expect(after).toBeGreaterThanOrEqual(before);
      expect(strictnessOf(one, [...manifests, { ...more, isTrusted: false }])).toBeGreaterThanOrEqual(before);
    }),
    { numRuns: 1000 },
  );
});

test("neither the order of manifests nor that of environments or labels matters", () => {
  fc.assert(
    fc.property(effect, fc.array(manifest, { maxLength: 3 }), (one, manifests) => {
      const turned = manifests.toReversed().map((each) => ({
        ...each,
        environments: each.environments
          .toReversed()
          .map((place) => ({ ...place, labels: place.labels.toReversed() })),
      }));
      expect(strictnessOf(one, turned)).toBe(strictnessOf(one, manifests));
    }),
    { numRuns: 500 },
  );
});

test("what is not trusted stands where trust would put it, or is asked about, too", () => {
  fc.assert(
    fc.property(effect, manifest, (one, each) => {
      const trusted = strictnessOf(one, [{ ...each, isTrusted: true }]);
      const plain = strictnessOf(one, [{ ...each, isTrusted: false }]);
      expect(plain).toBe(Math.max(trusted, strictness.indexOf("inside")));
    }),
    { numRuns: 500 },
  );
});

test("a label that says more of a host wins over one that says less", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...hosts.slice(0, 3)),
      fc.subarray(globs, { minLength: 2 }),
      action,
      (host, some, done) => {
        const ranked = some.flatMap((glob) => {
          const rank = compilePattern(glob)(host);
          return rank === undefined ? [] : [{ glob, rank }];
        });
        const best = Math.max(...ranked.map(({ rank }) => rank));
        const isAllowed = (glob: string) => ranked.some((each) => each.glob === glob && each.rank === best);
        const place = {
          file: "/w/holdpoint.yaml",
          folder: "/w",
          isTrusted: false,
          purpose: undefined,
          environments: some.map((glob) => ({
            name: glob,
            allow: isAllowed(glob) ? actions : [],
            never: [],
            labels: [{ kind: "host" as const, value: glob }],
          })),
          files: { read: undefined, write: undefined, never: [] },
          credentials: undefined,
          backups: [],
        };
        const one: Effect = {
          ...plainEffect("curl", done, `https://${host}/`),
          resource: "http",
          method: "PUT",
          host,
          path: "/",
        };
        const expected = ranked.length === 0 && done !== "read" ? "outside" : "inside";
        expect(strictness[strictnessOf(one, [place])]).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test("an exact pattern is above every glob, a longer one above a shorter", () => {
  const rank = (pattern: string) => compilePattern(pattern)("api.staging.example.com") ?? -1;
  const order = [
    "*",
    "*.com",
    "*.example.com",
    "*.staging.example.com",
    "api.staging.*.com",
    "api.staging.example.com",
  ];
  expect(["nothing", ...order].toSorted((a, b) => rank(a) - rank(b))).toEqual([
    "nothing",
    "*",
    "*.com",
    "*.example.com",
    "api.staging.*.com",
    "*.staging.example.com",
    "api.staging.example.com",
  ]);
  expect(rank("api.staging.example.com")).toBeGreaterThan(rank("*api.staging.example.com*"));
  expect(asGlob(rank("api.staging.example.com"))).toBe("api.staging.example.com".length);
});

test("a star is anything, and each part has a place of its own", () => {
  const fits = (pattern: string, text: string) => compilePattern(pattern)(text) !== undefined;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "b", "ab", "*"), { maxLength: 7 }),
      fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 9 }),
      (parts, text) => {
        const pattern = parts.join("");
        const expected = new RegExp(`^${parts.map((part) => (part === "*" ? ".*" : part)).join("")}$`).test(
          text,
        );
        expect(fits(pattern, text)).toBe(expected);
      },
    ),
    { numRuns: 2000 },
  );
});

test("what is held is shown with the environment's name, and rules still see it as unknown", async () => {
  const [document] = suite.find(({ subject }) => subject === "hosts")?.documents ?? [];
  if (document === undefined) throw new Error("no hosts.yaml");
  const judgement = await judgeDocument(document)("curl -X DELETE https://api.staging.example.com/x");
  const named = judgement.effects.map(({ environment, boundsEnvironments }) => [
    environment,
    boundsEnvironments,
  ]);
  expect(named).toEqual([["unknown", ["staging"]]]);
});
