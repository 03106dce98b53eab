import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentCredentials } from "../../src/credentials/environment.js";
import { homeStores } from "../../src/credentials/home-stores.js";
import { kinds } from "../../src/credentials/kinds.js";
import { credentialKinds } from "../../src/model/credential-kind.js";
import { drawn, uuid } from "./drawn.js";

test("variables that hold credentials, by name, look and URL", () => {
  const github = `ghp_${drawn("gh", 36)}`;
  const found = environmentCredentials({
    RAILWAY_TOKEN: uuid("rail"),
    SOMETHING: github,
    DATABASE_URL: "postgres://app:Gr4nite%2FLake@db.acme.io/shop",
    PATH: "/usr/local/bin:/usr/bin",
    HOME: "/home/me",
    TOKEN_URL: "https://auth.acme.io/token",
    DB_PASSWORD: "changeme",
    EMPTY_TOKEN: "",
    SSH_AUTH_SOCK: "/tmp/ssh-abc/agent.1",
    GONE: undefined,
  });
  expect(found.map(({ kind, key, value, line }) => ({ kind, key, value, line }))).toEqual([
    { kind: "railway", key: "RAILWAY_TOKEN", value: uuid("rail"), line: 0 },
    { kind: "github-classic", key: "SOMETHING", value: github, line: 0 },
    { kind: "postgres", key: "DATABASE_URL", value: "Gr4nite/Lake", line: 0 },
  ]);
});

test("the stores of a home", () => {
  const files = homeStores("/home/me").map(({ file }) => file);
  for (const name of [
    ".aws/credentials",
    ".netrc",
    ".railway/config.json",
    ".kube/config",
    ".pgpass",
    ".config/gh/hosts.yml",
  ])
    expect(files).toContain(join("/home/me", name));
});

test("every kind has words that can stand in a sentence", () => {
  expect(Object.keys(kinds).sort()).toEqual([...credentialKinds].sort());
  expect(Object.values(kinds).filter(({ words, use }) => words === "" || /[.]$|^[A-Z]/.test(use))).toEqual(
    [],
  );
});
