import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { findAll } from "../../src/proposal/find.js";
import { environmentOf } from "../../src/proposal/finding.js";
import { proposalText } from "../../src/proposal/text.js";

// Planted files of each kind, and look-alikes beside them. Every secret value holds "hush": it must never come out.

const base = realpathSync(mkdtempSync(join(tmpdir(), "holdpoint-proposal-")));
const home = join(base, "home");
const git = "/usr/bin/git";
afterAll(() => rmSync(base, { recursive: true, force: true }));

function plant(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = name.startsWith("~/") ? join(home, name.slice(2)) : join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function propose(root: string, env: Readonly<Record<string, string>> = {}, ownHome = home): string {
  return proposalText(findAll({ root, home: ownHome, env }, git));
}

test.each([
  ["prod", "production"],
  ["shop-prod-eu", "production"],
  ["prodDb", "production"],
  ["prod2.example.com", "production"],
  ["live", "production"],
  ["stg-web", "staging"],
  ["pre_production", undefined],
  ["preprod", "staging"],
  ["dev", "development"],
  ["qa-1", "test"],
  ["product-catalog", undefined],
  ["delivery", undefined],
  ["olive.example.com", undefined],
  ["nonprod", undefined],
  ["non-prod", undefined],
  ["prod-staging", undefined],
  ["device", undefined],
  ["latest", undefined],
])("the name %s speaks of %s", (name, expected) => {
  expect(environmentOf(name)).toBe(expected);
});

describe("a folder with everything", () => {
  const root = join(base, "app");
  let text = "";
  let found: Record<string, never> & { readonly environments: Record<string, unknown> };

  beforeAll(() => {
    plant(root, {
      "~/.railway/config.json": JSON.stringify({
        user: { token: "hush-railway-token" },
        projects: {
          [root]: {
            projectPath: root,
            name: "shop",
            project: "11111111-aaaa",
            environment: "22222222-bbbb",
            environmentName: "production",
          },
          "/elsewhere": {
            name: "other",
            project: "99999999-zzzz",
            environment: "88888888-yyyy",
            environmentName: "staging",
          },
        },
      }),
      "~/.kube/config": `apiVersion: v1
users: [{name: me, user: {token: hush-kube-token}}]
contexts:
- {name: shop-staging, context: {cluster: a, user: me}}
- {name: "arn:aws:eks:eu-west-1:210987654321:cluster/prod", context: {cluster: b, user: me}}
- {name: minikube, context: {cluster: minikube, user: me}}
- {name: blue, context: {cluster: blue, user: me}}
`,
      "~/.aws/config": `[default]
region = eu-west-1
[profile staging]
sso_account_id = 123456789012
[profile prod-admin]
role_arn = arn:aws:iam::210987654321:role/admin
[profile main]
sso_account_id = 333333333333
[sso-session prod]
sso_start_url = https://x
`,
      "~/.aws/credentials":
        "[staging]\naws_access_key_id = AKIAHUSH\naws_secret_access_key = hush-aws-secret\n[old]\naws_secret_access_key = hush-old\n",
      "~/.ssh/config":
        "Host web-prod\n  HostName 10.0.0.1\nHost bastion\n  HostName bastion.staging.example.com\nHost github.com\n  User git\nHost *.internal !x\nHost plain\n",
      ".env":
        "DATABASE_URL=postgres://me:hush-pw@db.staging.example.com:5432/shop?sslmode=require\nexport STRIPE_SECRET_KEY='hush-stripe-key'\nREDIS_URL=redis://localhost:6379/0\nDEBUG=true\nTOKENIZERS_PARALLELISM=false\n# OLD_TOKEN=hush-old-token\n",
      ".env.production":
        'DATABASE_URL="mysql://root:hush%40pw@db.example.com/shop" # main\nAPI_TOKEN=hush-api-token-1\n',
      ".env.example":
        "API_TOKEN=hush-example-token\nDATABASE_URL=postgres://u:p@db.prod.example.com/example\n",
      ".envrc.txt": "API_TOKEN=hush-no-env-file\n",
      "odd/.env":
        "A_URL=postgres://me:12?hush@db.prod.example.com/app\nB_URL=postgres://me:hu/sh@w@h/app\nC_URL=mysql://hush:1/2@host/db\n",
      "docker-compose.yml": `services:
  db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: hush-compose}, ports: ["5432:5432"]}
  cache: {image: redis, ports: ["127.0.0.1:6380:6379"]}
  other: {image: mysql, ports: [{target: 3306, published: 3307}]}
  hidden: {image: postgres, ports: ["5432"]}
  web: {image: nginx, ports: ["80:80"]}
  page: {image: example/postgres-docs, ports: ["81:80"]}
`,
      "infra/prod/main.tf":
        'terraform {\n  backend "s3" {\n    bucket = "shop-tfstate"\n    key = "prod/state"\n    secret_key = "hush-tf-secret"\n  }\n}\n',
      "infra/docs.txt": 'backend "s3" {\n bucket = "no-terraform"\n}\n',
      "certs/server.key": "-----BEGIN PRIVATE KEY-----\nhush\n",
      "certs/both.pem": "-----BEGIN PRIVATE KEY-----\nhush\n",
      "certs/ca.pem": "-----BEGIN CERTIFICATE-----\nx\n",
      "certs/id_ed25519.pub": "ssh-ed25519 x\n",
      "node_modules/x/.env": "X_TOKEN=hush-installed\n",
      "src/keyboard.ts": "",
    });
    const run = (...args: string[]) =>
      execFileSync(git, args, { cwd: root, env: { HOME: home, PATH: "/usr/bin:/bin" } });
    run("init", "-q", "-b", "main");
    run("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "--allow-empty", "-m", "x");
    for (const branch of ["release/1.0", "feature/main", "maintenance"]) run("branch", branch);
    run("remote", "add", "origin", "https://me:hush-remote@git.example.com/shop.git");
    text = propose(root, {
      RAILWAY_TOKEN: "hush-set-now-1",
      PROD_DB_PASSWORD: "hush-set-now-2",
      SSH_AUTH_SOCK: "/run/agent",
      PATH: "/usr/bin:/bin",
      GIT_ASKPASS: "/usr/bin/askpass",
    });
    found = parse(text);
  });

  test("no secret's value, in any form", () => {
    expect(text.match(/.*(hush|AKIA|12\?|hu\/sh).*/gi)).toBe(null);
  });

  test("what names sort stands under its environment", () => {
    expect(found.environments).toEqual({
      production: {
        allow: [],
        railway: ["22222222-bbbb"],
        aws: { profiles: ["prod-admin", "main"], accounts: ["210987654321", "333333333333"] },
        kubernetes: { contexts: ["arn:aws:eks:eu-west-1:210987654321:cluster/prod"] },
        databases: ["db.example.com/shop"],
        ssh: ["web-prod"],
        ids: ["shop-tfstate"],
      },
      "protected-branches": { allow: ["read"], git: { branches: ["main", "release/*"] } },
      staging: {
        allow: ["read", "create", "modify", "send"],
        aws: { profiles: ["staging"], accounts: ["123456789012"] },
        kubernetes: { contexts: ["shop-staging"] },
        databases: ["db.staging.example.com:5432/shop"],
        ssh: ["bastion"],
      },
      development: { allow: ["read", "create", "modify", "send"], git: { remotes: ["origin"] } },
      local: {
        allow: ["read", "create", "modify", "delete", "execute", "send"],
        kubernetes: { contexts: ["minikube"] },
        databases: ["localhost:6379/0", "localhost:5432", "localhost:6380", "localhost:3307"],
      },
    });
  });

  test("what they do not sort is for the person", () => {
    const open = text.split("\n").filter((line) => /^ {2}# {3}[a-z]/.test(line));
    expect(open.map((line) => line.trim())).toEqual([
      '#   railway: ["11111111-aaaa"] # the whole project shop, with all its environments',
      '#   aws: {profiles: ["default"]} # ~/.aws/config',
      '#   aws: {profiles: ["old"]} # ~/.aws/credentials',
      '#   kubernetes: {contexts: ["blue"]} # ~/.kube/config',
      '#   ssh: ["plain"] # ~/.ssh/config',
    ]);
  });

  test("keys and production's settings are never touched", () => {
    expect(found["files"]).toEqual({
      never: [
        ".env.production",
        "certs/both.pem",
        "certs/server.key",
        "~/.ssh",
        "~/.aws",
        "~/.kube",
        "**/.env.production",
      ],
    });
  });

  test("credentials by where they stand", () => {
    expect(found["credentials"]).toEqual(
      [
        { name: "DATABASE_URL in .env", from: "file:.env#DATABASE_URL", allow: ["staging"] },
        {
          name: "API_TOKEN in .env.production",
          from: "file:.env.production#API_TOKEN",
          allow: ["production"],
        },
        {
          name: "DATABASE_URL in .env.production",
          from: "file:.env.production#DATABASE_URL",
          allow: ["production"],
        },
        { name: "PROD_DB_PASSWORD", from: "env:PROD_DB_PASSWORD", allow: ["production"] },
        { name: "AWS profile staging", from: "profile:staging", allow: ["staging"] },
        { name: "AWS profile prod-admin", from: "profile:prod-admin", allow: ["production"] },
        { name: "AWS profile main", from: "profile:main", allow: ["production"] },
      ].toSorted((a, b) => order(text, a.from) - order(text, b.from)),
    );
    expect(text).toContain('#   - {name: "RAILWAY_TOKEN", from: "env:RAILWAY_TOKEN", allow: []} # set now');
    expect(text).toContain("STRIPE_SECRET_KEY in .env");
    for (const absent of [
      "SSH_AUTH_SOCK",
      "GIT_ASKPASS",
      "TOKENIZERS",
      "OLD_TOKEN",
      "example",
      "node_modules/x",
      "99999999",
      "no-terraform",
      "github.com",
    ])
      expect(text.replaceAll("example.com", "")).not.toContain(absent);
  });

  test("each entry says where it comes from", () => {
    const entries = text.split("\n").filter((line) => /^ +- /.test(line));
    expect(entries.filter((line) => !/ # \S/.test(line))).toEqual([]);
  });
});

function order(text: string, part: string): number {
  return text.indexOf(part);
}

test("a folder with nothing gets a small manifest that teaches", () => {
  const root = join(base, "empty");
  mkdirSync(root);
  const text = propose(root, { PATH: "/usr/bin" }, join(base, "no-home"));
  expect(parse(text)).toEqual({
    version: 1,
    files: { never: ["~/.ssh", "~/.aws", "~/.kube", "**/.env.production"] },
  });
  expect(text.split("\n").length).toBeLessThan(40);
  expect(text).toContain('#     hosts: ["*.example.com"]');
});

test("one account behind two names belongs to neither", () => {
  const root = join(base, "shared");
  const own = join(base, "shared-home");
  mkdirSync(root);
  mkdirSync(join(own, ".aws"), { recursive: true });
  const section = (name: string): string => `[profile ${name}]\nsso_account_id = 123456789012\n`;
  writeFileSync(join(own, ".aws", "config"), section("prod") + section("staging"));
  const text = propose(root, {}, own);
  expect(parse(text).environments).toEqual({
    production: { allow: [], aws: { profiles: ["prod"] } },
    staging: { allow: ["read", "create", "modify", "send"], aws: { profiles: ["staging"] } },
  });
  expect(text).toContain('#   aws: {accounts: ["123456789012"]} #');
});

test("files that are none, hostile names, and a great many of them", () => {
  const root = join(base, "odd");
  const bad = join(base, "odd-home");
  mkdirSync(root);
  mkdirSync(join(bad, ".kube"), { recursive: true });
  mkdirSync(join(bad, ".railway"));
  writeFileSync(join(bad, ".railway", "config.json"), '{"projects": {"/a": 1');
  const names = [
    'x\\"\\n# evil',
    "a\\u0007b",
    "prod *",
    ...Array.from({ length: 100 }, (_, at) => `prod-${at}`),
  ];
  writeFileSync(
    join(bad, ".kube", "config"),
    `contexts: [${names.map((name) => `{name: "${name}"}`).join(", ")}]`,
  );
  writeFileSync(join(root, "compose.yaml"), "services: [");
  writeFileSync(
    join(root, "docker-compose.yml"),
    "services: {db\u2028: {image: postgres, ports: ['1:1']}}\n",
  );
  symlinkSync("/dev/zero", join(root, ".env"));
  symlinkSync("/", join(root, "everything"));
  const text = propose(root, {}, bad);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028]/);
  const { environments } = parse(text);
  expect(environments.production.kubernetes.contexts).toHaveLength(40);
  expect(text).toContain("# … and 60 more");
  expect(text).toContain("# Left out: ~/.railway/config.json could not be read");
});
