import { Ajv } from "ajv";
import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { schemas } from "../../src/build/schemas.js";
import type { Manifest } from "../../src/model/scope.js";
import { parseManifest } from "../../src/scope/manifest.js";
import { shownGlob } from "../../src/scope/shown-glob.js";
import { root } from "../scripts/session.js";
import { invalidManifests } from "./invalid-manifests.js";

const file = "/home/me/work/holdpoint.yaml";
/** No links, unless they are named. */
function read(text: string, links: Readonly<Record<string, string>> = {}, at = file) {
  const realpath = (path: string): string => {
    const link = Object.keys(links).find((one) => path === one || path.startsWith(`${one}/`));
    return link === undefined ? path : `${links[link]}${path.slice(link.length)}`;
  };
  return parseManifest(text, at, { home: "/home/me", realpath });
}

function valid(text: string, links?: Readonly<Record<string, string>>, at?: string): Manifest {
  const result = read(text, links, at);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.manifest;
}

const jsonSchema: unknown = JSON.parse(JSON.stringify(schemas(root)["holdpoint.schema.json"]));
const schema = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(Object(jsonSchema));

describe("each mistake is told once, with its place", () => {
  test("of many kinds", () => expect(invalidManifests.length).toBeGreaterThan(100));

  test.each(invalidManifests)("%s", (_kind, _teller, text, problem) => {
    expect(read(text)).toEqual({ ok: false, problems: [`${file}:${problem}`] });
  });
});

describe("the JSON Schema tells what it can tell, and nothing else", () => {
  test.each(invalidManifests.filter(([, teller]) => teller !== "yaml"))("%s: %s", (_kind, teller, text) => {
    // Without the alias within itself: a schema's reader would go round in it.
    expect(schema(parse(text.replace("&f {never: *f}", "{never: {}}")))).toBe(teller === "code");
  });
});

test("each key has a meaning for an editor to show", () => {
  const bare: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    const { properties, ...rest } = Object.assign({ properties: {} }, node);
    for (const [key, one] of Object.entries<unknown>(properties)) {
      if (!/\w \w/.test(String(Object(one).description ?? ""))) bare.push(`${path}.${key}`);
      walk(one, `${path}.${key}`);
    }
    for (const [key, one] of Object.entries<unknown>(rest)) walk(one, `${path}/${key}`);
  };
  walk(jsonSchema, "");
  // Of a backup's fields those are left that docs/rules.md explains.
  expect(bare.filter((path) => !path.includes(".for."))).toEqual([]);
});

test("several mistakes are told one by one, at most ten", () => {
  const result = read(`version: 1\nfiles: {never: [${'"!a",'.repeat(12)}]}\ncredentials: 1\n`);
  expect(result.ok ? [] : result.problems.map((one) => one.slice(file.length, file.length + 6))).toEqual(
    Array.from({ length: 10 }, (_, at) => `:2:${17 + 5 * at}:`.slice(0, 6)),
  );
});

test("in the order of the file, whoever found them", () => {
  const text = "version: 1\nfiles:\n  never: ['{,a}']\nenvironments:\n  a: {allow: [read, read]}\n";
  const result = read(text);
  expect(result.ok ? [] : result.problems.map((one) => one.slice(file.length).split(": ")[0])).toEqual([
    ":3:11",
    ":5:3",
    ":5:21",
  ]);
});

test("no mistake repeats a password", () => {
  const secrets = invalidManifests.filter(([, , text]) => /s3cret|ghp_/.test(text));
  expect(secrets).toHaveLength(3);
  for (const [, , text] of secrets) expect(JSON.stringify(read(text))).not.toMatch(/s3cret|ghp_/);
});

const sample = `
# yaml-language-server: $schema=./node_modules/holdpoint/schema/holdpoint.schema.json
version: 1
purpose: debug the credential mismatch in staging
environments:
  staging:
    allow: [read, create, modify]          # actions of effects; anything else is outside
    never: []                              # actions denied there
    hosts: ["*.staging.example.com"]
    railway: [project-or-environment-id-or-name]
    aws: {profiles: [staging], accounts: ["123456789012"]}
    kubernetes: {contexts: [staging]}
    databases: ["staging-db:5432/app"]
    postgres: ["/app_staging"]
    git: {remotes: [origin], branches: ["feature/*"]}
    ssh: [staging-1]
    files: ["config/staging/**"]
    ids: [other-ids]
  production: {allow: [], hosts: ["*.example.com"], aws: {accounts: ["210987654321"]}}
files:
  read: ["**"]
  write: ["src/**", "config/staging/**"]
  never: ["**/.env.production", "~/.aws", "infra/domains/**"]
credentials:
  - {name: staging deploy, from: "env:RAILWAY_TOKEN", allow: [staging]}
backups:
  - {for: {provider: railway, type: [volume, database]}, evidence: "./scripts/last-dump-age", max_age: 24h}
`;

test("a manifest as written becomes what it means", () => {
  expect(valid(sample)).toEqual({
    file,
    folder: "/home/me/work",
    isTrusted: false,
    purpose: "debug the credential mismatch in staging",
    environments: [
      {
        name: "staging",
        allow: ["read", "create", "modify"],
        never: [],
        labels: [
          { kind: "host", value: "*.staging.example.com" },
          { kind: "railway", value: "project-or-environment-id-or-name" },
          { kind: "aws-profile", value: "staging" },
          { kind: "aws-account", value: "123456789012" },
          { kind: "kube-context", value: "staging" },
          { kind: "database", value: "staging-db:5432/app" },
          { kind: "database", value: "/app_staging", engine: "postgres" },
          { kind: "git-remote", value: "origin" },
          { kind: "git-branch", value: "feature/*" },
          { kind: "ssh", value: "staging-1" },
          { kind: "id", value: "other-ids" },
          { kind: "file", value: "/home/me/work/config/staging/**" },
        ],
      },
      {
        name: "production",
        allow: [],
        never: [],
        labels: [
          { kind: "host", value: "*.example.com" },
          { kind: "aws-account", value: "210987654321" },
        ],
      },
    ],
    files: {
      read: ["/home/me/work/**"],
      write: ["/home/me/work/src/**", "/home/me/work/config/staging/**"],
      never: ["/home/me/work/**/.env.production", "/home/me/.aws", "/home/me/work/infra/domains/**"],
    },
    credentials: [
      { name: "staging deploy", from: "env:RAILWAY_TOKEN", value: undefined, allow: ["staging"] },
    ],
    backups: [
      {
        for: { provider: ["railway"], type: ["volume", "database"] },
        evidence: "./scripts/last-dump-age",
        maxAge: 24 * 3_600_000,
      },
    ],
  });
  expect(schema(parse(sample))).toBe(true);
});

test.each([
  ["next to nothing", "version: 1"],
  ["Windows' line ends and a byte order mark", "\ufeffversion: 1\r\npurpose: x\r\n"],
  ["JSON", '{"version": 1, "files": {"never": ["a"]}}'],
  ["an anchor", "version: 1\nfiles: {read: &src [src], write: *src}"],
  [
    "nothing may be written, no credential be used",
    "version: 1\nfiles: {write: []}\ncredentials: []\nbackups: []",
  ],
  ["YAML 1.2 by name", "%YAML 1.2\n---\nversion: 1"],
  ["words that an older YAML takes for others", "version: 1\npurpose: no\nfiles: {never: [off, yes]}"],
  [
    "hosts",
    'version: 1\nenvironments: {a: {allow: [], hosts: [localhost, "*", "10.1.*", "db.example:5432", "[::1]:8080", "::1", "fe80::1"]}}',
  ],
  [
    "databases",
    'version: 1\nenvironments: {a: {allow: [], databases: [h, "*.db.example/app", "h/app_*", "/app", "h/app", "h:1/app", "[::1]:5432/app"]}}',
  ],
  ["ssh", 'version: 1\nenvironments: {a: {allow: [], ssh: [staging-1, "db-*", db.example.com, "::1"]}}'],
  [
    "remotes",
    'version: 1\nenvironments: {a: {allow: [], git: {branches: [main, "feature/*", refs/tags/v1], remotes: [origin, "git@git.example:a/b.git", "ssh://git@git.example/a", "https://git.example/a/*"]}}}',
  ],
  [
    "sources",
    "version: 1\ncredentials: [{name: a, from: 'file:.env#TOKEN', allow: []}, {name: b, from: 'file:~/a b.json', allow: []}, {name: c, from: profile:staging, allow: []}]",
  ],
  [
    "a backup's words",
    "version: 1\nbackups: [{for: {recursive: true, action: [delete], target: '/data/**'}, evidence: x, max_age: 7d}]",
  ],
])("valid, to the schema as well: %s", (_, text) => {
  expect(read(text)).toMatchObject({ ok: true });
  expect(schema(parse(text.replace("%YAML 1.2\n---\n", "")))).toBe(true);
});

describe("globs become absolute", () => {
  const globs = (glob: string, links?: Readonly<Record<string, string>>, at?: string) =>
    valid(`version: 1\nfiles: {never: ['${glob}']}`, links, at).files.never;

  test.each<[string, readonly string[]]>([
    ["src/**", ["/home/me/work/src/**"]],
    ["./src//a/", ["/home/me/work/src/a"]],
    [".", ["/home/me/work"]],
    ["**", ["/home/me/work/**"]],
    ["~", ["/home/me"]],
    ["~/.aws", ["/home/me/.aws"]],
    ["/etc/passwd", ["/etc/passwd"]],
    ["/", ["/"]],
    ["/**", ["/**"]],
    ["../other/*.key", ["/home/me/other/*.key"]],
    ["../../..", ["/"]],
    ["a/{b,c}/{d,e}", ["a/b/d", "a/b/e", "a/c/d", "a/c/e"].map((one) => `/home/me/work/${one}`)],
    ["{~/.aws,/etc}", ["/home/me/.aws", "/etc"]],
    ["app/(auth)/*", ["/home/me/work/app/\\(auth\\)/*"]],
    ["a/*(1).txt", []],
  ])("%s", (glob, expected) => {
    if (expected.length === 0) expect(read(`version: 1\nfiles: {never: ['${glob}']}`).ok).toBe(false);
    else expect(globs(glob)).toEqual(expected);
  });

  test("a link is meant, and what it leads to", () => {
    const links = { "/home/me/work/data": "/mnt/big", "/home/me/.aws": "/secrets/aws" };
    expect(globs("data/**", links)).toEqual(["/mnt/big/**", "/home/me/work/data/**"]);
    expect(globs("data/a/b", links)).toEqual(["/mnt/big/a/b"]);
    expect(globs("~/.aws", links)).toEqual(["/secrets/aws", "/home/me/.aws"]);
    expect(valid("version: 1", { "/home/me/work": "/srv/work" }).folder).toBe("/srv/work");
    expect(globs("src/*", { "/home/me/work": "/srv/work" })).toEqual(["/srv/work/src/*"]);
  });

  test("a manifest in the root", () => {
    expect(valid("version: 1\nfiles: {never: [a]}", {}, "/holdpoint.yaml")).toMatchObject({
      folder: "/",
      files: { never: ["/a"] },
    });
  });

  // A folder may be called `app(1)`, `[id]`, `a+b`: taken for signs, a `never` below it would fit nothing.
  const name = fc
    .string({ unit: fc.constantFrom(..."ab.- ()[]{}!+@|^$?*\\\"',~#"), minLength: 1, maxLength: 6 })
    .filter((one) => one !== "." && one !== "..");
  test("whatever the folders are called, they are matched, and nothing else is", () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), name, (folders, other) => {
        const folder = `/${folders.join("/")}`;
        const made = globs("x/**/y?", {}, `${folder}/holdpoint.yaml`);
        const fits = picomatch([...made], { dot: true, flags: "s" });
        expect(fits(`${folder}/x/a\nb/yz`)).toBe(true);
        expect(fits(`${folder}/x/yz`)).toBe(true);
        expect(made.map(shownGlob)).toEqual([`${folder}/x/**/y?`]);
        if (other !== folders[0]) expect(fits(`/${[other, ...folders.slice(1)].join("/")}/x/yz`)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
