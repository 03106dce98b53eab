import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { destinationOf } from "../../../src/credentials/online/destination.js";
import { lookUp } from "../../../src/credentials/online/look-up.js";
import type { OnlineReach } from "../../../src/model/credential-audit.js";
import type { CredentialKind } from "../../../src/model/credential-kind.js";
import { closeAll, found, options, type Reply, type Seen, standIn } from "./stand-in.js";

afterEach(closeAll);

// One authority for all: the server's name, and a client that it vouches for.
const authority = await generate([{ name: "commonName", value: "test" }], {
  keyType: "ec",
  algorithm: "sha256",
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
  ],
  clientCertificate: true,
});
const base64 = (text: string) => Buffer.from(text).toString("base64");
const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6c2hvcDpjaSJ9.c2lnbmF0dXJl";

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}
const everybody: Rule = {
  verbs: ["create"],
  apiGroups: ["authorization.k8s.io"],
  resources: ["selfsubjectaccessreviews"],
};

function cluster(
  allowed: boolean,
  rules: readonly Rule[],
  isLetIn: (seen: Seen) => boolean,
  wantsCertificate = false,
) {
  return standIn(
    (seen): Reply | undefined => {
      if (!isLetIn(seen)) return { status: 401, body: { kind: "Status" } };
      if (seen.path === "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        return { status: 201, body: { status: { allowed } } };
      if (seen.path === "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
        return { status: 201, body: { status: { resourceRules: [everybody, ...rules], incomplete: false } } };
      return undefined;
    },
    {
      key: authority.private,
      cert: authority.cert,
      ca: authority.cert,
      requestCert: wantsCertificate,
      rejectUnauthorized: wantsCertificate,
    },
  );
}

const withToken = ({ headers }: Seen) => headers.authorization === `Bearer ${token}`;

interface Config {
  readonly user?: unknown;
  readonly cluster?: Readonly<Record<string, unknown>>;
}

function configFor(server: string, { user = { token }, cluster: more = {} }: Config = {}): string {
  const path = join(mkdtempSync(join(tmpdir(), "hp-online-")), "config");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "shop",
    clusters: [
      { name: "prod", cluster: { server, "certificate-authority-data": base64(authority.cert), ...more } },
    ],
    contexts: [
      { name: "other", context: { cluster: "gone", user: "ci" } },
      { name: "shop", context: { cluster: "prod", user: "ci", namespace: "shop" } },
    ],
    users: [
      { name: "someone", user: { exec: { command: "touch", args: ["ran"] } } },
      { name: "ci", user },
    ],
  };
  writeFileSync(path, stringify(config));
  return path;
}

const ask = (file: string, value = token) =>
  lookUp(found("kubernetes", value, { file, line: 20 }), options({}));

test.each<readonly [string, boolean, readonly Rule[], OnlineReach]>([
  [
    "everything",
    true,
    [],
    { kind: "alive", width: "account", words: "everything in cluster prod", account: "ci" },
  ],
  [
    "writes",
    false,
    [
      { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] },
      { verbs: ["create", "delete"], apiGroups: ["apps"], resources: ["deployments"] },
    ],
    {
      kind: "alive",
      width: "project",
      words: "namespace shop of cluster prod: create, delete deployments",
      account: "ci",
    },
  ],
  [
    "reads",
    false,
    [{ verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["pods", "secrets"] }],
    {
      kind: "alive",
      width: "read",
      words: "namespace shop of cluster prod: only reads pods, secrets, secrets too",
      account: "ci",
    },
  ],
  [
    "nothing",
    false,
    [],
    {
      kind: "alive",
      width: "read",
      words: "namespace shop of cluster prod: only reads nothing",
      account: "ci",
    },
  ],
])("a token that may do %s", async (_name, allowed, rules, expected) => {
  const server = await cluster(allowed, rules, withToken);
  expect(await ask(configFor(server.url))).toEqual(expected);
});

test("a client certificate", async () => {
  // Its TLS lets nobody in without one that its authority signed.
  const server = await cluster(true, [], ({ headers }) => headers.authorization === undefined, true);
  const user = {
    "client-certificate-data": base64(authority.clientcert ?? ""),
    "client-key-data": base64(authority.clientprivate ?? ""),
  };
  expect(await ask(configFor(server.url, { user }), user["client-key-data"])).toEqual({
    kind: "alive",
    width: "account",
    words: "everything in cluster prod",
    account: "ci",
  });
});

test("refused", async () => {
  const server = await cluster(true, [], () => false);
  expect(await ask(configFor(server.url))).toEqual({
    kind: "dead",
    words: "refused: revoked, expired or never real",
  });
});

test("a cluster that is somebody else gets nothing", async () => {
  const server = await cluster(true, [], withToken);
  const stranger = await generate([{ name: "commonName", value: "stranger" }], {
    keyType: "ec",
    algorithm: "sha256",
  });
  const file = configFor(server.url, { cluster: { "certificate-authority-data": base64(stranger.cert) } });
  expect(await ask(file)).toEqual({
    kind: "failed",
    words: "its certificate does not hold, so nothing was sent",
  });
  expect(server.seen).toEqual([]);
});

test.each<readonly [string, Config, string]>([
  [
    "skips the check",
    { cluster: { "insecure-skip-tls-verify": true } },
    "its kubeconfig does not check whom it talks to",
  ],
  [
    "a proxy",
    { cluster: { "proxy-url": "http://127.0.0.1:9" } },
    "its kubeconfig leads through a proxy, or nowhere",
  ],
  // A program that an agent can write down here is not run.
  [
    "a program",
    { user: { exec: { command: "touch" } } },
    "no user of a kubeconfig, or one that gets its credential elsewhere",
  ],
])("%s: not asked", async (_name, config, words) => {
  const server = await cluster(true, [], withToken);
  expect(await ask(configFor(server.url, config))).toEqual({ kind: "unasked", words });
  expect(server.seen).toEqual([]);
});

test("in the clear: not asked", async () => {
  expect(await ask(configFor("http://cluster.example.com:8080"))).toEqual({
    kind: "failed",
    words: "cluster.example.com:8080 is not asked: no https",
  });
});

afterAll(closeAll);

// Nobody writes to it: whoever opens it the plain way waits for ever.
test("an authority that is a pipe", async () => {
  const pipe = join(mkdtempSync(join(tmpdir(), "hp-online-")), "ca");
  execFileSync("mkfifo", [pipe]);
  const server = await cluster(true, [], withToken);
  const more = { "certificate-authority-data": undefined, "certificate-authority": pipe };
  const reach = await ask(configFor(server.url, { cluster: more }));
  expect(reach.kind).toBe("failed");
  expect(server.seen).toEqual([]);
});

test("where it would be sent is known before", async () => {
  const file = configFor("https://cluster.example.com:6443");
  const one = (kind: CredentialKind, value: string) => found(kind, value, { file, line: 20 });
  const env = { GITHUB_API_URL: "https://ghe.example.com/api/v3", AWS_REGION: "cn-north-1" };
  expect(await destinationOf(one("kubernetes", token), env)).toEqual({
    host: "cluster.example.com:6443",
    by: "file",
  });
  expect(await destinationOf(one("kubernetes", "other"), env)).toEqual(undefined);
  expect(await destinationOf(one("postgres", "postgres://a:b@db.example.com/shop"), env)).toEqual({
    host: "db.example.com",
    by: "file",
  });
  expect(await destinationOf(one("github-classic", "x"), env)).toEqual({
    host: "ghe.example.com",
    by: "variable",
  });
  expect(await destinationOf(one("github-classic", "x"), {})).toEqual({
    host: "api.github.com",
    by: "service",
  });
  expect(await destinationOf(one("aws-secret", "x"), env)).toEqual({
    host: "sts.cn-north-1.amazonaws.com.cn",
    by: "service",
  });
  expect(await destinationOf(one("generic", "x"), env)).toEqual(undefined);
});
