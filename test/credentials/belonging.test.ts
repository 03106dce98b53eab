import { expect, test } from "vitest";
import { belongingOf } from "../../src/credentials/belonging.js";
import { factsOf } from "../../src/credentials/reach.js";
import type { Sighting } from "../../src/credentials/sighting.js";
import type { Manifest } from "../../src/model/scope.js";
import { parseManifest } from "../../src/scope/manifest.js";

function manifest(yaml: string, values: Readonly<Record<string, string>> = {}): Manifest {
  const parsed = parseManifest(`version: 1\n${yaml}`, "/w/holdpoint.yaml", {
    home: "/home/dev",
    realpath: (path) => path,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  const { credentials } = parsed.manifest;
  return {
    ...parsed.manifest,
    credentials: credentials?.map((one) => ({ ...one, value: values[one.name] })),
  };
}

const environments = `environments:
  staging: { allow: [read, modify], hosts: ["*.staging.example.com"], files: ["config/staging/**"] }
  closed: { allow: [], databases: ["db.example.com:5432/shop"], aws: { accounts: ["609629065308"] } }
`;
const both = manifest(
  `${environments}credentials:\n  - { name: deploy, from: "env:DEPLOY_TOKEN", allow: [staging] }\n  - { name: none, from: "env:OTHER", allow: [] }\n`,
  { deploy: "the-deploy-token", none: "the-other-token" },
);

const secret = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0";

test.each<[string, Partial<Sighting>, readonly Manifest[], object]>([
  [
    "named by its value, wherever it lies",
    { value: "the-deploy-token" },
    [both],
    { environments: ["staging"], named: ["deploy"], isProduction: false },
  ],
  ["named by another form of it", { forms: ["the-deploy-token"] }, [both], { named: ["deploy"] }],
  [
    "named for nothing",
    { value: "the-other-token" },
    [both],
    { environments: [], named: ["none"], isProduction: false },
  ],
  ["by its file", { file: "/w/config/staging/.env" }, [both], { environments: ["staging"], named: [] }],
  [
    "by its host",
    { kind: "postgres", target: "postgres://app@x.staging.example.com/app" },
    [both],
    { environments: ["staging"] },
  ],
  [
    "where nothing is allowed it is production",
    { kind: "postgres", target: "postgres://app@db.example.com:5432/shop" },
    [both],
    { environments: ["closed"], isProduction: true },
  ],
  [
    "by the account of its key",
    { value: secret, key: "aws_secret_access_key", around: () => "AKIAY34FZKBOKMUTVV7A" },
    [both],
    { environments: ["closed"], isProduction: true },
  ],
  [
    "no guess where a manifest speaks",
    { file: "/w/config/staging/prod.env" },
    [both],
    { environments: ["staging"], isProduction: false, guess: undefined },
  ],
  [
    "a guess by the variable",
    { key: "PROD_TOKEN" },
    [both],
    { isProduction: true, guess: { environment: "production", from: "PROD_TOKEN" } },
  ],
  [
    "a guess by the file",
    { file: "/w/a/.env.staging" },
    [],
    { isProduction: false, guess: { environment: "staging", from: ".env.staging" } },
  ],
  [
    "a guess by a folder",
    { file: "/w/live/a/.env" },
    [],
    { isProduction: true, guess: { environment: "production", from: "live" } },
  ],
  [
    "the variable says more than the folder",
    { key: "STAGING_TOKEN", file: "/w/live/.env" },
    [],
    { guess: { environment: "staging", from: "STAGING_TOKEN" } },
  ],
  ["the folders above say nothing", { file: "/production/x/.env" }, [], { guess: undefined }],
  ["a word is a whole one", { key: "PRODUCT_TOKEN", file: "/w/delivery/.env" }, [], { guess: undefined }],
])("%s", (_, given, manifests, expected) => {
  const one: Sighting = {
    kind: "generic",
    key: undefined,
    value: "some-value",
    line: 1,
    file: "/w/x/.env",
    modified: 0,
    around: () => "",
    ...given,
  };
  const belonging = belongingOf([one], factsOf(one, 0), manifests, "/w");
  expect({ guess: undefined, ...belonging }).toMatchObject(expected);
});
