import fc from "fast-check";
import picomatch from "picomatch";
import { expect, test } from "vitest";
import { escapeGlob, globMatcher } from "../../src/model/glob.js";

test("as picomatch reads them", () => {
  const glob = fc.array(fc.constantFrom("a", "b", "*", "**", "?", "/", ".", "!"), {
    minLength: 1,
    maxLength: 9,
  });
  const text = fc.array(fc.constantFrom("a", "b", "/", "."), { maxLength: 12 });
  fc.assert(
    fc.property(glob, text, (globs, texts) => {
      const [one, name] = [globs.join(""), texts.join("")];
      expect(globMatcher([one])(name)).toBe(picomatch([one], { dot: true, nonegate: true })(name));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["**/src/**/*-prod-*/*.y*ml", `/home/me/${"folder/".repeat(30)}src/x-prod-y/a.yaml`],
  ["*-prod-*-db-*", `${"x".repeat(200)}-prod-eu-db-1`],
  ["*.example.com", `${"a.".repeat(2000)}example.com`],
])("names that are long are held against %s", (glob, name) => {
  expect(globMatcher([glob])(name)).toBe(true);
});

// Each would take from seconds to years.
test.each([
  ["*a*a*a*a*a*b", "a".repeat(1000)],
  ["/w/*a*a*a*a*a*b/x", `/w/${"a".repeat(1000)}/x`],
  [`${"**/a/".repeat(8)}b`, "a/".repeat(2000)],
  ["a**a**a**a**a**b", "a".repeat(200)],
  ["(a+)+b", "a".repeat(200)],
  ["{a,aa}+b", "a".repeat(200)],
  ["[a]+[a]+[a]+[a]+[a]+b", "a".repeat(200)],
  [`${"{a,aa}".repeat(30)}b`, "a".repeat(50)],
  [`${"(a)?".repeat(30)}b`, "a".repeat(30)],
])("a name on which a glob's stars would never be done is refused: %s", (glob, name) => {
  expect(() => globMatcher([glob])(name)).toThrow("has too many stars for a name of");
});

test.each(["(\\\\\\\\", "{\\\\\\\\\\", "+(a)\\\\\\\\", "[\\\\\\\\"])(
  "picomatch comes to the end of %s",
  (glob) => {
    expect(globMatcher([glob])("a")).toBe(false);
  },
);

test("a glob that no path needs is refused before it is read", () => {
  expect(() => globMatcher(["{".repeat(60_000)])).toThrow("a glob of 60000 characters is too long");
});

test("any text, escaped, is fit by itself alone", () => {
  const text = fc.string({
    unit: fc.constantFrom(..."a./*?[]{}()!+@|\\^$\"',-\n\udc80"),
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(
    fc.property(text, text, (one, other) => {
      // A path is the same with a slash at its end.
      fc.pre(![one, other].some((each) => /^\.\/|\/$/.test(each)));
      const fits = globMatcher([escapeGlob(`/w/${one}`)]);
      expect(fits(`/w/${one}`)).toBe(true);
      expect(fits(`/w/${other}`)).toBe(one === other);
    }),
    { numRuns: 2_000, endOnFailure: true },
  );
});
